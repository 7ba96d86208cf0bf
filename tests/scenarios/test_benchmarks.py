"""The benchmarks run through from end to end, as small as they go; no time is asserted here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.payloads import ROOT

pytestmark = pytest.mark.slow  # a minute and a half

NAMES = ("one_file", "errors", "bulk", "memory")


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return told.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_prints_its_table(name: str) -> None:
    told = run(name, "--effort", "least")
    assert f"## {name.replace('_', ' ').capitalize()}\n" in told
    assert "| premigrate" in told or ": premigrate" in told
    assert "Not measured" not in told


def test_engine_is_set_beside_all_peers(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    told = run("engine", "--effort", "least", "--write", str(results), "--date", "2026-01-31")
    written = results.read_text("utf-8")
    for part in ("## Engine", "by hand", "DRF serializers", "jsonschema", "pydantic BaseModel", ">= 60", "<= 1.5"):
        assert part in told
        assert part in written
    assert "2026-01-31. Effort least." in written
    assert f"{sys.version_info.major}.{sys.version_info.minor}." in written


def test_what_is_measured_later_takes_its_place(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    before, after = "# All\n\n- a machine\n\n## Engine\n\nfast\n", "## Startup\n\nquick\n"
    results.write_text(f"{before}\n## Errors\n\nslow\n\n{after}", "utf-8")
    told = run("errors", "--effort", "least", "--write", str(results), "--date", "2026-01-31")
    written = results.read_text("utf-8")
    assert written.startswith(f"{before}\n## Errors\n\nMeasured later than the rest:\n\n- ")
    assert written.endswith(f"\n\n{after}")
    assert "slow" not in written
    assert told.partition("## Errors\n")[2].strip() in written
    run("one_file", "--effort", "least", "--write", str(results))
    assert written in results.read_text("utf-8")


def test_a_benchmark_that_fails_is_told() -> None:
    command = [sys.executable, "-m", "benchmarks", "memory", "--effort", "least", "--size", "-3"]
    told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert told.returncode == 1
    assert "Not measured to its end: memory ended with" in told.stdout


def test_cohorts_are_measured() -> None:
    command = [sys.executable, "benchmarks/cohort.py", "500"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert len([line for line in told.splitlines() if line.split()[:1] == ["500"]]) == 2
