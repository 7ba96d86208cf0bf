"""Files of CSV begin with a byte order mark, by which spreadsheets know UTF-8, unless the plain format is asked for."""

import csv
import io
from pathlib import Path

import pytest

from premigrate.command.sinks import make_sinks
from premigrate.report.outputs import format_of_file, make_output
from premigrate.report.run import Tally
from tests.reports import RUN, account, finding, write

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("asked", "is_marked"),
    [("r.csv", True), ("R.CSV", True), ("csv-bom:r.txt", True), ("csv:r.csv", False), ("csv:r.txt", False)],
)
def test_the_ending_asks_for_the_mark_and_csv_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, *, is_marked: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    _, target = make_sinks("text", (asked,))
    target.begin(RUN)
    target.account(account(finding(), file="Søren.json"))
    target.end(Tally())
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    assert data.startswith(MARK) == is_marked
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert row["file"] == "Søren.json"
    assert data.count(MARK) == is_marked


def test_the_two_differ_in_the_mark_alone() -> None:
    plain, marked = (write(make_output(name), [account(finding())]) for name in ("csv", "csv-bom"))
    assert marked == f"\ufeff{plain}"
    assert format_of_file("x.csv") == "csv-bom"
