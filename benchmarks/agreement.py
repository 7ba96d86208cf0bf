"""Checks that all that is measured gives the same verdicts: a peer that accepts everything would be fast.

`python -m benchmarks` runs this first, and measures nothing if there is a difference. A peer that checks the structure
accepts good accounts, and refuses the changes to single fields that the framework refuses; the check by hand agrees
with premigrate on changed and on varied accounts.
"""

import copy
import json
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.accounts import texts
from benchmarks.accounts.making import MARKETS
from benchmarks.payloads import AS_OF, GONE, account_with_six_errors, good_account, put
from benchmarks.peers import PEERS, by_hand
from benchmarks.peers.drf import build_answer
from premigrate import Validator

FRAMEWORK = "DRF serializers"
WRONG: list[object] = [[], {"a": 1}, "x" * 600, "2025-13-01", GONE, None]
ODD: list[object] = [
    *WRONG, {}, ["a"], True, "", "  ", 5, -3, 1.5, "a\0b", "false", "123456789012.1", "1.23456789012", "+351912345678",
    "+4551123456", "test@example.pt", "a@b.pt", "the occupier", "XX", "2026-02-30",
]  # fmt: skip
FEWEST = 100
"""Changes that must be refused, or the comparison shows nothing."""


def changed(account: Any, values: list[object]) -> Iterator[tuple[str, object, Any]]:
    """Put each of the values at each place of an account."""
    for place in places(account):
        for value in values:
            made = copy.deepcopy(account)
            put(made, place, value if value is GONE else copy.deepcopy(value))
            yield place, value, made


def places(value: Any, before: str = "") -> Iterator[str]:
    """List the dotted places of all that is in a value."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield f"{before}{key}"
        yield from places(item, f"{before}{key}.")


def varied(market: str, count: int, share_bad: float) -> Iterator[Any]:
    """Make accounts of a market up."""
    return map(json.loads, texts(count, 2, share_bad=share_bad, markets=(market,)))


def peers(market: str) -> Iterator[str]:
    """Tell which peers refuse a good account, or accept what the framework refuses."""
    accepts = {name: peer.build(market) for name, peer in PEERS.items()}
    for name, peer in accepts.items():
        if not all(map(peer, (good_account(market), *varied(market, 30, 0)))):
            yield f"{name} refuses a good account"
    tried = list(changed(good_account(market), WRONG))
    refused = [change for change in tried if not accepts[FRAMEWORK](change[-1])]
    if not FEWEST < len(refused) < len(tried) * 0.9:
        yield f"the framework refuses {len(refused)} of {len(tried)} changes"
    for place, value, made in refused:
        is_free_json = value is None and place.endswith("value")  # what some peers lack, and say so
        for name, peer in accepts.items():
            if not is_free_json and peer(made):
                yield f"{name} accepts {value!r} at {place}"


def changes_by_hand(market: str) -> Iterator[str]:
    """Tell over which changes the check by hand and premigrate differ."""
    check, validator = by_hand.build(market), Validator(market=market, as_of=AS_OF)
    refused = 0
    for place, value, made in changed(good_account(market), ODD):
        try:
            is_accepted = check(made, AS_OF)
        except by_hand.Unhandled:
            if value != {"a": 1}:  # only a key that is not in the examples is none of its business
                yield f"the check by hand can't tell of {value!r} at {place}"
            continue
        refused += not is_accepted
        if is_accepted is not validator.validate(made).ok:
            yield f"premigrate and the check by hand differ over {value!r} at {place}"
    if refused <= FEWEST:
        yield f"the check by hand refuses only {refused} changes"


def varied_by_hand(market: str) -> Iterator[str]:
    """Tell over which accounts that are made up the check by hand and premigrate differ."""
    check, validator = by_hand.build(market), Validator(market=market, as_of=AS_OF)
    for share_bad in (0.0, 1.0):
        for number, account in enumerate(varied(market, 150, share_bad)):
            if check(account, AS_OF) is not validator.validate(account).ok:
                yield f"premigrate and the check by hand differ over account {number} of those with {share_bad:.0%} bad"


def six_errors(market: str) -> Iterator[str]:
    """Tell whether premigrate and the framework differ in an answer with errors in six objects."""
    account = account_with_six_errors(market)
    ours = Validator(market=market, as_of=AS_OF).validate(account).response.body["errors"]
    if len({error["attr"].rpartition(".")[0] for error in ours}) != 6:
        yield "the errors are not each in an object of its own"
    if ours != build_answer(market)(account)["errors"]:
        yield "the framework answers six errors in another way"


def differences() -> Iterator[str]:
    """Tell all differences in all markets."""
    for market in MARKETS:
        for check in (peers, changes_by_hand, varied_by_hand, six_errors):
            yield from (f"{market}: {difference}" for difference in check(market))


def main() -> int:
    """Print the differences; 1 if there are any."""
    found = 0
    for difference in differences():
        print(difference, file=sys.stderr)
        found = 1
    return found


if __name__ == "__main__":
    sys.exit(main())
