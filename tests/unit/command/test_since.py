"""The comparison with an earlier report, against a comparison of plain lists."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.command.since import EarlierReport
from premigrate.exceptions import BadArgument
from premigrate.report.findings import MAX_KINDS, Finding
from premigrate.report.json_output import JsonOutput
from premigrate.report.run import AccountReport
from tests.reports import account, finding, write

KEYS = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["x.0", "x.1", "y"]))
RUNS = st.dictionaries(st.integers(0, 5), st.lists(KEYS, max_size=5), max_size=5)


def accounts_of(run: dict[int, list[tuple[str, str]]]) -> list[AccountReport]:
    return [
        account(*[finding(code, attr) for code, attr in keys], index=number, count=9, reference=f"R-{number}")
        for number, keys in run.items()
    ]


def report_of(accounts: list[AccountReport], path: Path, *, interrupted: bool = False) -> EarlierReport:
    path.write_text(write(JsonOutput(), accounts, interrupted=interrupted), "utf-8")
    return EarlierReport(str(path))


def are_new(
    earlier: EarlierReport, *findings: Finding, index: int = 0, reference: str = "R", supplier: str = ""
) -> list[bool | None]:
    compared = account(*findings, index=index, count=9, reference=reference)
    compared.supplier = supplier
    return [each.is_new for each in earlier.compare(compared).findings]


@given(RUNS, RUNS)
def test_counts_are_those_of_lists(
    tmp_path_factory: pytest.TempPathFactory,
    old: dict[int, list[tuple[str, str]]],
    new: dict[int, list[tuple[str, str]]],
) -> None:
    earlier = report_of(accounts_of(old), tmp_path_factory.getbasetemp() / "old.json")
    marks = [each.is_new for report in accounts_of(new) for each in earlier.compare(report).findings]
    before, after = (Counter((n, *key) for n, keys in run.items() for key in keys) for run in (old, new))
    found = earlier.result()
    missing = before - after
    assert found.new == sum((after - before).values()) == marks.count(True)
    assert found.left == sum((after & before).values()) == marks.count(False)
    assert found.gone == sum(count for (number, *_), count in missing.items() if number in new)
    assert found.not_checked == sum(count for (number, *_), count in missing.items() if number not in new)
    sums = [sum(column) for column in zip(*found.kinds.values(), strict=True)] or [0, 0, 0]
    assert sums == [found.new, found.gone, found.left]


def test_accounts_are_known_by_supplier_and_number_or_by_place(tmp_path: Path) -> None:
    old = [
        account(finding("a", "x"), index=3, count=9, reference="R"),
        account(finding("a", "x"), index=4, count=9, reference=""),
    ]
    earlier = report_of(old, tmp_path / "old.json")
    a = finding("a", "x")
    assert are_new(earlier, a, index=8) == [False], "it may move within the file"
    assert are_new(earlier, a, index=4, reference="") == [False]
    earlier = report_of(old, tmp_path / "old.json")
    assert are_new(earlier, a, index=5, reference="") == [True]
    assert are_new(earlier, a, index=3, supplier="OTHER") == [True]


def test_kinds_are_patterns_with_the_level_of_this_run(tmp_path: Path) -> None:
    old = account(finding("a", "x.0", level="follow-on"), finding("b", "x.7"), reference="R", count=9)
    earlier = report_of([old], tmp_path / "old.json")
    assert are_new(earlier, finding("a", "x.0"), finding("a", "x.1")) == [False, True]
    assert earlier.result().kinds == {("error", "a", "x.*"): (1, 0, 1), ("error", "b", "x.*"): (0, 1, 0)}


def test_number_of_kinds_is_limited(tmp_path: Path) -> None:
    findings = [finding("a", f"k{n}") for n in range(MAX_KINDS + 50)]
    earlier = report_of([account(*findings, reference="R")], tmp_path / "old.json")
    are_new(earlier)
    found = earlier.result()
    assert found.gone == MAX_KINDS + 50
    assert found.kinds["error", "a", "..."].gone == 50


@pytest.mark.parametrize("interrupted", [True, False])
def test_interrupted_runs_are_known(tmp_path: Path, interrupted: bool) -> None:
    assert report_of([], tmp_path / "old.json", interrupted=interrupted).is_complete is not interrupted


def test_odd_texts_can_be_compared(tmp_path: Path) -> None:
    odd = finding("a", "\ud800\0\u2028")
    earlier = report_of([account(odd, reference="\udfff", count=9)], tmp_path / "old.json")
    assert are_new(earlier, odd, reference="\udfff") == [False]


REPORT = write(JsonOutput(), [account(finding())])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "not JSON",
        json.dumps(json.loads(REPORT)),
        json.dumps(json.loads(REPORT), indent=2),
        REPORT[: len(REPORT) // 2],
        "\n".join(REPORT.splitlines()[:-1]),
        REPORT.replace('"index"', '"position"'),
        '{"premigrate": "1", "as_of": "2026-01-31", "statistics": [\n], "summary": {"complete": true}}\n',
        "\x00",
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "old.json").write_text(text, "utf-8")
    with pytest.raises(BadArgument, match=r"old\.json: not a JSON report of premigrate; write one with --output"):
        EarlierReport(str(tmp_path / "old.json"))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe")
    with pytest.raises(BadArgument, match="not a JSON report"):
        EarlierReport(str(tmp_path / "latin.json"))
    for path, reason in ((tmp_path / "none.json", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(BadArgument, match=f"cannot be read: {reason}"):
            EarlierReport(str(path))
