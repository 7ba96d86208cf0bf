"""Measures the whole verdict on an account, from a dict, beside peers that check its structure only.

premigrate checks structure and every rule, and gives advice; the check by hand the same structure and rules, and tells
only yes or no. All get the same bare account: the example payload of a market.
"""

import sys

import premigrate
from benchmarks.measuring import EFFORTS, FULL, Contenders, Effort, Times, side_by_side
from benchmarks.payloads import AS_OF, good_account
from benchmarks.peers import PEERS
from benchmarks.peers.by_hand import build
from benchmarks.tables import NO_TARGET, Target, figure, table

OURS, BY_HAND = "premigrate", "by hand"
HEAD = ("contender", "microseconds", "lowest-highest", "ratio", "at least", "goal", "says")
TARGETS = {
    "DRF serializers": {"dk": Target(60, 150), "pt": Target(60, 150)},
    "jsonschema": {"dk": Target(12, 40), "pt": Target(12, 25)},
    "pydantic BaseModel": {"dk": Target(0.6, 1.5), "pt": Target(0.6, 1.0)},
}
TARGET_BY_HAND = Target(3, 1.5, at_most=True)


def contenders(market: str) -> Contenders:
    """Make what is measured for a market; all of them accept the example."""
    account = good_account(market)
    validate = premigrate.Validator(market=market, as_of=AS_OF).validate
    by_hand = build(market)
    checks = {name: peer.build(market) for name, peer in PEERS.items()}
    assert validate(account).ok
    assert by_hand(account, AS_OF)
    assert all(accepts(account) for accepts in checks.values())
    others = {name: lambda accepts=accepts: accepts(account) for name, accepts in checks.items()}
    return {OURS: lambda: validate(account).ok, BY_HAND: lambda: by_hand(account, AS_OF), **others}


def rows(market: str, times: dict[str, Times]) -> list[tuple[str, ...]]:
    """Set the times of a market side by side: peers over ours, and ours over the check by hand."""
    ours, hand = times[OURS], times[BY_HAND]
    told: list[tuple[str, ...]] = [(OURS, figure(ours.median), ours.spread, "", *NO_TARGET)]
    ratio = ours.over(hand)
    told.append((BY_HAND, figure(hand.median), hand.spread, f"ours is {figure(ratio)} x", *TARGET_BY_HAND.cells(ratio)))
    for name in PEERS:
        ratio = times[name].over(ours)
        target = TARGETS.get(name, {}).get(market)
        cells = target.cells(ratio) if target else NO_TARGET
        told.append((name, figure(times[name].median), times[name].spread, f"{figure(ratio)} x ours", *cells))
    return told


def main(effort: Effort = FULL) -> None:
    """Print a table for each market, and what peers don't check."""
    print("## Engine\n\nThe whole verdict on the example account of each market, from a dict; CPU time an account.")
    for market in premigrate.markets():
        times = side_by_side("benchmarks.engine", [market], effort)
        print(f"\n{market}:\n\n{table(HEAD, rows(market, times))}")
    print("\nWhat peers don't check, or read in their own way:\n")
    print("\n".join(f"- {name}: {peer.lacks}" for name, peer in PEERS.items()))


if __name__ == "__main__":
    main(EFFORTS[sys.argv[1] if sys.argv[1:] else "full"])
