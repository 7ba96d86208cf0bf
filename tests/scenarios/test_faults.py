"""Faults of the system: full disks, closed streams, missing permissions, too little memory, and clocks that jump."""

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
"""Runs the command with a resource limit, which is lifted at the end for coverage."""

IS_ROOT = os.geteuid() == 0
WITHOUT_CAPABILITIES = "setpriv --bounding-set=-dac_override,-dac_read_search" if IS_ROOT else ""
"""Runs a command without the capabilities of root to bypass file permissions."""

NEEDS_PERMISSIONS = pytest.mark.skipif(
    IS_ROOT and not shutil.which("setpriv"), reason="root may read and write anything"
)

BAD = put(good_account("pt"), "customers.0.email", "x")


def limited(resource: str, limit: int, *arguments: str | Path) -> tuple[int, str, str]:
    command = [sys.executable, "-c", LIMITED.format(resource, limit), *map(str, arguments)]
    environment = {**os.environ, "MALLOC_ARENA_MAX": "1"}  # else each thread reserves much address space
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    return completed.returncode, completed.stdout, completed.stderr


def shell(redirections: str, *arguments: str | Path, prefix: str = "") -> tuple[int, str, str]:
    command = [
        "bash",
        "-c",
        f'{prefix} {sys.executable} -m premigrate "$@" {redirections}',
        "bash",
        *map(str, arguments),
    ]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    return completed.returncode, completed.stdout, completed.stderr


class TestOutputs:
    """Outputs that can't be written are reported; all others are complete."""

    def test_full_disk(self, tmp_path: Path) -> None:
        accounts = tmp_path / "accounts.ndjson"
        accounts.write_text("".join(f"{json.dumps(each)}\n" for each in [good_account("pt"), BAD] * 12), "utf-8")
        page, table, split = tmp_path / "full.html", tmp_path / "small.csv", tmp_path / "split"
        outputs: list[str | Path] = ["--output", page, "--output", table, "--split", split]
        code, out, err = limited("FSIZE", 10_000, "check", *DAY, *outputs, accounts)
        assert code == 2
        assert sorted(err.splitlines()) == [
            f"premigrate: {page}: cannot be written: File too large",
            f"premigrate: {split / 'pass.ndjson'}: cannot be written: File too large",
        ]
        assert "\n24 accounts checked, 12 refused: " in out
        assert len(table.read_text("utf-8").splitlines()) == 13
        assert sorted(each.name for each in tmp_path.rglob("*")) == ["accounts.ndjson", "small.csv", "split"]

    @pytest.mark.parametrize("command", [["rules"], ["check", *DAY, "examples/dk/bad.json"]])
    def test_standard_output_on_a_full_disk(self, command: list[str], tmp_path: Path) -> None:
        report = tmp_path / "report.csv"
        more = ["--output", str(report)] if "check" in command else []
        code, _, err = shell(">/dev/full", *command, *more)
        assert (code, err) == (2, "premigrate: standard output: cannot be written: No space left on device\n")
        assert not more or len(report.read_text("utf-8").splitlines()) > 3, "the file is complete"

    def test_closed_or_full_streams_do_not_change_the_result(self, tmp_path: Path) -> None:
        missing = ["check", *DAY, "none.json", "examples/dk/bad.json"]
        code, out, err = shell("2>/dev/full", *missing)
        assert (code, err) == (4, "")
        assert "1 account checked, 1 refused" in out
        report = tmp_path / "report.csv"
        code, _, err = shell("<&- >&-", "check", *DAY, "--output", report, "-", "examples/dk/bad.json")
        assert (code, err.startswith("premigrate: standard input")) == (4, True)
        assert len(report.read_text("utf-8").splitlines()) > 3

    def test_closed_pipe_is_no_error(self) -> None:
        code, out, err = shell("| head -1; exit ${PIPESTATUS[0]}", "rules")
        assert (code, out.count("\n"), err) == (0, 1, "")


class TestInputs:
    """Inputs that can't be read are reported, and the rest is checked."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A folder with two readable accounts among unreadable files."""
        folder = tmp_path / "accounts"
        for name in ("a.json", "closed.json", "hidden/b.json", "last/c.json"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(json.dumps(good_account("pt")), "utf-8")
        (folder / "d.json").symlink_to("d.json")
        (folder / "hidden").chmod(0)
        (folder / "closed.json").chmod(0)
        return folder

    @NEEDS_PERMISSIONS
    def test_missing_read_permission(self, folder: Path) -> None:
        code, out, err = shell("", "check", *DAY, folder, prefix=WITHOUT_CAPABILITIES)
        assert code == 4
        assert err.splitlines() == [
            f"premigrate: {folder}/closed.json: Permission denied",
            f"premigrate: {folder}/d.json: Too many levels of symbolic links",
            f"premigrate: {folder}/hidden: Permission denied",
        ]
        assert "\n2 accounts checked, 0 refused: " in out

    @NEEDS_PERMISSIONS
    def test_folders_without_write_or_read_permission(self, folder: Path) -> None:
        good, hidden = folder / "a.json", folder / "hidden"
        folder.chmod(0o500)
        for option, message in [
            (f"--output={folder}/report.csv", f"{folder}/report.csv: cannot be written: Permission denied"),
            (f"--split={folder}/split", f"{folder}/split: cannot be created: Permission denied"),
            (f"--references={hidden}", "is not readable"),
        ]:
            code, out, err = shell("", "check", *DAY, option, good, prefix=WITHOUT_CAPABILITIES)
            assert (code, out, message in err) == (2, "", True), err
        folder.chmod(0o700)
        assert sorted(each.name for each in folder.iterdir()) == ["a.json", "closed.json", "d.json", "hidden", "last"]


class TestMemory:
    """An account that needs too much memory is reported, and the others are checked."""

    @pytest.mark.parametrize("command", [["check", *DAY], ["cohort"]])
    def test_other_accounts_are_checked(
        self, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        accounts = [{**good_account("pt"), "external_account_number": number} for number in ("A", "B", "HUGE", "C")]
        path = tmp_path / "x.ndjson"
        path.write_text("".join(f"{json.dumps(each)}\n" for each in accounts), "utf-8")

        def load_or_fail(file: str, *account: Any) -> Any:
            if b"HUGE" in account[-1]:
                raise MemoryError
            return load_account(file, *account)

        monkeypatch.setattr("premigrate.batch.load_accounts.load_account", load_or_fail)
        result = CliRunner().invoke(commands, [*command, str(path)])
        assert (result.exit_code, result.stderr.count("not checked: there is not enough memory")) == (4, 1)
        assert "3 accounts" in result.stdout

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
    def test_check_with_limited_memory(self, jobs: int, path: Path) -> None:
        split = path.parent / "split"
        code, out, err = limited("AS", 160 << 20, "check", *DAY, "--jobs", str(jobs), "--split", split, path)
        reason = "a worker process ran out of memory over it" if jobs > 1 else "there is not enough memory"
        assert (code, err.splitlines()[-1]) == (4, f"premigrate: {path}:3:1: not checked: {reason}")
        assert "\n4 accounts checked, 2 refused: " in out
        good, bad, huge, *_ = path.read_text("utf-8").splitlines(keepends=True)
        expected = {"pass.ndjson": good * 2, "fail.ndjson": bad * 2, "unchecked.txt": huge}
        assert {name: (split / name).read_text("utf-8") for name in expected} == expected

    @pytest.mark.slow
    def test_cohort_with_limited_memory(self, path: Path) -> None:
        code, out, err = limited("AS", 160 << 20, "cohort", path)
        assert (code, err) == (4, f"premigrate: {path}:3: not checked: there is not enough memory\n")
        assert "4 accounts compared" in out


CLOCK = re.compile(r"\b(date|datetime)\.(today|now|utcnow)\(|\btime\.(time|time_ns|localtime|gmtime)\(")
CLOCK_READERS = [
    "cli/rules.py",
    "command/run_options.py",
    "compare/command.py",
    "mock_server/clock.py",
    "tenant/command.py",
    "tenant/diff/command.py",
]


def test_clock_is_read_in_few_modules() -> None:
    """Only the start of a run and the mock server, whose time never goes back, read the clock."""
    source = ROOT / "src" / "premigrate"
    readers = [path.relative_to(source) for path in source.rglob("*.py") if CLOCK.search(path.read_text("utf-8"))]
    assert sorted(map(str, readers)) == CLOCK_READERS
