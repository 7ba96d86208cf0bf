"""Findings that nobody sees one by one are counted as if they had been looked at."""

from collections import Counter

from premigrate.cli.counting import Unseen
from premigrate.errors import Advice, Error, Response, Result

COMMON = tuple(Advice("d", code, f"supply_points.{n}.x", "r", ("supply_points", n, "x")) for n, code in enumerate("ab"))
KINDS = [("advice", code, "supply_points.*.x") for code in "ab"]


def result(*advice: Advice, errors: tuple[Error, ...] = ()) -> Result:
    return Result(errors, advice, (), Response(200, {}))


def test_nothing_is_counted_that_somebody_sees() -> None:
    told: Counter[tuple[str, str, str]] = Counter()
    assert not Unseen(told, None).take(result(*COMMON))  # type: ignore[arg-type]
    unseen = Unseen(told, 1)  # type: ignore[arg-type]
    assert not unseen.take(result(*COMMON))
    told.update(KINDS[:1])
    assert not unseen.take(result(*COMMON)), "one kind of two is still to be seen"
    assert unseen.settle().accounts == 0


def test_advice_that_many_accounts_have_is_counted_together() -> None:
    unseen = Unseen(Counter(KINDS), 1)  # type: ignore[arg-type]
    error = Error("d", "code", "x", "r", ("x",))
    assert all(unseen.take(result(*COMMON)) for _ in range(5))
    assert not unseen.take(result(*COMMON, errors=(error,))), "nobody has seen that error"
    tally = unseen.settle()
    assert (tally.accounts, tally.advice, tally.errors, tally.refused) == (5, 10, 0, 0)
    assert tally.kinds == Counter(dict.fromkeys(KINDS, 5))
    assert unseen.settle().accounts == 0, "nothing is counted twice"
    equal = tuple(advice._replace() for advice in COMMON)
    assert unseen.take(result(*equal))
    assert unseen.settle().kinds == Counter(KINDS)
