"""Reads the pages of the documentation: their fenced blocks, and the commands and values that the blocks show."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.payloads import ROOT

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>```+|~~~+) *(?P<language>[^\s`]*) *(?P<file>[^\s`]*)", re.ASCII)
_GENERATED = {"CATALOGUE.md", "FIELDS.md", "RESULTS.md"}
"""The names of pages that commands write; their tests compare each with what the command writes."""


def _pages() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.md"))
    for folder in ("docs", "rules", "examples", "benchmarks"):
        yield from sorted((ROOT / folder).rglob("*.md"))


PAGES = [page for page in _pages() if page.name not in _GENERATED]


class Block(NamedTuple):
    """A fenced block: its language, the file that it belongs in, its text, and the line of its fence."""

    language: str
    file: str
    text: str
    line: int = 0


class ShownCommand(NamedTuple):
    """A command of a console block, and the lines that are shown below it."""

    line: str
    output: list[str]


def name_of(page: Path) -> str:
    """Return the path of a page from the top of the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, also those in lists."""
    found: list[Block] = []
    lines = enumerate(page.read_text("utf-8").splitlines(), 1)
    for number, line in lines:
        if fence := _FENCE.match(line):
            end = f"{fence['indent']}{fence['fence']}"
            content = []
            for _, inner in lines:
                if inner.rstrip() == end:
                    break
                content.append(inner.removeprefix(fence["indent"]))
            else:
                raise AssertionError(f"{page}:{number}: the block has no end")
            found.append(Block(fence["language"], fence["file"], "".join(f"{each}\n" for each in content), number))
    return found


def commands_of(text: str) -> list[ShownCommand]:
    """Return the commands of a console block with the output that is shown."""
    found: list[ShownCommand] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(ShownCommand(line[2:], []))
        elif line.startswith("> "):  # the command goes on
            found[-1] = ShownCommand(f"{found[-1].line}\n{line[2:]}", [])
        else:
            found[-1].output.append(line)
    return found


def is_as_shown(output: str, shown: list[str]) -> bool:
    """Return whether an output has the lines that are shown, where ... stands for any text."""
    pattern = "".join(re.escape(f"{line}\n").replace(r"\.\.\.", r"[\s\S]*") for line in shown)
    return not shown or re.fullmatch(pattern, output) is not None


def run_python(code: str, names: dict[str, object]) -> int:
    """Run a Python block, and compare each expression with the value in the comment behind it.

    Return the number of values that were compared. ``names`` are the global names of the block, which it adds to.
    """
    lines, compared = code.splitlines(), 0
    for statement in ast.parse(code).body:
        _, comment, shown = lines[(statement.end_lineno or 0) - 1].partition("  # ")
        if isinstance(statement, ast.Expr) and comment:
            value = eval(compile(ast.Expression(statement.value), "page", "eval"), names)  # noqa: S307 - our own document
            assert shown in {repr(value), str(value)}, f"{ast.unparse(statement)} is {value!r}"
            compared += 1
        else:
            exec(compile(ast.Module([statement], []), "page", "exec"), names)  # noqa: S102 - our own document
    return compared
