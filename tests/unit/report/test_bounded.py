"""What outputs keep of a run is bounded in number and length, whatever keys payloads have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from premigrate.report.findings import MAX_KINDS, Finding, FindingKind, kind_to_count, pattern_of
from premigrate.report.html_data import FindingTable
from premigrate.report.outputs import make_output
from premigrate.report.run import AccountReport, UnreadableInput
from premigrate.report.spool import Spool, SpooledTexts
from tests.reports import account, finding, write

LONG = "k" * 1_000_000


def unknown_field(key: str) -> Finding:
    detail = f"The API does not know the field {key}."
    return finding("unknown_field", key, detail=detail, level="advice", rule="unknown-field", excerpt=None)


def many(count: int, tail: str = "") -> Iterator[AccountReport]:
    """Return accounts with unknown keys that are all different."""
    return (
        account(unknown_field(f"k{number}{tail}"), unknown_field(f"other.{number}k{tail}"), index=number)
        for number in range(count)
    )


def test_kinds_are_counted_separately_up_to_a_limit() -> None:
    counted: dict[FindingKind, int] = {}
    level: Literal["advice"] = "advice"
    for number in range(MAX_KINDS + 5):
        counted.setdefault(kind_to_count((level, "unknown_field", f"k{number}"), counted), number)
    assert len(counted) == MAX_KINDS + 1
    assert kind_to_count((level, "unknown_field", "k7"), counted) == (level, "unknown_field", "k7")
    assert kind_to_count((level, "unknown_field", "k"), counted) == (level, "unknown_field", "...")
    assert kind_to_count(("error", "invalid", "k"), counted) == ("error", "invalid", "...")


@pytest.mark.parametrize(
    ("attr", "pattern"),
    [
        ("customers.0.mobile", "customers.*.mobile"),
        ("k" * 200, "k" * 200),
        ("k" * 201, "k" * 200 + "..."),
        ("customers.0." + LONG, "customers.*." + "k" * 188 + "..."),
    ],
)
def test_patterns_are_truncated(attr: str, pattern: str) -> None:
    assert pattern_of(attr) == pattern


def test_text_of_many_kinds() -> None:
    text = write(make_output("text"), many(600))
    assert "    197 advice    unknown_field at ...\n" not in text
    shown = sum(" at k" in line or " at other." in line for line in text.splitlines() if line.startswith("  unknown"))
    assert shown == MAX_KINDS + 3  # one finding of each kind, and three of the merged rest
    assert "197 findings not shown" in text
    assert "    200 advice    unknown_field at ...\n" in text
    few = write(make_output("text"), many(400))
    assert "..." not in few
    assert few.count("  unknown_field at") == 800


def test_text_merges_kinds_that_were_counted_in_bulk() -> None:
    output: Any = make_output("text")
    kinds = {("advice", "unknown_field", f"k{number}"): 5 for number in range(MAX_KINDS + 50)}
    text = write(output, many(2), kinds=kinds)
    assert "    260 advice    unknown_field at ...\n" in text


def test_annotations_of_many_kinds() -> None:
    text = write(make_output("github"), many(600, LONG[:3000]))
    (summary,) = [line for line in text.splitlines() if "not shown" in line]
    assert "findings of" in summary
    (other,) = [line for line in text.splitlines() if "200 of this kind in 100 accounts" in line]
    assert other.startswith("::notice ")
    assert len(other) < 5000


def test_annotations_of_unreadable_inputs() -> None:
    problems = [UnreadableInput("a.ndjson", number, 1, "not JSON") for number in range(1, 31)]
    output: Any = make_output("github")
    text = write(output, [], problems)
    assert len(output._unreadable) == 10
    assert text.count("premigrate%3A unreadable") == 9
    assert "21 more unreadable inputs" in text


def test_page_lists_a_bounded_amount_of_text() -> None:
    rows = FindingTable(50_000)
    for each in many(10_000, LONG[:1900]):
        rows.add(each)
    assert rows.total == 20_000
    assert 2_000 < len(rows.columns["kind"]) < 8_000
    assert rows.texts.size < 12_010_000
    assert len(rows.kinds) == MAX_KINDS + 1
    assert sum(count for *_, count, _ in rows.kinds) == rows.total
    assert len({len(column) for column in rows.columns.values()}) == 1
    rows = FindingTable(50_000)
    rows.add(account(unknown_field(LONG)))
    assert max(map(len, rows.texts)) < 2_100


@pytest.mark.parametrize("text", ["plain\n", "æ\U0001f600\n", "\ud800\n"])
def test_spool_round_trip(text: str) -> None:
    spool = Spool()
    rows = [SpooledTexts(spool) for _ in range(3)]
    expected: list[list[str]] = [[], [], []]
    for number in range(150_000):
        row_index = 0 if number < 75_000 else number % 3
        rows[row_index].append(f"{number}{text}")
        expected[row_index].append(f"{number}{text}")
    assert spool._written
    for row, texts in zip(rows, expected, strict=True):
        assert len(row) == len(texts)
        assert "".join(row.read()) == "".join(row.read()) == "".join(texts)
    rows[0].append("one more")
    assert "".join(rows[0].read()).endswith("one more")


def test_spool_without_a_temporary_folder_stays_in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    row = SpooledTexts(Spool())
    for number in range(300_000):
        row.append(f"{number}\n")
    assert "".join(row.read()).splitlines() == [str(number) for number in range(300_000)]


def test_junit_of_many_accounts_in_several_files() -> None:
    accounts = [account(finding(), file=f"{number % 3}.json", reference=f"A-{number}") for number in range(6_000)]
    text = write(make_output("junit"), accounts)
    assert text.count("<testcase ") == text.count("</testcase>") == 6_000
    assert [text.index(f'<testsuite name="{number}.json"') for number in range(3)] == sorted(
        text.index(f'<testsuite name="{number}.json"') for number in range(3)
    )
    assert text.index("A-5998") < text.index('<testsuite name="2.json"')
