"""Checks that all contenders give the same verdicts, because a peer that accepts everything would be fast.

`python -m benchmarks` runs this first, and measures nothing if there is a difference. Structural peers must accept good
accounts, and reject the changes to single fields that DRF rejects; the handwritten check must agree with premigrate on
changed and on varied accounts.
"""

import copy
import json
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.accounts import account_texts
from benchmarks.accounts.generator import MARKETS
from benchmarks.payloads import AS_OF, REMOVED, SIX_ERRORS, account_with_six_errors, good_account, put
from benchmarks.peers import PEERS, by_hand
from benchmarks.peers.drf import build_response_body
from premigrate import Validator

FRAMEWORK = "DRF serializers"
INVALID: list[object] = [[], {"a": 1}, "x" * 600, "2025-13-01", REMOVED, None]
UNUSUAL: list[object] = [
    *INVALID, {}, ["a"], True, "", "  ", 5, -3, 1.5, "a\0b", "false", "123456789012.1", "1.23456789012",
    "+351912345678", "+4551123456", "test@example.pt", "a@b.pt", "the occupier", "XX", "2026-02-30",
]  # fmt: skip
MIN_REJECTED = 100
"""Minimum number of rejected changes for a meaningful comparison."""


def changed(account: Any, values: list[object]) -> Iterator[tuple[str, object, Any]]:
    """Yield each place, each value, and the account with this value at this place."""
    for place in places(account):
        for value in values:
            copied = copy.deepcopy(account)
            put(copied, place, value if value is REMOVED else copy.deepcopy(value))
            yield place, value, copied


def places(value: Any, before: str = "") -> Iterator[str]:
    """Yield the dotted place of everything in a value."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield f"{before}{key}"
        yield from places(item, f"{before}{key}.")


def varied(market: str, count: int, share_bad: float) -> Iterator[Any]:
    """Generate varied accounts of a market."""
    return map(json.loads, account_texts(count, 2, share_bad=share_bad, markets=(market,)))


def peers(market: str) -> Iterator[str]:
    """Yield the peers that reject a good account, or accept what DRF rejects."""
    accepts = {name: peer.build(market) for name, peer in PEERS.items()}
    for name, peer in accepts.items():
        if not all(map(peer, (good_account(market), *varied(market, 30, 0)))):
            yield f"{name} rejects a good account"
    changes = list(changed(good_account(market), INVALID))
    rejected = [change for change in changes if not accepts[FRAMEWORK](change[-1])]
    if not MIN_REJECTED < len(rejected) < len(changes) * 0.9:
        yield f"the framework rejects {len(rejected)} of {len(changes)} changes"
    for place, value, account in rejected:
        is_free_json = value is None and place.endswith("value")  # a documented limitation of some peers
        for name, peer in accepts.items():
            if not is_free_json and peer(account):
                yield f"{name} accepts {value!r} at {place}"


def handwritten_on_changes(market: str) -> Iterator[str]:
    """Yield the changes on which the handwritten check and premigrate differ."""
    check, validator = by_hand.build(market), Validator(market=market, as_of=AS_OF)
    if check is None:
        return
    rejected = 0
    for place, value, account in changed(good_account(market), UNUSUAL):
        try:
            is_accepted = check(account, AS_OF)
        except by_hand.Unhandled:
            if value != {"a": 1}:  # the check supports only the keys of the examples
                yield f"the handwritten check does not support {value!r} at {place}"
            continue
        rejected += not is_accepted
        if is_accepted is not validator.validate(account).ok:
            yield f"premigrate and the handwritten check differ for {value!r} at {place}"
    if rejected <= MIN_REJECTED:
        yield f"the handwritten check rejects only {rejected} changes"


def handwritten_on_varied(market: str) -> Iterator[str]:
    """Yield the generated accounts on which the handwritten check and premigrate differ."""
    check, validator = by_hand.build(market), Validator(market=market, as_of=AS_OF)
    if check is None:
        return
    for share_bad in (0.0, 1.0):
        for number, account in enumerate(varied(market, 150, share_bad)):
            if check(account, AS_OF) is not validator.validate(account).ok:
                yield f"premigrate and the handwritten check differ for account {number}, {share_bad:.0%} bad"


def six_errors(market: str) -> Iterator[str]:
    """Yield the differences between the responses of premigrate and DRF to errors in six objects."""
    if market not in SIX_ERRORS:
        return
    account = account_with_six_errors(market)
    ours = Validator(market=market, as_of=AS_OF).validate(account).response.body["errors"]
    if len({error["attr"].rpartition(".")[0] for error in ours}) != 6:
        yield "the errors are not in six different objects"
    if ours != build_response_body(market)(account)["errors"]:
        yield "the framework reports six errors differently"


def differences() -> Iterator[str]:
    """Yield all differences in all markets."""
    for market in MARKETS:
        for check in (peers, handwritten_on_changes, handwritten_on_varied, six_errors):
            yield from (f"{market}: {difference}" for difference in check(market))


def main() -> int:
    """Print the differences; return 1 if there are any."""
    exit_code = 0
    for difference in differences():
        print(difference, file=sys.stderr)
        exit_code = 1
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
