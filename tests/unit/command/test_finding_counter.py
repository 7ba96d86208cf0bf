"""Findings that no sink displays one by one are counted in bulk, with the same totals."""

from collections import Counter

from premigrate.command.finding_counter import FindingCounter, LocationLimits
from premigrate.report.findings import FindingKind
from premigrate.results import Advice, Error

COMMON = tuple(Advice("d", code, f"supply_points.{n}.x", "r", ("supply_points", n, "x")) for n, code in enumerate("ab"))
KINDS: list[FindingKind] = [("advice", code, "supply_points.*.x") for code in "ab"]


def test_displayed_findings_are_not_counted() -> None:
    assert not FindingCounter(LocationLimits(1, None)).try_count(COMMON)
    limits = LocationLimits(None, 1)
    counter = FindingCounter(limits)
    assert not counter.try_count(COMMON)
    limits.count(KINDS[:1])
    assert not counter.try_count(COMMON), "one of the two kinds is still displayed"
    assert counter.pop_tally().accounts == 0


def test_common_advice_is_counted_in_bulk() -> None:
    limits = LocationLimits(1, 1)
    limits.count(KINDS)
    counter = FindingCounter(limits)
    error = Error("d", "code", "x", "r", ("x",))
    assert all(counter.try_count(COMMON) for _ in range(5))
    assert not counter.try_count(COMMON, (error,)), "that error was not displayed yet"
    tally = counter.pop_tally()
    assert (tally.accounts, tally.advice, tally.errors, tally.refused) == (5, 10, 0, 0)
    assert tally.kinds == Counter(dict.fromkeys(KINDS, 5))
    assert counter.pop_tally().accounts == 0, "nothing is counted twice"


def test_accounts_are_counted_once_for_each_kind() -> None:
    limits = LocationLimits(1, 1)
    limits.count(KINDS)
    counter = FindingCounter(limits)
    assert counter.try_count((*COMMON, *COMMON))
    assert counter.try_count(COMMON[:1])
    tally = counter.pop_tally()
    assert tally.kinds == Counter({KINDS[0]: 3, KINDS[1]: 2})
    assert tally.accounts_by_kind == Counter({KINDS[0]: 2, KINDS[1]: 1})


def test_accounts_without_findings_are_always_counted() -> None:
    counter = FindingCounter(LocationLimits(None, None))
    assert counter.try_count(())
    assert not counter.try_count((), (Error("d", "code", "x", "r", ("x",)),))
    tally = counter.pop_tally()
    assert (tally.accounts, tally.refused, tally.advice) == (1, 0, 0)


def test_limit_of_advice_does_not_apply_to_errors() -> None:
    limits = LocationLimits(None, 0)
    counter = FindingCounter(limits)
    error = Error("d", "code", "x", "r", ("x",))
    limits.count([*KINDS, ("error", "code", "x")])
    assert limits.allows(("error", "code", "x"))
    assert limits.allows(("follow-on", "code", "x"))
    assert not counter.try_count(COMMON, (error,))
    assert counter.try_count(COMMON)
