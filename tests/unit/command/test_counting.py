"""Findings that nobody sees one by one are counted as if they had been looked at."""

from collections import Counter

from premigrate.command.counting import Shown, Unseen
from premigrate.report.findings import Kind
from premigrate.results import Advice, Error

COMMON = tuple(Advice("d", code, f"supply_points.{n}.x", "r", ("supply_points", n, "x")) for n, code in enumerate("ab"))
KINDS: list[Kind] = [("advice", code, "supply_points.*.x") for code in "ab"]


def test_nothing_is_counted_that_somebody_sees() -> None:
    assert not Unseen(Shown(1, None)).take(COMMON)
    shown = Shown(None, 1)
    unseen = Unseen(shown)
    assert not unseen.take(COMMON)
    shown.count(KINDS[:1])
    assert not unseen.take(COMMON), "one kind of two is still to be seen"
    assert unseen.settle().accounts == 0


def test_advice_that_many_accounts_have_is_counted_together() -> None:
    shown = Shown(1, 1)
    shown.count(KINDS)
    unseen = Unseen(shown)
    error = Error("d", "code", "x", "r", ("x",))
    assert all(unseen.take(COMMON) for _ in range(5))
    assert not unseen.take(COMMON, (error,)), "nobody has seen that error"
    tally = unseen.settle()
    assert (tally.accounts, tally.advice, tally.errors, tally.refused) == (5, 10, 0, 0)
    assert tally.kinds == Counter(dict.fromkeys(KINDS, 5))
    assert unseen.settle().accounts == 0, "nothing is counted twice"
    equal = tuple(advice._replace() for advice in COMMON)
    assert unseen.take(equal)
    assert unseen.settle().kinds == Counter(KINDS)


def test_accounts_without_findings_are_counted_whatever_is_to_be_seen() -> None:
    unseen = Unseen(Shown(None, None))
    assert unseen.take(())
    assert not unseen.take((), (Error("d", "code", "x", "r", ("x",)),))
    tally = unseen.settle()
    assert (tally.accounts, tally.refused, tally.advice) == (1, 0, 0)


def test_errors_are_all_shown_where_only_advice_has_a_limit() -> None:
    shown = Shown(None, 0)
    unseen = Unseen(shown)
    error = Error("d", "code", "x", "r", ("x",))
    shown.count([*KINDS, ("error", "code", "x")])
    assert shown.has(("error", "code", "x"))
    assert shown.has(("next", "code", "x"))
    assert not unseen.take(COMMON, (error,))
    assert unseen.take(COMMON)
