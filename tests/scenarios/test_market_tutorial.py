"""Follows docs/market.md to a working market, in a copy of the repository, and runs the tests of all rules there."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.payloads import ROOT
from tests.scenarios.test_documents import Block, blocks_of, commands_of, is_as_shown

BLOCKS = blocks_of(ROOT / "docs" / "market.md")
COPIED = ("src", "rules", "examples", "tests", "docs", "benchmarks", "Makefile", "pyproject.toml")
TESTS = ("tests/rules/test_catalogue.py", "tests/rules/test_fields.py", "tests/rules/test_constraints.py")
PAGES = {
    "rules/CATALOGUE.md": ("rules",),
    "rules/no/CATALOGUE.md": ("rules", "--market", "no"),
    "rules/no/FIELDS.md": ("schema", "--market", "no"),
}
"""The commands of `make catalogue` that concern the market; the pages of other markets are written from their rules."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in COPIED:
        copy = shutil.copy if (ROOT / name).is_file() else shutil.copytree
        copy(ROOT / name, tmp_path / name)
    return tmp_path


class Reader:
    """Somebody who does what the page says: writes the files, and runs the commands."""

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout
        self._env = {**os.environ, "PYTHONPATH": str(checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"}

    def follow(self, block: Block) -> Iterator[str]:
        """Yield the names of the commands that ran."""
        if block.file:
            file = self._checkout / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
        elif block.language == "console":
            for command, shown in commands_of(block.text):
                name, *words = shlex.split(command)
                if name == "make":
                    self._write_pages()
                else:
                    completed = self.premigrate(*words)
                    assert completed.returncode in {0, 1}, (command, completed.stderr)
                    assert is_as_shown(completed.stdout, shown), (command, completed.stdout)
                yield " ".join([name, *words[:2]])

    def _write_pages(self) -> None:
        for page, words in PAGES.items():
            (self._checkout / page).write_text(self.premigrate(*words, "--format", "markdown").stdout, "utf-8")

    def premigrate(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("premigrate", *words)

    def run(self, module: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=self._checkout, env=self._env)


def test_tutorial_leads_to_a_market_and_changes_nothing_else(checkout: Path) -> None:
    before = {file: file.read_bytes() for file in checkout.rglob("*") if file.is_file() and file.suffix != ".pyc"}
    reader = Reader(checkout)
    commands = [command for block in BLOCKS for command in reader.follow(block)]
    assert commands.count("premigrate market check") == 5
    assert [str(file) for file, content in before.items() if file.read_bytes() != content] == []
    complete = reader.premigrate("market", "check", "rules/no")
    assert complete.returncode == 0, complete.stdout
    tests = reader.run("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *TESTS)
    assert tests.returncode == 0, tests.stdout
