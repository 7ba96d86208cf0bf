"""CSV files begin with a byte order mark, which spreadsheets need to detect UTF-8, unless plain CSV is requested."""

import csv
import io
from pathlib import Path

import pytest

from premigrate.command.sinks import make_sinks
from premigrate.report.outputs import format_of_file, make_output
from premigrate.report.run import Tally
from tests.reports import RUN, account, finding, write

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("option", "has_bom"),
    [("r.csv", True), ("R.CSV", True), ("csv-bom:r.txt", True), ("csv:r.csv", False), ("csv:r.txt", False)],
)
def test_suffix_selects_csv_with_a_byte_order_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, *, has_bom: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    _, sink = make_sinks("text", (option,))
    sink.begin(RUN)
    sink.write_account(account(finding(), file="Søren.json"))
    sink.end(Tally())
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    assert data.startswith(BOM) == has_bom
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert row["file"] == "Søren.json"
    assert data.count(BOM) == has_bom


def test_formats_differ_only_in_the_byte_order_mark() -> None:
    plain, with_bom = (write(make_output(name), [account(finding())]) for name in ("csv", "csv-bom"))
    assert with_bom == f"\ufeff{plain}"
    assert format_of_file("x.csv") == "csv-bom"
