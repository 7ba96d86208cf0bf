"""What the machine does to a run: disks that are full, streams that are closed, files that can't be read or change."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from premigrate.batch.load_accounts import load_account
from premigrate.cli.group import commands
from tests.payloads import ROOT, good_account, put
from tests.scenarios.test_command import DAY

LIMITED = """import resource
from premigrate.cli.main import main
soft, hard = resource.getrlimit(resource.RLIMIT_{0})
resource.setrlimit(resource.RLIMIT_{0}, ({1}, hard))
try:
    main()
finally:
    resource.setrlimit(resource.RLIMIT_{0}, (soft, hard))
"""
"""Runs the command where the system gives it no more than so much of something; what measures it has no limit."""

IS_ROOT = os.geteuid() == 0
POWERLESS = "setpriv --bounding-set=-dac_override,-dac_read_search" if IS_ROOT else ""
"""Starts a command without the power of root to read and write whatever the rights are."""

NO_RIGHTS = pytest.mark.skipif(IS_ROOT and not shutil.which("setpriv"), reason="root may read and write anything")

BAD = put(good_account("pt"), "customers.0.email", "x")


def limited(what: str, most: int, *arguments: str | Path) -> tuple[int, str, str]:
    command = [sys.executable, "-c", LIMITED.format(what, most), *map(str, arguments)]
    environment = {**os.environ, "MALLOC_ARENA_MAX": "1"}  # else each thread sets much aside
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    return done.returncode, done.stdout, done.stderr


def shell(line: str, *arguments: str | Path, before: str = "") -> tuple[int, str, str]:
    command = ["bash", "-c", f'{before} {sys.executable} -m premigrate "$@" {line}', "bash", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    return done.returncode, done.stdout, done.stderr


class TestOutputs:
    """What can't be written is told; all else is written to its end."""

    def test_a_full_disk(self, tmp_path: Path) -> None:
        accounts = tmp_path / "accounts.ndjson"
        accounts.write_text("".join(f"{json.dumps(each)}\n" for each in [good_account("pt"), BAD] * 12), "utf-8")
        page, table, split = tmp_path / "full.html", tmp_path / "small.csv", tmp_path / "split"
        outputs: list[str | Path] = ["--output", page, "--output", table, "--split", split]
        code, out, err = limited("FSIZE", 10_000, "check", *DAY, *outputs, accounts)
        assert code == 2
        assert sorted(err.splitlines()) == [
            f"premigrate: {page}: can't be written: File too large",
            f"premigrate: {split / 'pass.ndjson'}: can't be written: File too large",
        ]
        assert "\n24 accounts checked, 12 refused: " in out
        assert len(table.read_text("utf-8").splitlines()) == 13
        assert sorted(each.name for each in tmp_path.rglob("*")) == ["accounts.ndjson", "small.csv", "split"]

    @pytest.mark.parametrize("command", [["rules"], ["check", *DAY, "examples/dk/bad.json"]])
    def test_standard_output_on_a_full_disk(self, command: list[str], tmp_path: Path) -> None:
        report = tmp_path / "report.csv"
        more = ["--output", str(report)] if "check" in command else []
        code, _, err = shell(">/dev/full", *command, *more)
        assert (code, err) == (2, "premigrate: standard output: can't be written: No space left on device\n")
        assert not more or len(report.read_text("utf-8").splitlines()) > 3, "the file is written to its end"

    def test_streams_that_are_closed_or_full_do_not_change_what_is_true(self, tmp_path: Path) -> None:
        missing = ["check", *DAY, "none.json", "examples/dk/bad.json"]
        code, out, err = shell("2>/dev/full", *missing)
        assert (code, err) == (4, "")
        assert "1 account checked, 1 refused" in out
        report = tmp_path / "report.csv"
        code, _, err = shell("<&- >&-", "check", *DAY, "--output", report, "-", "examples/dk/bad.json")
        assert (code, err.startswith("premigrate: standard input")) == (4, True)
        assert len(report.read_text("utf-8").splitlines()) > 3

    def test_a_list_that_nobody_reads_on_is_no_mistake(self) -> None:
        code, out, err = shell("| head -1; exit ${PIPESTATUS[0]}", "rules")
        assert (code, out.count("\n"), err) == (0, 1, "")


class TestInputs:
    """What can't be read is told, and the rest is checked."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A folder with two good accounts among what can't be read."""
        folder = tmp_path / "accounts"
        for name in ("a.json", "closed.json", "hidden/b.json", "last/c.json"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(json.dumps(good_account("pt")), "utf-8")
        (folder / "d.json").symlink_to("d.json")
        (folder / "hidden").chmod(0)
        (folder / "closed.json").chmod(0)
        return folder

    @NO_RIGHTS
    def test_rights_that_are_missing(self, folder: Path) -> None:
        code, out, err = shell("", "check", *DAY, folder, before=POWERLESS)
        assert code == 4
        assert err.splitlines() == [
            f"premigrate: {folder}/closed.json: Permission denied",
            f"premigrate: {folder}/d.json: Too many levels of symbolic links",
            f"premigrate: {folder}/hidden: Permission denied",
        ]
        assert "\n2 accounts checked, 0 refused: " in out

    @NO_RIGHTS
    def test_folders_that_may_not_be_written_or_looked_into(self, folder: Path) -> None:
        good, hidden = folder / "a.json", folder / "hidden"
        folder.chmod(0o500)
        for option, why in [
            (f"--output={folder}/report.csv", f"{folder}/report.csv: can't be written: Permission denied"),
            (f"--split={folder}/split", f"{folder}/split: can't be made: Permission denied"),
            (f"--references={hidden}", "is not readable"),
        ]:
            code, out, err = shell("", "check", *DAY, option, good, before=POWERLESS)
            assert (code, out, why in err) == (2, "", True), err
        folder.chmod(0o700)
        assert sorted(each.name for each in folder.iterdir()) == ["a.json", "closed.json", "d.json", "hidden", "last"]


class TestMemory:
    """An account that there is not enough for is told, and costs no other."""

    @pytest.mark.parametrize("command", [["check", *DAY], ["cohort"]])
    def test_all_others_are_done(self, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        accounts = [{**good_account("pt"), "external_account_number": number} for number in ("A", "B", "HUGE", "C")]
        path = tmp_path / "x.ndjson"
        path.write_text("".join(f"{json.dumps(each)}\n" for each in accounts), "utf-8")

        def opened(file: str, *account: Any) -> Any:
            if b"HUGE" in account[-1]:
                raise MemoryError
            return load_account(file, *account)

        monkeypatch.setattr("premigrate.batch.load_accounts.load_account", opened)
        monkeypatch.setattr("premigrate.batch.load_accounts.load_account", opened)
        done = CliRunner().invoke(commands, [*command, str(path)])
        assert (done.exit_code, done.stderr.count("not checked: there is not enough memory")) == (4, 1)
        assert "3 accounts" in done.stdout

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """A good account, a bad one, one that takes a hundred megabytes, a good one and a bad one."""
        huge = json.dumps(good_account("dk"))[:-1] + ', "x": [' + "[], " * (2 << 20) + "0]}"
        good, bad = json.dumps(good_account("pt")), json.dumps(BAD)
        path = tmp_path / "x.ndjson"
        path.write_text("\n".join([good, bad, huge, good, bad, ""]), "utf-8")
        return path

    @pytest.mark.slow
    @pytest.mark.parametrize("jobs", [1, 2])
    def test_really(self, jobs: int, path: Path) -> None:
        split = path.parent / "split"
        code, out, err = limited("AS", 160 << 20, "check", *DAY, "--jobs", str(jobs), "--split", split, path)
        how = "a worker process ran out of memory over it" if jobs > 1 else "there is not enough memory"
        assert (code, err.splitlines()[-1]) == (4, f"premigrate: {path}:3:1: not checked: {how}")
        assert "\n4 accounts checked, 2 refused: " in out
        good, bad, huge, *_ = path.read_text("utf-8").splitlines(keepends=True)
        expected = {"pass.ndjson": good * 2, "fail.ndjson": bad * 2, "unchecked.txt": huge}
        assert {name: (split / name).read_text("utf-8") for name in expected} == expected

    @pytest.mark.slow
    def test_really_compared(self, path: Path) -> None:
        code, out, err = limited("AS", 160 << 20, "cohort", path)
        assert (code, err) == (4, f"premigrate: {path}:3: not checked: there is not enough memory\n")
        assert "4 accounts compared" in out


CLOCK = re.compile(r"\b(date|datetime)\.(today|now|utcnow)\(|\btime\.(time|time_ns|localtime|gmtime)\(")
READ_THE_CLOCK = [
    "cli/rules.py",
    "command/run_options.py",
    "compare/command.py",
    "mock_server/clock.py",
    "mock_server/command.py",
    "tenant/command.py",
]


def test_a_clock_that_jumps_changes_nothing_but_what_today_is() -> None:
    """The time of day is asked for where a run begins, and by the mock server, which never goes back; nowhere else."""
    source = ROOT / "src" / "premigrate"
    asked = [path.relative_to(source) for path in source.rglob("*.py") if CLOCK.search(path.read_text("utf-8"))]
    assert sorted(map(str, asked)) == READ_THE_CLOCK
