"""Somebody who reads a page and does what it shows: runs the commands, writes the files, makes the edits."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Container, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import yaml

import premigrate
from premigrate.mock_server.scenario import load_scenario
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.parse import parse_file
from premigrate.ruleset.problems import ProblemReport
from tests.command import TerminalResult, invoke_in_terminal
from tests.pages import Block, ShownCommand, commands_of, is_as_shown, run_python
from tests.payloads import AS_OF, ROOT

INSTALLS = ("python3 -m venv .venv", ". .venv/bin/activate", "pip install .")
"""The commands that install premigrate: tests/scenarios/test_packaging.py installs the wheel."""
_EXAMPLES_OF = ("rule", "fix", "scheme", "code", "advice", "list")
"""The tables of rule files that have examples, and those that they need."""


class PageReader:
    """Follows the blocks of a page, one after the other, in a folder.

    With ``all_output``, the page shows all that a terminal does; otherwise it may leave out what is on standard error.
    """

    def __init__(self, folder: Path, *, all_output: bool = False) -> None:
        self.folder = folder
        self.exit_code = 0
        self._all_output = all_output
        self._actions: dict[str, Callable[[Block], None]] = {
            "console": self._run_commands,
            "diff": self._patch,
            "json": self._check_json,
            "ndjson": self._check_json,
            "python": self._run_python,
            "sh": self._run_containers,
            "toml": self.check_toml,
            "yaml": self._check_yaml,
        }

    def follow(self, block: Block) -> None:
        """Do what a block shows; raise AssertionError if the outcome is another one."""
        assert block.language in self._actions, f"no test can follow a block of the language {block.language!r}"
        if block.file:
            file = self.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
        self._actions[block.language](block)

    def _run_commands(self, block: Block) -> None:
        commands = commands_of(block.text)
        for command, following in zip(commands, [*commands[1:], None], strict=True):
            shows_code = following is not None and following.line == "echo $?"
            self._run(command, shows_code=shows_code)

    def _run(self, command: ShownCommand, *, shows_code: bool) -> None:
        words = shlex.split(command.line, comments=True)
        if command.line == "echo $?":
            assert command.output == [str(self.exit_code)], f"the exit code is {self.exit_code}"
        elif words[0] == "cd":
            self.folder = self.folder / words[1]
        elif words[0] == "make":
            self.make(words[1])
        elif command.line not in INSTALLS:
            done = self.run(command.line)
            self.exit_code = done.code
            outputs = [done.shown] if self._all_output else [done.shown, done.out]
            assert any(is_as_shown(output, command.output) for output in outputs), f"{command.line}\n{done.shown}"
            assert shows_code or done.code in {0, 1}, f"{command.line}\n{done.shown}"

    def make(self, target: str) -> None:
        """Check that there is such a target: tests do not run it."""
        assert target in make_targets()

    def run(self, line: str) -> TerminalResult:
        """Run a command in the folder: premigrate in this process, all others in a shell."""
        words = shlex.split(line, comments=True)
        count = next((count for count, word in enumerate(words) if "=" not in word), len(words) - 1)
        if words[count] != "premigrate":
            shell = ["/usr/bin/env", "bash", "-c", line]
            completed = subprocess.run(
                shell, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
            )
            return TerminalResult(completed.returncode, completed.stdout, completed.stdout)
        env = dict(word.split("=", 1) for word in words[:count])
        return self.premigrate(words[count + 1 :], env)

    def premigrate(self, words: list[str], env: dict[str, str]) -> TerminalResult:
        """Run premigrate with these arguments and environment variables."""
        return invoke_in_terminal(*words, cwd=self.folder, **env)

    def _patch(self, block: Block) -> None:
        """Make the edits of a unified diff, as ``patch -p0`` does, but only where every line fits."""
        for change in re.split(r"^(?=--- )", block.text, flags=re.MULTILINE)[1:]:
            header, *hunks = re.split(r"^(@@ .*)\n", change, flags=re.MULTILINE)
            file = self.folder / header.split()[1]
            file.write_text(_patched(file.read_text("utf-8"), [header.split()[1], *hunks]), "utf-8")

    def _check_json(self, block: Block) -> None:
        is_lines = block.language == "ndjson" or block.file.endswith(".ndjson")
        for text in block.text.splitlines() if is_lines else [block.text]:
            json.loads(text)

    def _run_python(self, block: Block) -> None:
        with chdir(self.folder):
            run_python(block.text, {})

    def _run_containers(self, block: Block) -> None:
        """Run here what a container would run: its command is premigrate."""
        for line in block.text.splitlines():
            words = shlex.split(line)
            assert words[:2] in (["docker", "build"], ["docker", "run"]), line
            if words[1] == "run":
                self._succeed(*words[words.index("premigrate") + 1 :], codes={0, 1})

    def check_toml(self, block: Block) -> None:
        """Load a file as what it is: a configuration, a scenario, reference lists, an overlay or rule tables."""
        tables = tomllib.loads(block.text)
        name = block.file or "snippet.toml"
        if name == "premigrate.toml":
            self._succeed("config", "check")
        elif tables.keys() == {"failure"}:
            assert load_scenario(str(self.folder / name))
        elif all(isinstance(values, list) and not isinstance(values[0], dict) for values in tables.values()):
            self._succeed("rules", "--lists", "--references", name)
        elif "extends" in tables.get("market", {}):
            (self.folder / name).write_text(block.text, "utf-8")
            self._succeed("rules", "--overlay", name, "--test")
        else:
            check_rule_tables(block.text, tables)

    def _check_yaml(self, block: Block) -> None:
        for command in _commands_in(yaml.safe_load(block.text)):
            words = shlex.split(command)
            if words[0] == "premigrate":
                self._succeed(*words[1:], codes={0, 1})

    def _succeed(self, *words: str, codes: Container[int] = (0,)) -> None:
        done = self.premigrate([*words], {})
        assert done.code in codes, f"premigrate {shlex.join(words)}\n{done.shown}"


def _patched(text: str, change: list[str]) -> str:
    name, *parts = change
    lines = text.split("\n")
    for position, body in reversed(list(zip(parts[::2], parts[1::2], strict=True))):
        match = re.match(r"@@ -(\d+)", position)
        assert match, position
        old = [line[1:] for line in body.splitlines() if line[:1] in "- "]
        new = [line[1:] for line in body.splitlines() if line[:1] in "+ "]
        start = int(match[1]) - 1 if old else int(match[1])
        found = lines[start : start + len(old)]
        assert found == old, f"{name}: {position} stands for other lines: {found}"
        lines[start : start + len(old)] = new
    return "\n".join(lines)


def _commands_in(content: Any) -> Iterator[str]:
    """Yield the commands of a workflow, or of some of its steps."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from [value] if key == "run" else _commands_in(value)
    elif isinstance(content, list):
        for item in content:
            yield from _commands_in(item)


def make_folder(folder: Path) -> Path:
    """Fill an empty folder as the pages assume it: the examples, payloads in accounts, reference lists in lists."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples" / "pt", folder / "accounts" / "pt")
    shutil.copytree(ROOT / "examples" / "references", folder / "lists")
    return folder


def make_targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+(?: [a-z-]+)*):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def check_rule_tables(text: str, tables: dict[str, Any]) -> None:
    """Check tables of a rule file: each is valid, and the examples of rules, schemes and fixes do what they say."""
    report = ProblemReport()
    parse_file("snippet.toml", text, report)
    assert not report.problems, report.problems
    tried = {kind: tables[kind] for kind in _EXAMPLES_OF if kind in tables}
    for kind in ("rule", "fix"):
        if kind in tried:
            tried[kind] = [{**table, "id": f"shown-{table['id']}"} for table in tried[kind]]
    if tried:
        correct = any(_are_examples_correct(market, tried) for market in premigrate.markets())
        assert correct, "the examples do what they say in no market"


def _are_examples_correct(market: str, tables: dict[str, Any]) -> bool:
    try:
        ruleset = load_ruleset(market, {"market": {"extends": market}, **tables})
    except premigrate.PremigrateError:
        return False
    checked = check_overlay_examples(ruleset, AS_OF)
    return checked.rules > 0 and not checked.problems
