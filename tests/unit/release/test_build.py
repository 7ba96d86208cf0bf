"""Compiled wheels are built for the Pythons that are found, and builds take their time from the commit."""

import shutil
from pathlib import Path

import pytest
from release.build import build_environment, find_pythons
from release.process import ReleaseError, run

from tests.unit.release.test_preconditions import Repository


def test_pythons_that_run_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, code in (("python3.11", 0), ("python3.12", 127), ("python3.9", 0)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {code}\n", "utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [*find_pythons()] == [str(tmp_path / "python3.11")]
    missing = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert missing == ["python3.12", "python3.13", "python3.14"]


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_time_of_a_build_is_that_of_the_commit(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.release("1.0.0")
    time = run("git", "show", "--no-patch", "--format=%cd", "--date=unix", "HEAD", cwd=tmp_path).strip()
    assert build_environment(tmp_path)["SOURCE_DATE_EPOCH"] == time


def test_failed_command_is_shown_with_its_output(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"`sh -c echo why; exit 3` ended with exit code 3:\nwhy"):
        run("sh", "-c", "echo why; exit 3", cwd=tmp_path)
    assert run("sh", "-c", "echo $WORD; exit 3", cwd=tmp_path, env={"WORD": "yes"}, codes=(3,)) == "yes\n"
