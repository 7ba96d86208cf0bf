"""Measures the verdict of a warmed-up validator on an account given as a dict, beside peers that check structure only.

premigrate checks structure and every rule, and gives advice; the handwritten check covers the same structure and rules,
and returns only a boolean. All get the same bare accounts: the example of a market, and varied ones.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import premigrate
from benchmarks.accounts import account_texts
from benchmarks.accounts.generator import MARKETS
from benchmarks.options import Effort, read_effort
from benchmarks.payloads import AS_OF, good_account
from benchmarks.peers import PEERS
from benchmarks.peers.by_hand import build
from benchmarks.tables import NO_TARGET, format_number, table, target_cells
from benchmarks.targets import target_of
from benchmarks.timing import Contenders, Times, measure_in_processes

OURS, BY_HAND = "premigrate", "by hand"
HEAD = ("contender", "microseconds", "lowest-highest", "ratio", "at least", "goal", "result")
EXAMPLE, VARIED, BAD = "example", 20, f"{OURS}, all bad"
WARM_UP_RUNS = 50
"""Number of checks of all accounts before the measurement, so that first-time costs are excluded."""


def contenders(market: str, kind: str) -> Contenders:
    """Return the contenders for a market, after asserting that each accepts all accounts of the kind."""
    accounts = [good_account(market)] if kind == EXAMPLE else _varied(market)
    validate, hand = premigrate.Validator(market=market, as_of=AS_OF).validate, build(market)
    checks: dict[str, Callable[[Any], bool]] = {OURS: lambda account: validate(account).ok}
    if hand is not None:
        checks[BY_HAND] = lambda account: hand(account, AS_OF)
    checks |= {name: peer.build(market) for name, peer in PEERS.items()}
    for name, accepts in checks.items():
        for _ in range(WARM_UP_RUNS):
            assert all(map(accepts, accounts)), name
    tasks = {name: _task(accepts, accounts) for name, accepts in checks.items()}
    if kind != EXAMPLE:
        tasks[BAD] = _task(checks[OURS], _varied(market, share_bad=1))
    return tasks


def _varied(market: str, *, share_bad: float = 0) -> list[Any]:
    return [json.loads(text) for text in account_texts(VARIED, 1, share_bad=share_bad, markets=(market,))]


def _task(accepts: Callable[[Any], bool], accounts: list[Any]) -> Callable[[], object]:
    if len(accounts) == 1:
        return partial(accepts, *accounts)
    return lambda: [accepts(account) for account in accounts]


def rows(times: Mapping[str, Times]) -> list[tuple[str, ...]]:
    """Return a table row for each contender: times, ratios and targets."""
    ours = times[OURS]
    lines: list[tuple[str, ...]] = [(OURS, format_number(ours.median), ours.spread, "", *NO_TARGET)]
    if hand := times.get(BY_HAND):
        ours_to_hand = f"ours is {format_number(ours.ratio_to(hand))} x"
        lines.append((BY_HAND, format_number(hand.median), hand.spread, ours_to_hand, *NO_TARGET))
    for name in PEERS:
        ratio = times[name].ratio_to(ours)
        cells = target_cells(target_of(name), ratio)
        lines.append(
            (name, format_number(times[name].median), times[name].spread, f"{format_number(ratio)} x ours", *cells)
        )
    if BAD in times:
        ratio = times[BAD].ratio_to(ours)
        cells = target_cells(target_of("all bad"), ratio)
        lines.append(
            (BAD, format_number(times[BAD].median), times[BAD].spread, f"{format_number(ratio)} x good", *cells)
        )
    return lines


def main(effort: Effort) -> None:
    """Print two tables for each market, and the limitations of the peers."""
    print("## Engine\n\nThe check of a good account that is already a dict; CPU time for each account.")
    print("premigrate checks the structure and every rule, and gives advice. The handwritten check (by hand) does the")
    print("same without advice. The other tools check the structure only.")
    for market in premigrate.markets():
        times = measure_in_processes("benchmarks.engine", [market, EXAMPLE], effort)
        print(f"\nThe example account of {market}:\n\n{table(HEAD, rows(times))}")
        if market not in MARKETS:
            continue  # no module generates varied accounts
        times = measure_in_processes("benchmarks.engine", [market, "varied"], effort)
        shared = {name: each.per_item(VARIED) for name, each in times.items()}
        print(f"\n{VARIED} varied accounts of {market}:\n")
        print(table(HEAD, rows(shared)))
    print("\nWhat the other tools do not check, or read differently:\n")
    print("\n".join(f"- {name}: {peer.limitations}" for name, peer in PEERS.items()))


if __name__ == "__main__":
    main(read_effort(__doc__))
