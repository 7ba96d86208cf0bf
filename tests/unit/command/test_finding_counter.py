"""Findings that nobody sees one by one are counted as if they had been looked at."""

from collections import Counter

from premigrate.command.finding_counter import FindingCounter, LocationLimits
from premigrate.report.findings import FindingKind
from premigrate.results import Advice, Error

COMMON = tuple(Advice("d", code, f"supply_points.{n}.x", "r", ("supply_points", n, "x")) for n, code in enumerate("ab"))
KINDS: list[FindingKind] = [("advice", code, "supply_points.*.x") for code in "ab"]


def test_nothing_is_counted_that_somebody_sees() -> None:
    assert not FindingCounter(LocationLimits(1, None)).try_count(COMMON)
    shown = LocationLimits(None, 1)
    unseen = FindingCounter(shown)
    assert not unseen.try_count(COMMON)
    shown.count(KINDS[:1])
    assert not unseen.try_count(COMMON), "one kind of two is still to be seen"
    assert unseen.pop_tally().accounts == 0


def test_advice_that_many_accounts_have_is_counted_together() -> None:
    shown = LocationLimits(1, 1)
    shown.count(KINDS)
    unseen = FindingCounter(shown)
    error = Error("d", "code", "x", "r", ("x",))
    assert all(unseen.try_count(COMMON) for _ in range(5))
    assert not unseen.try_count(COMMON, (error,)), "nobody has seen that error"
    tally = unseen.pop_tally()
    assert (tally.accounts, tally.advice, tally.errors, tally.refused) == (5, 10, 0, 0)
    assert tally.kinds == Counter(dict.fromkeys(KINDS, 5))
    assert unseen.pop_tally().accounts == 0, "nothing is counted twice"
    equal = tuple(advice._replace() for advice in COMMON)
    assert unseen.try_count(equal)
    assert unseen.pop_tally().kinds == Counter(KINDS)


def test_accounts_without_findings_are_counted_whatever_is_to_be_seen() -> None:
    unseen = FindingCounter(LocationLimits(None, None))
    assert unseen.try_count(())
    assert not unseen.try_count((), (Error("d", "code", "x", "r", ("x",)),))
    tally = unseen.pop_tally()
    assert (tally.accounts, tally.refused, tally.advice) == (1, 0, 0)


def test_errors_are_all_shown_where_only_advice_has_a_limit() -> None:
    shown = LocationLimits(None, 0)
    unseen = FindingCounter(shown)
    error = Error("d", "code", "x", "r", ("x",))
    shown.count([*KINDS, ("error", "code", "x")])
    assert shown.allows(("error", "code", "x"))
    assert shown.allows(("follow-on", "code", "x"))
    assert not unseen.try_count(COMMON, (error,))
    assert unseen.try_count(COMMON)
