"""Compares the output of the command with golden files: the same bytes on every Python and release of the libraries.

``python -m tests.scenarios.test_golden`` writes the files in tests/golden again.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

import premigrate
from premigrate.cli.group import commands
from premigrate.report.outputs import FORMATS
from tests.payloads import AS_OF, ROOT, good_account, put

Writer: TypeAlias = Callable[[Path], dict[str, str]]
"""Runs the command in an empty folder, and returns the text of each golden file by name."""

GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ("examples/dk", "examples/pt")
CHECK = ("check", "--as-of", AS_OF.isoformat())

UNREADABLE = {
    "anchor.yaml": b"a: *nobody\n",
    "colon.yaml": b"a: b: c\n",
    "comma.json": b'{"a": 1,}',
    "cut.json": b'{"customers": [{"given_name": "x"',
    "deep.json": b"[" * 3000,
    "digits.json": b'{"transfer_balance": 1' + b"0" * 5000 + b"}",
    "empty.json": b"",
    "huge.json": b'{"import_supplier": "NORLYS", "transfer_balance": 1e999}',
    "latin.json": '{"billing_name": "Gonçalo"}'.encode("latin-1"),
    "lone.json": b'{"import_supplier": "NORLYS", "billing_name": "\\ud800"}',
    "nan.json": b'{"import_supplier": "NORLYS", "transfer_balance": NaN}',
    "quote.json": b"{'a': 1}",
    "tabs.yaml": b"a:\n\t- b\n",
    "tag.yaml": b"a: !!python/object:os.system x\n",
    "twice.yaml": b"import_supplier: NORLYS\nimport_supplier: NORLYS\nbilling_email: x\n",
    "words.json": b"This is no account.",
}
ODD_VALUES: tuple[object, ...] = (
    *("+351 912 345 678", "+4587654321", "87 65 43 21", "+34612345678", "+16502530000", "\u0661\u0662", "12", "x", ""),
    *("ÅSE@EXAMPLE.ORG", "homer@simpson.com", "i\u0307@exämple.org", "\u0131I\u0130i", "ß" * 256, "\u2028", "🧾" * 3),
    *("2026-02-30", "2026-W05-1", "20260131", "31/01/2026", "2026-01-31T00:00:00+14:00", "2026-01-30T23:30:00-01:00"),
    *("1e3", "1_000", "\u0966", "-0", "\U00011f02", "\U0001fae8", "\u1c89", True, None, 0, -1, 1.5, [], {}, [None]),
    {"b": 1, "a": 2},
)
"""Some contain letters and digits of Unicode 15 and 16, which older Pythons do not know."""
ODD_PLACES = {
    "pt": ("customers.0.landline", "billing_email", "account_type", "supply_addresses.0.unknown"),
    "dk": ("customers.0.mobile", "date_of_sale", "customers.0.given_name", "notes.0.created_at"),
}


def run(folder: Path, *arguments: str) -> str:
    """Run the command in this process, and return its output and exit code."""
    with contextlib.chdir(folder):
        result = CliRunner().invoke(commands, arguments)
    return f"{result.output}exit code {result.exit_code}\n"


def outputs_in(folder: Path) -> list[str]:
    """Return the options that write a report in every format."""
    return [word for name in FORMATS for word in ("--output", f"{name}:{folder / name}")]


def reports_in(folder: Path) -> dict[str, str]:
    """Read these reports, without the styles and scripts of the HTML page, which are files of the package."""
    texts = {name: (folder / name).read_bytes().decode() for name in FORMATS}
    texts["html"] = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1\3", texts["html"], flags=re.DOTALL)
    return {f"examples.{name}.txt": text for name, text in texts.items()}


def write_examples(folder: Path) -> dict[str, str]:
    """Check the examples, and write a report in every format."""
    printed = run(ROOT, *CHECK, *outputs_in(folder), *EXAMPLES)
    return {"examples.txt": printed, **reports_in(folder)}


def write_unreadable(folder: Path) -> dict[str, str]:
    """Check files that can't be read."""
    for name, content in UNREADABLE.items():
        (folder / name).write_bytes(content)
    return {"unreadable.txt": run(folder, *CHECK, ".", "nowhere.json")}


def write_odd_values(folder: Path) -> dict[str, str]:  # noqa: ARG001 - the other writers need it
    """Validate good accounts with one odd value: one line of JSON for each."""
    lines = []
    for market, places in ODD_PLACES.items():
        validator = premigrate.Validator(market=market, as_of=AS_OF)
        for place in places:
            for value in ODD_VALUES:
                result = validator.validate(put(good_account(market), place, value))
                errors = [[each.attr, each.code, each.detail] for each in result.errors]
                advice = [[each.attr, each.code, each.detail] for each in result.advice]
                lines.append(json.dumps([market, place, value, *errors, *advice]))
    return {"odd_values.txt": "\n".join([*lines, ""])}


WRITERS: tuple[Writer, ...] = (write_examples, write_unreadable, write_odd_values)


def golden(name: str) -> str:
    return (GOLDEN / name).read_bytes().decode()


@pytest.mark.parametrize("writer", WRITERS)
def test_output_equals_the_golden_files(writer: Writer, tmp_path: Path) -> None:
    for name, text in writer(tmp_path).items():
        assert text == golden(name), name


@pytest.mark.parametrize(
    ("jobs", "environment"),
    [
        ("2", {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Asia/Kathmandu", "PYTHONOPTIMIZE": "2"}),
        ("1", {"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-16", "TZ": "<-12>12", "COLUMNS": "30", "HOME": "/no"}),
    ],
)
def test_environment_does_not_change_the_output(jobs: str, environment: Mapping[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "premigrate", *CHECK, "--jobs", jobs, *outputs_in(tmp_path), *EXAMPLES]
    completed = subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **environment}, capture_output=True)
    assert completed.returncode == 1, completed.stderr
    for name, text in reports_in(tmp_path).items():
        assert text == golden(name), name


if __name__ == "__main__":
    for writer in WRITERS:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in writer(Path(folder)).items():
                (GOLDEN / name).write_bytes(text.encode())
