"""What each command holds does not grow with what it reads: ten times as much takes no more memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.payloads import good_account, put
from tests.recordings import recorded
from tests.scenarios.test_bulk import PEAK
from tests.scenarios.test_command import DAY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only there /proc tells of memory"),
]
_SCRIPT = PEAK + "sys.stdout = open('/dev/null', 'w'); import premigrate.cli.main as c; c.main()"
_SLACK = 8 << 10  # kilobytes


def accounts(count: int) -> Iterator[dict[str, Any]]:
    """Bad accounts: each has its own number, and one error."""
    bad = put(good_account("dk"), "customers.0.landline", "abcde")
    return ({**bad, "external_account_number": f"A-{number}"} for number in range(count))


def calls(count: int) -> Iterator[dict[str, Any]]:
    """Recorded calls that were answered in another way than is predicted."""
    pair = recorded(put(good_account("pt"), "customers.0.mobile", "abcde"))
    return ({**pair, "payload": {**pair["payload"], "external_account_number": f"A-{n}"}} for n in range(count))


def peak(folder: Path, lines: Iterator[dict[str, Any]], *options: str, script: str = _SCRIPT) -> int:
    file = folder / "lines.ndjson"
    with file.open("w", encoding="utf-8") as written:
        written.writelines(f"{json.dumps(line)}\n" for line in lines)
    command = [sys.executable, "-c", script, *options, str(file)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert done.returncode == 1, done.stderr
    return int(done.stderr.split()[-1])


@pytest.mark.parametrize("form", [["text", "--show-all"], ["csv", "--split", "out"], ["github"], ["sarif"]])
def test_reports(form: list[str], tmp_path: Path) -> None:
    """Of all formats but one, which tests/scenarios/test_bulk.py asks it of in every run."""
    options = ("check", *DAY, "--format", *form)
    small, large = (peak(tmp_path, accounts(count), *options) for count in (400, 4_000))
    assert large < small + _SLACK


def test_the_page_for_people_holds_no_more_than_it_lists(tmp_path: Path) -> None:
    fewer = "import premigrate.report.html_output as page; page._MOST_FINDINGS = 100\n" + _SCRIPT
    options = ("check", *DAY, "--format", "html")
    small, large = (peak(tmp_path, accounts(count), *options, script=fewer) for count in (200, 2_000))
    assert large < small + _SLACK


def test_cohort_keeps_to_what_it_is_given(tmp_path: Path) -> None:
    small, large = (peak(tmp_path, twice(count), "cohort", "--memory", "1") for count in (4_000, 40_000))
    assert large < small + _SLACK


def twice(count: int) -> Iterator[dict[str, Any]]:
    """Many accounts, of which the last has the number of the first."""
    for number in range(count):
        yield {"import_supplier": "NORLYS", "external_account_number": f"A-{number}"}
    yield {"import_supplier": "NORLYS", "external_account_number": "A-0"}


def test_compare(tmp_path: Path) -> None:
    small, large = (peak(tmp_path, calls(count), "compare", "--market", "pt") for count in (200, 2_000))
    assert large < small + _SLACK
