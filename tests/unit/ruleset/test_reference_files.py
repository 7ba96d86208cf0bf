"""Reference list files as users have them: from spreadsheets and other systems, and with a million rows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import premigrate
from premigrate.cli.group import commands
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rows import CompactRows
from tests.payloads import AS_OF

MAX_MEGABYTES = 250


def read(path: Path) -> dict[str, tuple[tuple[str, ...], object]]:
    """Return columns and rows of the lists that were loaded."""
    shipped = load_ruleset("pt").lists
    lists = load_ruleset("pt", None, path).lists
    return {name: (spec.columns, spec.values) for name, spec in lists.items() if spec != shipped[name]}


def mistake(path: Path) -> str:
    with pytest.raises(premigrate.BadRules) as caught:
        read(path)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize("name", ["ledger_codes.TXT", "LEDGER_CODES.txt", "Ledger_Codes.Txt"])
def test_file_names_ignore_case(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("A\n")
    assert read(tmp_path) == read(tmp_path / name) == {"ledger_codes": (("value",), (("A",),))}


def test_file_suffixes_ignore_case(tmp_path: Path) -> None:
    (tmp_path / "campaigns.CSV").write_text("slug\nspring\n")
    (tmp_path / "more.TOML").write_text('ledger_codes = ["A"]\r\n')
    assert read(tmp_path).keys() == {"campaigns", "ledger_codes"}


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nslug;name\nspring;Spring, early\n",
        "\ufeffsep=;\r\nslug;name\r\n\r\nspring;Spring, early\r\n;\r\n",
        'SEP=;\r\n"slug";"name"\r\n"spring";"Spring, early"',
        "sep=\t\nslug\tname\nspring\tSpring, early\n",
        "slug;name;note\nspring;Spring, early;x\n",
        'name,slug\n"Spring, early",spring',
        'sep=,\nslug,name\nspring,"Spring, early"\n',
    ],
)
def test_csv_files_of_spreadsheets(tmp_path: Path, text: str) -> None:
    file = tmp_path / "campaigns.csv"
    file.write_bytes(text.encode())
    assert read(file) == {"campaigns": (("slug", "name"), (("spring", "Spring, early"),))}


def test_cells_may_have_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "campaigns.csv"
    file.write_bytes(b'slug,name\r\nspring,"Spring\r\nagain ""now"""\r\n')
    assert read(file) == {"campaigns": (("slug", "name"), (("spring", 'Spring\r\nagain "now"'),))}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'slug,name\nspring,"Spring\nsummer,Summer\n', "line 2: this is not CSV: a quoted value does not end"),
        (b'slug,name\na,b\n\nspring,"S"x\n', "line 4: this is not CSV: a quoted value does not end, or text follows"),
        (b'sep=;\nslug;name\nspring;"Spring\n' + b"a;b\n" * 50_000, "line 3: this is not CSV"),
        (b'"slug,name\nspring,Spring\n', "line 1: this is not CSV"),
        (b"slug\nspring\nver\xe3o\n", "line 3: the reference list is not UTF-8 text; save it as UTF-8"),
        ("slug\nspring\n".encode("utf-16"), "this is UTF-16 text; save it as UTF-8"),
        (b"PK\x03\x04" + b"\0" * 30 + b"xl/workbook.xml", "this is a spreadsheet"),
    ],
)
def test_mistake_has_a_line_number(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "campaigns.csv"
    file.write_bytes(content)
    assert message in mistake(file)


def test_invalid_utf8_has_a_line_number(tmp_path: Path) -> None:
    file = tmp_path / "ledger_codes.txt"
    file.write_bytes(b"A\n" * 20_000 + b"\xe9\n")
    assert "line 20001: the reference list is not UTF-8 text" in mistake(file)


@pytest.mark.parametrize("name", ["ledger_codes.txt", "campaigns.csv", "lists.toml"])
def test_pipes_are_rejected_without_blocking(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    for path in (tmp_path, tmp_path / name):
        assert "a folder, a pipe or a device cannot be a reference list" in mistake(path)


def test_other_files_in_a_folder_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "ledger_codes.txt").write_text("A\n")
    for name in ("README", "README.md", "readme.txt", "LICENSE", ".DS_Store", "Thumbs.db", "ledger_codes.txt~"):
        (tmp_path / name).write_bytes(b"\xff not a list")
    (tmp_path / "old").mkdir()
    (tmp_path / "old.csv").mkdir()
    assert read(tmp_path) == {"ledger_codes": (("value",), (("A",),))}


def run(*arguments: object) -> tuple[int, str]:
    """Run the command; return the exit code and the output of both streams."""
    result = CliRunner().invoke(commands, [*map(str, arguments)])
    return result.exit_code, result.output


def test_command_names_skipped_files(tmp_path: Path) -> None:
    (tmp_path / "ledger_codes.txt").write_text("A\n")
    (tmp_path / "README.md").write_text("x")
    code, out = run("check", "--references", tmp_path, "--as-of", AS_OF, "examples/pt/good.json")
    assert code in {0, 1}
    assert f"premigrate: {tmp_path / 'README.md'}: skipped; reference lists are .txt, .csv, .toml files\n" in out


@pytest.mark.parametrize("command", ["check", "cohort", "compare"])
def test_missing_lists_are_a_usage_error(tmp_path: Path, command: str) -> None:
    code, out = run(command, "--references", tmp_path / "none", "examples/pt/good.json")
    assert code == 2
    assert "there is no file or folder" in " ".join(out.split())


def test_rows_compare_like_tuples() -> None:
    rows = CompactRows(2, [("a", "é"), ("", "\ud800")])
    assert rows == (("a", "é"), ("", "\ud800"))
    assert (rows[0], rows[-1], rows[:1], len(rows)) == (("a", "é"), ("", "\ud800"), (("a", "é"),), 2)
    assert rows != (("a", "é"),)
    assert CompactRows(1) != rows
    with pytest.raises(IndexError):
        rows[2]


MEASURE = """
import datetime, re, sys
import premigrate
from premigrate.cohort.api import Cohort
if sys.argv[1] == "check":
    premigrate.Validator(market="pt", as_of=datetime.date(2026, 1, 31), references=sys.argv[2])
else:
    Cohort(market="pt", references=sys.argv[2])
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())  # getrusage counts the parent's memory too
print(int(peak[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
@pytest.mark.parametrize("use", ["check", "cohort"])
@pytest.mark.parametrize("name", ["imported_account_numbers.txt", "imported_account_numbers.csv"])
def test_a_million_rows_take_little_memory(tmp_path: Path, use: str, name: str) -> None:
    file = tmp_path / name
    with file.open("w") as text:
        text.write("value;note\n" if name.endswith(".csv") else "")
        text.writelines(f"EXT-{number:09d}{';x' if name.endswith('.csv') else ''}\n" for number in range(1_000_000))
    result = subprocess.run([sys.executable, "-c", MEASURE, use, str(file)], capture_output=True, text=True, check=True)
    assert int(result.stdout) < MAX_MEGABYTES
