"""Follows docs/market.md to a working market, in a copy of the repository, and runs the tests of all rules there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import TerminalResult
from tests.page_reader import PageReader
from tests.pages import Block, blocks_of
from tests.payloads import ROOT

PAGE = ROOT / "docs" / "market.md"
COPIED = ("src", "rules", "examples", "tests", "docs", "benchmarks", "Makefile", "pyproject.toml")
TESTS = ("tests/rules/test_catalogue.py", "tests/rules/test_fields.py", "tests/rules/test_constraints.py")
WRITTEN = {
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


class CheckoutReader(PageReader):
    """A reader who works in a checkout: the premigrate of the checkout runs, and so do its rules."""

    def __init__(self, checkout: Path) -> None:
        super().__init__(checkout)
        self._env = {**os.environ, "PYTHONPATH": str(checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        self.commands: list[str] = []

    def premigrate(self, words: list[str], env: dict[str, str]) -> TerminalResult:
        self.commands.append(" ".join(words[:2]))
        done = self.run_module("premigrate", *words, **env)
        return TerminalResult(done.returncode, done.stdout, done.stdout + done.stderr)

    def make(self, target: str) -> None:
        assert target == "catalogue"
        for page, words in WRITTEN.items():
            text = self.run_module("premigrate", *words, "--format", "markdown").stdout
            (self.folder / page).write_text(text, "utf-8")

    def check_toml(self, block: Block) -> None:
        """Leave it to `market check`, which the page runs."""

    def run_module(self, module: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *words]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.folder, env={**self._env, **env}
        )


def test_tutorial_leads_to_a_market_and_changes_nothing_else(checkout: Path) -> None:
    before = {file: file.read_bytes() for file in checkout.rglob("*") if file.is_file() and file.suffix != ".pyc"}
    reader = CheckoutReader(checkout)
    for block in blocks_of(PAGE):
        reader.follow(block)
    assert reader.commands.count("market check") == 5
    assert [str(file) for file, content in before.items() if file.read_bytes() != content] == []
    complete = reader.premigrate(["market", "check", "rules/no"], {})
    assert complete.code == 0, complete.out
    tests = reader.run_module("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *TESTS)
    assert tests.returncode == 0, tests.stdout
