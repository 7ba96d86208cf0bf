"""Every number of the documents is computed, measured or an example's; every promise has a test that holds it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from premigrate.cli.group import commands
from premigrate.serving.paths import PROCESS, STATUS, VALIDATE
from tests.claims.numbers import CLAIMS, Claim
from tests.claims.promises import MEANINGS, PROMISES, Promise
from tests.payloads import AS_OF, ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TRIED = ("console", "json", "ndjson", "python", "shell", "toml", "yaml")
"""Blocks in these languages are run, read or compared to the letter by the tests of the documents."""

_BLOCK = re.compile(rf"^```(?:{'|'.join(TRIED)})\b.*?^```$", re.DOTALL | re.MULTILINE)
_WORD_SPAN = re.compile(r"`[^`\n ]+`")
_OPTION = re.compile(r"`(--[a-z-]+)[ =]([^`]*\d[^`]*)`")
_NAME = re.compile(r"\b(?:ISO \d+|UTF-8)\b")
_STEP = re.compile(r"^\d+\. ", re.MULTILINE)
_LIBRARY = re.compile(r"^\| `[\w.-]+` \| \d[\d.]* \|.*$", re.MULTILINE)
"""A library and its oldest release; the tests of the package compare them with pyproject.toml."""

_NUMBER = re.compile(
    r"\d(?:[\d.,]*\d)?|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|dozen|hundred|thousand|million"
    r"|billion|half|once a|times as|percent|seconds?|minutes?)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:never|always|whatever|however|exact|exactly|bounded|grows?|fast|faster|quick|quickly|instantly|to the byte"
    r"|any size|no log|offline|loses|same memory|a crash|guarantees?|proven)\b",
    re.IGNORECASE,
)
WORDS = (
    *("no two", "two accounts", "two ways", "two answers", "between two", "in two", "twice for", "twice under"),
    *("half-written", "more than half", "in a second", "a second import", "the second import", "how many a second"),
    *("takes some minutes", "takes minutes", "real seconds before", "seconds that pass", "There are two ways"),
    *("second opinion", "two values"),
)
"""Numbers that say what a thing is, and not how many there are."""


def blank(text: str, *patterns: re.Pattern[str]) -> str:
    """Put blanks in place of all that matches one of these, and leave lines where they are."""
    letters = list(text)
    for start, end in (found.span() for pattern in patterns for found in pattern.finditer(text)):
        letters[start:end] = ["\n" if letter == "\n" else " " for letter in text[start:end]]
    return "".join(letters)


def loosely(text: str) -> re.Pattern[str]:
    """Match a text, however its lines are broken."""
    return re.compile(r"\s+".join(map(re.escape, text.split())))


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def said_by(claim: Claim) -> re.Pattern[str]:
    numbers = (f"{number:d}" if isinstance(number, int) else str(number) for number in claim.numbers())
    return loosely(claim.text.format(*numbers))


@cache
def examples_of(option: str) -> list[click.ParamType[Any]]:
    """List the types that an option has, with any command."""
    return [each.type for command in _commands(commands) for each in command.params if option in each.opts]


def _commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner
            yield from _commands(inner)


def is_example(found: re.Match[str]) -> bool:
    """Whether a value stands behind an option that takes it."""
    types = examples_of(found[1])
    assert types, f"no command has the option {found[1]}"
    for kind in types:
        try:
            kind.convert(found[2], None, None)
        except click.BadParameter:
            continue
        return True
    raise AssertionError(f"no command takes {found[0]}")


def numbers_left(page: Path) -> Iterator[str]:
    """Yield the numbers of a page that nothing accounts for, with their lines."""
    text = blank(page.read_text("utf-8"), _BLOCK)
    for found in _OPTION.finditer(text):
        assert is_example(found)
    known = [f"`{AS_OF.isoformat()}`", *(f" {path}`" for path in (VALIDATE, PROCESS, STATUS)), *WORDS]
    known += [promise.text for promise in PROMISES if promise.page == name_of(page)]
    claimed = [said_by(claim) for claim in CLAIMS if claim.page == name_of(page)]
    yield from left(page, blank(text, *claimed, _OPTION, _NAME, _STEP, _LIBRARY, *map(loosely, known)), _NUMBER)


def left(page: Path, text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    lines = page.read_text("utf-8").splitlines()
    for number, line in enumerate(text.splitlines(), 1):
        for found in pattern.findall(line):
            yield f"{name_of(page)}:{number}: {found!r} in: {lines[number - 1].strip()}"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.page}: {claim.text}")
def test_a_number_is_what_is_computed(claim: Claim) -> None:
    expected = said_by(claim)
    assert expected.search((ROOT / claim.page).read_text("utf-8")), f"{claim.page} has to say: {expected.pattern}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_number_comes_from_nowhere(page: Path) -> None:
    found = list(numbers_left(page))
    assert not found, "let tests/claims/numbers.py compute them, or leave them out:\n" + "\n".join(found)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"{promise.page}: {promise.text[:60]}")
def test_a_promise_is_held_by_tests_that_are_there(promise: Promise) -> None:
    assert loosely(promise.text).search((ROOT / promise.page).read_text("utf-8")), f"{promise.page} no longer says so"
    for test in promise.tests:
        file, _, name = test.partition("::")
        source = functions_of(ROOT / "tests" / file).get(name)
        assert source, f"there is no {test}"
        for number in re.findall(r"\d+", promise.text):
            assert number in source, f"{test} does not tell {number}"


@cache
def functions_of(file: Path) -> dict[str, str]:
    """Give the source of each function of a file."""
    text = file.read_text("utf-8")
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return {node.name: ast.get_source_segment(text, node) or "" for node in nodes}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CONTRIBUTING.md"], ids=name_of)
def test_no_promise_stands_without_a_test(page: Path) -> None:
    text = blank(page.read_text("utf-8"), _BLOCK)
    held = (*MEANINGS, *(promise.text for promise in PROMISES if promise.page == name_of(page)))
    found = list(left(page, blank(text, _WORD_SPAN, *map(loosely, held)), _STRONG))
    assert not found, "name the tests that hold them in tests/claims/promises.py:\n" + "\n".join(found)


def test_a_false_number_and_one_from_nowhere_are_found() -> None:
    page = ROOT / "docs" / "bulk.md"
    wrong = Claim("docs/bulk.md", "more than {} MiB", lambda: (17,))
    assert not said_by(wrong).search(page.read_text("utf-8"))
    text = "It takes 3 ms, ten times less.\n"
    assert [each.split(": ")[1] for each in left(page, text, _NUMBER)] == ["'3' in", "'ten' in"]
