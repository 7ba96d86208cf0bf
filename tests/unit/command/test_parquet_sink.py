"""The Parquet file of findings: its schema, its rows, its row groups, and failures."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from premigrate.command import parquet_sink
from premigrate.command.parquet_sink import ParquetSink, findings_schema
from premigrate.command.sinks import make_sinks
from premigrate.report.run import Tally, UnreadableInput
from premigrate.ruleset.lineage import Lineage, lineage_of
from tests.payloads import ROOT
from tests.reports import RUN, account, finding

OVERLAY = {"market": {"extends": "dk"}}


def write(path: Path, *events: Any, **counts: Any) -> list[dict[str, Any]]:
    sink = ParquetSink(str(path))
    sink.begin(RUN)
    for event in events:
        if isinstance(event, UnreadableInput):
            sink.write_unreadable(event)
        else:
            sink.write_account(event)
    sink.end(Tally(**counts))
    assert (sink.failure, sink.written) == ("", [str(path)])
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_schema_is_the_one_of_the_documents(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "outputs.md").read_text("utf-8").partition("## Parquet\n")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \| (\w+) \| (null )?", page, re.MULTILINE)
    names = {"date": "date32[day]", "text": "string", "integer": "int64"}
    assert [(name, names[kind], bool(null)) for name, kind, null in documented] == [
        (field.name, str(field.type), field.nullable) for field in findings_schema()
    ]
    write(tmp_path / "a.parquet")
    assert pq.read_schema(tmp_path / "a.parquet").equals(findings_schema(), check_metadata=True)


def test_one_row_a_finding(tmp_path: Path) -> None:
    rows = write(
        tmp_path / "a.parquet",
        account(),
        account(finding(expected="look"), finding("advised", level="advice", spot=None), index=3, reference=""),
        UnreadableInput("x.json", 2, 5, "not JSON"),
        UnreadableInput("y.json", 0, 0, "gone"),
    )
    lineage = lineage_of(RUN.as_of, None)._asdict()
    spot = {"line": 12, "column": 15}
    common = {**lineage, "file": "a.json", "position": 3, "account": None, "supplier": None}
    about = {"attr": "customers.0.mobile", "detail": "Enter a valid phone number.", "rule": "phone-valid"}
    nothing = dict.fromkeys(("position", "account", "supplier", "code", "attr", "rule", "expected", "line", "column"))
    assert rows == [
        {**common, "level": "error", "code": "invalid", **about, "expected": "look", **spot},
        {**common, "level": "advice", "code": "advised", **about, "expected": None, "line": None, "column": None},
        {**lineage, **nothing, "level": "unreadable", "file": "x.json", "detail": "not JSON", "line": 2, "column": 5},
        {**lineage, **nothing, "level": "unreadable", "file": "y.json", "detail": "gone"},
    ]
    assert list(rows[0]) == findings_schema().names


def test_interrupted_run_is_marked(tmp_path: Path) -> None:
    rows = write(tmp_path / "a.parquet", account(finding()), interrupted=True)
    assert [(row["level"], row["file"]) for row in rows] == [("error", "a.json"), ("interrupted", None)]


@pytest.mark.parametrize(("rows", "characters"), [(4, 4_000_000), (4_000, 200)])
def test_rows_are_written_in_groups(
    rows: int, characters: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_sink, "_MAX_ROWS", rows)
    monkeypatch.setattr(parquet_sink, "_MAX_CHARACTERS", characters)
    written = write(tmp_path / "a.parquet", *(account(finding(), index=number) for number in range(10)))
    assert [row["position"] for row in written] == list(range(10))
    table = pq.ParquetFile(tmp_path / "a.parquet")
    sizes = [table.metadata.row_group(number).num_rows for number in range(table.num_row_groups)]
    assert len(sizes) > 2
    assert max(sizes) <= 4


def test_text_that_is_not_unicode_is_escaped(tmp_path: Path) -> None:
    (row,) = write(tmp_path / "a.parquet", account(finding(attr="a.\ud800.é", detail="\x1b\u202e"), file="\udcff.json"))
    assert (row["attr"], row["detail"], row["file"]) == ("a.\\ud800.é", "\x1b\u202e", "\\udcff.json")


def test_discarded_file_leaves_nothing(tmp_path: Path) -> None:
    _, sink = make_sinks("text", (str(tmp_path / "sub" / "a.parquet"),))
    sink.begin(RUN)
    sink.write_account(account(finding()))
    sink.discard()
    del sink
    assert [*(tmp_path / "sub").iterdir()] == []


def test_full_device_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_sink, "_MAX_ROWS", 1)
    sink = ParquetSink("/dev/full")
    sink.begin(RUN)
    for number in range(2_000):
        sink.write_account(account(finding(detail=f"{number}" * 50)))
    assert not sink.is_open
    sink.end(Tally())
    assert sink.failure == "/dev/full: cannot be written: No space left on device"
    assert sink.written == []


def test_lineage_names_the_overlay(tmp_path: Path) -> None:
    day = date(2026, 1, 31)
    file, commented = tmp_path / "a.toml", tmp_path / "b.toml"
    file.write_text('[market]\nextends = "dk"\n', "utf-8")
    commented.write_text('# The same.\nmarket = { extends = "dk" }\n', "utf-8")
    of_file = lineage_of(day, file)
    assert of_file == lineage_of(day, OVERLAY) == lineage_of(day, commented)
    assert re.fullmatch("[0-9a-f]{8}", str(of_file.overlay_digest))
    assert re.fullmatch("[0-9a-f]{8}", of_file.rules_digest)
    dated = {**OVERLAY, "tenant": {"since": day}}
    assert len({lineage_of(day, each).overlay_digest for each in (None, OVERLAY, dated)}) == 3
    assert findings_schema().names[:4] == list(Lineage._fields)
