"""Repeated commands over one folder, in any order and with any spelling of its path, agree and change no input."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.cli.group import commands
from tests.payloads import good_account

DAY = ["--as-of", "2026-01-31"]
COMMANDS = {
    "check": ["check", *DAY],
    "split": ["check", *DAY, "--split", "{project}/sorted"],
    "split inside": ["check", *DAY, "--split", "{project}/accounts/sorted"],
    "json": ["check", *DAY, "--output", "{project}/accounts/report.json"],
    "ndjson": ["check", *DAY, "--output", "{project}/accounts/./report.ndjson", "--output", "{project}/accounts/r.csv"],
    "write": ["baseline", "write", *DAY, "--baseline", "{project}/accounts/known.toml"],
    "known": ["check", *DAY, "--baseline", "{project}/accounts/known.toml"],
    "overwrite": ["check", *DAY, "--output", "{project}/accounts/old/bad.json"],
    "cohort": ["cohort"],
}
FOLDERS = ["accounts", "./accounts", "accounts//", "{project}/accounts", "link", "{project}/../project/accounts"]
WORKING_DIRECTORIES = [".", "accounts", "..", "/"]
STEPS = st.tuples(st.sampled_from(sorted(COMMANDS)), st.sampled_from(FOLDERS), st.sampled_from(WORKING_DIRECTORIES))


@pytest.fixture(autouse=True, scope="module")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREMIGRATE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


def make_project(folder: Path) -> dict[Path, bytes]:
    contents = {
        "accounts/good.json": json.dumps(good_account("dk")),
        "accounts/old/bad.json": json.dumps({"import_supplier": "NORLYS", "external_account_number": "A-1"}),
        "accounts/old/many.ndjson": json.dumps({"import_supplier": "NORLYS"}) + "\n",
    }
    for name, text in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "link").symlink_to("accounts")
    (folder / "accounts" / "again.json").symlink_to("old/bad.json")
    os.link(folder / "accounts" / "good.json", folder / "accounts" / "hard.json")
    return {folder / name: text.encode() for name, text in contents.items()}


def run(project: Path, name: str, folder: str, directory: str) -> tuple[int, str]:
    """Run a command over the folder from another working directory; return the exit code and the line of counts."""
    path_argument = folder.format(project=project)
    with chdir(project / directory):
        path = path_argument if path_argument.startswith("/") else os.path.relpath(project, ".") + f"/{path_argument}"
        arguments = [each.format(project=project) for each in COMMANDS[name]]
        result = CliRunner().invoke(commands, [*arguments, path])
    lines = [line for line in result.stdout.splitlines() if " checked, " in line or " compared: " in line]
    return result.exit_code, lines[0] if lines else ""


@given(st.lists(STEPS, min_size=2, max_size=6))
@settings(max_examples=25)
def test_repeated_commands_agree(steps: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary).resolve() / "project"
        inputs = make_project(project)
        run(project, "write", "accounts", ".")
        results: dict[str, tuple[int, str]] = {}
        for step in steps:
            result = run(project, *step)
            assert result == results.setdefault(step[0], result)
            assert {path: path.read_bytes() for path in inputs} == inputs
        code, line = run(project, "check", "accounts", ".")
        assert (code, line.partition(":")[0]) == (1, "3 accounts checked, 2 refused")
        assert run(project, "known", "link", "/")[0] == 0
        assert run(project, "cohort", "{project}/accounts", "..")[0] == 0
        if "split" in results:
            assert (project / "sorted" / "pass.ndjson").read_bytes().count(b"\n") == 1
