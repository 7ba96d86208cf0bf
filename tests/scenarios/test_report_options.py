"""Options that say how a run reports: --exit-zero, --quiet, --color and the format concise."""

import json
import sys
from pathlib import Path

import pytest

from premigrate.report.outputs import make_output
from tests.batch import terminal
from tests.command import invoke as run
from tests.command import run_process
from tests.payloads import good_account, put
from tests.reports import account, finding, write
from tests.scenarios.test_command import DAY

BAD, GOOD = "examples/pt/bad.json", "examples/pt/good.json"
COMMAND = [sys.executable, "-m", "premigrate", "check", *DAY]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.json").write_text(json.dumps(put(good_account("pt"), "customers.0.email", "x")), "utf-8")
    (tmp_path / "broken.json").write_text('{"a": 1,}', "utf-8")
    return tmp_path


class TestExitZero:
    def test_only_predicted_errors_exit_with_zero(self, folder: Path) -> None:
        plain = run("check", *DAY, "bad.json", cwd=folder)
        zero = run("check", *DAY, "--exit-zero", "bad.json", cwd=folder)
        assert (plain.code, zero.code) == (1, 0)
        assert plain.out == zero.out
        assert run("check", *DAY, "--exit-zero", "--fail-on", "advice", BAD).code == 0

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["bad.json", "broken.json"], 4),
            (["bad.json", "--output", "bad.json/x.csv"], 2),
            (["bad.json", "--overlay", "broken.json"], 3),
            (["nowhere.json"], 4),
        ],
    )
    def test_other_exit_codes_stay(self, folder: Path, arguments: list[str], code: int) -> None:
        assert run("check", *DAY, "--exit-zero", *arguments, cwd=folder).code == code

    def test_it_can_be_configured(self, folder: Path) -> None:
        (folder / "premigrate.toml").write_text("exit-zero = true\n", "utf-8")
        assert run("check", *DAY, "bad.json", cwd=folder).code == 0


class TestQuiet:
    def test_text_shows_findings_only(self) -> None:
        loud, quiet = run("check", BAD), run("check", "--quiet", BAD)
        assert quiet.err == ""
        assert loud.out.startswith(quiet.out)
        assert loud.out.removeprefix(quiet.out).startswith("not checked: ")
        assert run("check", "-q", GOOD) == (0, "", "")

    def test_text_still_counts_findings_that_are_left_out(self) -> None:
        code, out, err = run("check", *DAY, "--quiet", "--max-errors", "1", BAD)
        assert (code, err) == (1, "")
        assert " findings not shown. All findings by kind (--show-all shows each):\n" in out
        assert "checked" not in out

    def test_statistics_are_the_table_only(self) -> None:
        loud = run("check", *DAY, "--statistics", BAD).out
        assert run("check", *DAY, "--statistics", "--quiet", BAD).out == loud.split("\n\n")[0] + "\n"

    def test_notes_are_not_written(self, folder: Path) -> None:
        (folder / "lists").mkdir()
        (folder / "lists" / "notes.md").write_text("x", "utf-8")
        (folder / "old.ndjson").write_text(run("check", *DAY, "--format", "ndjson", BAD).out, "utf-8")
        (folder / "broken.json").unlink()
        arguments = ["check", "--format", "csv", "--references", "lists", "--ignore", "customers.*.moble", "."]
        loud = run(*arguments, cwd=folder)
        for note in ("reference lists are", "matches no field", "skipped: this is a report", "as of "):
            assert note in loud.err
        for option in ("--quiet", "-q"):
            assert run(arguments[0], option, *arguments[1:], cwd=folder) == (1, loud.out, "")
        assert run(*arguments, "--quiet", cwd=folder).err == ""
        (folder / "premigrate.toml").write_text("quiet = true\n", "utf-8")
        assert run(*arguments, cwd=folder).err == ""

    def test_set_aside_findings_and_stale_baseline_entries_are_not_mentioned(self, folder: Path) -> None:
        assert run("baseline", "write", *DAY, "bad.json", cwd=folder).code == 0
        (folder / "bad.json").write_text(json.dumps(good_account("pt")), "utf-8")
        arguments = ["check", *DAY, "--format", "ndjson", "--baseline", "premigrate-baseline.toml", "bad.json"]
        assert "matches no finding" in run(*arguments, cwd=folder).err
        assert run(*arguments, "--quiet", cwd=folder) == (0, "", "")
        assert run("check", *DAY, "--quiet", "--ignore", "*", "--format", "ndjson", BAD) == (0, "", "")

    def test_what_makes_the_run_fail_is_written(self, folder: Path) -> None:
        code, _, err = run("check", *DAY, "--quiet", "bad.json", "broken.json", cwd=folder)
        assert code == 4
        assert err.startswith("premigrate: broken.json:1:8: not JSON")
        code, _, err = run("check", *DAY, "--quiet", "lists", cwd=folder)
        assert (code, bool(err)) == (4, True)

    def test_files_are_complete(self, folder: Path) -> None:
        run("check", *DAY, "--quiet", "--output", "report.txt", "bad.json", cwd=folder)
        assert "1 account checked, 1 refused" in (folder / "report.txt").read_text("utf-8")


class TestColor:
    def test_always_and_never_decide(self) -> None:
        assert "\x1b[31merror\x1b[0m: " in run_process("check", *DAY, "--color", "always", BAD, NO_COLOR="1").out
        assert "\x1b" not in terminal(*COMMAND, "--color", "never", BAD, FORCE_COLOR="1")
        assert "\x1b[31m" in run("check", *DAY, "--statistics", "--color", "always", BAD).out

    @pytest.mark.parametrize(
        ("environment", "is_coloured"),
        [
            ({}, False),
            ({"FORCE_COLOR": "1"}, True),
            ({"FORCE_COLOR": ""}, False),
            ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
            ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ],
    )
    def test_environment_decides_for_a_pipe(
        self, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_coloured: bool
    ) -> None:
        for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert ("\x1b" in run_process("check", *DAY, BAD).out) is is_coloured

    def test_python_does_not_read_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b" not in write(make_output("text"), [account(finding())])

    def test_files_have_no_colours(self, tmp_path: Path) -> None:
        run("check", *DAY, "--color", "always", "--output", str(tmp_path / "a.txt"), BAD)
        assert "\x1b" not in (tmp_path / "a.txt").read_text("utf-8")


class TestConcise:
    def test_each_finding_is_a_line(self, folder: Path) -> None:
        code, out, err = run("check", *DAY, "--format", "concise", "bad.json", cwd=folder)
        assert (code, err) == (1, "")
        (line,) = out.splitlines()
        place, code_and_more = line.split(": ", 1)
        assert place.split(":")[:2] == ["bad.json", "1"]
        assert code_and_more == "invalid customers.0.email Enter a valid email address."

    def test_parallel_runs_write_the_same(self, folder: Path) -> None:
        lines = [json.dumps(put(good_account("pt"), "customers.0.email", "x")) for _ in range(300)]
        (folder / "many.ndjson").write_text("\n".join(lines), "utf-8")
        one, two = (
            run("check", *DAY, "--format", "concise", "--jobs", jobs, "many.ndjson", cwd=folder) for jobs in "12"
        )
        assert one == two
        assert len(one.out.splitlines()) == 300

    def test_later_runs_skip_it_in_a_folder(self, folder: Path) -> None:
        (folder / "broken.json").unlink()
        for _ in range(2):
            code, out, _ = run("check", *DAY, "--output", "concise:report.yaml", ".", cwd=folder)
            assert code == 1
            assert "1 account checked" in out
