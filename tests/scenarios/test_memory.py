"""The memory of each command does not grow with its input: ten times as much input takes no more."""

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
    pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc"),
]
_SCRIPT = PEAK + "sys.stdout = open('/dev/null', 'w'); import premigrate.cli.main as c; c.main()"
_SLACK = 8 << 10  # kilobytes


def accounts(count: int) -> Iterator[dict[str, Any]]:
    """Return bad accounts, each with its own number and one error."""
    bad = put(good_account("dk"), "customers.0.landline", "abcde")
    return ({**bad, "external_account_number": f"A-{number}"} for number in range(count))


def calls(count: int) -> Iterator[dict[str, Any]]:
    """Return recorded calls that were not answered as predicted."""
    pair = recorded(put(good_account("pt"), "customers.0.mobile", "abcde"))
    return ({**pair, "payload": {**pair["payload"], "external_account_number": f"A-{n}"}} for n in range(count))


def peak(folder: Path, lines: Iterator[dict[str, Any]], *options: str, script: str = _SCRIPT) -> int:
    file = folder / "lines.ndjson"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{json.dumps(line)}\n" for line in lines)
    command = [sys.executable, "-c", script, *options, str(file)]
    completed = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert completed.returncode == 1, completed.stderr
    return int(completed.stderr.split()[-1])


@pytest.mark.parametrize("form", [["text", "--show-all"], ["csv", "--split", "out"], ["github"], ["gitlab"], ["sarif"]])
def test_reports(form: list[str], tmp_path: Path) -> None:
    """Check formats that tests/scenarios/test_bulk.py does not check in every run."""
    options = ("check", *DAY, "--format", *form)
    small, large = (peak(tmp_path, accounts(count), *options) for count in (400, 4_000))
    assert large < small + _SLACK


def test_since_an_earlier_report(tmp_path: Path) -> None:
    sizes = []
    for count in (400, 4_000):
        peak(tmp_path, accounts(count), "check", *DAY, "--quiet", f"--output=json:{tmp_path / 'old.json'}")
        changed = (put(each, "customers.0.mobile", "abcde") for each in accounts(count))
        sizes.append(peak(tmp_path, changed, "check", *DAY, "--since", str(tmp_path / "old.json")))
    assert sizes[1] < sizes[0] + _SLACK


def test_html_report(tmp_path: Path) -> None:
    limited = (
        "import premigrate.report.html_output as page; page.HtmlOutput.__init__.__kwdefaults__['max_findings'] = 100\n"
        + _SCRIPT
    )
    options = ("check", *DAY, "--format", "html")
    small, large = (peak(tmp_path, accounts(count), *options, script=limited) for count in (200, 2_000))
    assert large < small + _SLACK


def test_cohort(tmp_path: Path) -> None:
    small, large = (peak(tmp_path, with_one_clash(count), "cohort", "--memory", "1") for count in (4_000, 40_000))
    assert large < small + _SLACK


def with_one_clash(count: int) -> Iterator[dict[str, Any]]:
    """Yield many accounts, of which the last has the number of the first."""
    for number in range(count):
        yield {"import_supplier": "NORLYS", "external_account_number": f"A-{number}"}
    yield {"import_supplier": "NORLYS", "external_account_number": "A-0"}


def test_compare(tmp_path: Path) -> None:
    small, large = (peak(tmp_path, calls(count), "compare", "--market", "pt") for count in (200, 2_000))
    assert large < small + _SLACK
