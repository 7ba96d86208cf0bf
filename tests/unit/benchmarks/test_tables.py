"""Tables show each target and whether it is met."""

import pytest
from benchmarks.tables import Target, format_number, table
from benchmarks.timing import Times


@pytest.mark.parametrize(
    ("target", "ratio", "verdict"),
    [
        (Target(60, 150), 59.9, "MISSED"),
        (Target(60, 150), 60, "holds"),
        (Target(60, 150), 150, "goal"),
        (Target(3, 1.5, at_most=True), 3.1, "MISSED"),
        (Target(3, 1.5, at_most=True), 3, "holds"),
        (Target(3, 1.5, at_most=True), 1.5, "goal"),
    ],
)
def test_verdicts_of_targets(target: Target, ratio: float, verdict: str) -> None:
    assert target.cells(ratio)[-1] == verdict


def test_columns_are_aligned() -> None:
    assert table(("a", "bbb"), [("cccc", "d")]).splitlines() == ["| a    | bbb |", "| ---- | --: |", "| cccc |   d |"]


def test_format_number() -> None:
    assert [format_number(number) for number in (12345.6, 123.4, 12.34, 0.01234)] == ["12,346", "123", "12.3", "0.0123"]


def test_ratio_compares_process_by_process() -> None:
    slow, quick = Times([10, 40, 90]), Times([1, 2, 3])
    assert slow.ratio_to(quick) == 20
    assert (slow.median, slow.spread, slow.per_item(10).median) == (40, "10.0-90.0", 4)
