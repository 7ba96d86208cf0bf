"""No regular expression takes longer than in proportion to its input: each is looked at, and each is timed."""

import ast
import gc
import importlib
import pkgutil
import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.documents import json_text
from premigrate.formats import pattern, printable
from premigrate.formats.pattern import LazyPattern, compile_plain_pattern
from premigrate.ruleset.model.ruleset import Ruleset
from tests.backtracking import ALPHABET, faults
from tests.conftest import validator_of
from tests.growth import grows_linearly
from tests.property.test_everything_on import everything_on

SRC = Path(premigrate.__file__).parent

TEXTS = {
    "formats/pattern.py": pattern._QUANTIFIED_ATOM,
    "formats/printable.py": printable._UNPRINTABLE,
    "documents/json_text.py": json_text._OUTSIDE_STRINGS,
}
"""Expressions that are kept as texts."""


def modules() -> list[str]:
    """List all modules that need nothing that may be missing."""
    found = [module.name for module in pkgutil.walk_packages(premigrate.__path__, "premigrate.")]
    return [name for name in found if not name.startswith(("premigrate.integrations", "premigrate.__main__"))]


@cache
def named() -> dict[tuple[str, str], tuple[str, int]]:
    """List the expressions that modules hold, by module and name."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for module in map(importlib.import_module, modules()):
        for name, value in vars(module).items():
            place = str(Path(module.__file__ or "").relative_to(SRC)), name
            for number, each in enumerate(expressions_in(value)):
                text = each.pattern if isinstance(each.pattern, str) else each.pattern.decode("latin-1")
                found[place[0], f"{name} {number}"] = text, each.flags
            if isinstance(value, LazyPattern):
                found[place] = value.pattern, value.flags
    return found


def expressions_in(value: object) -> list[re.Pattern[Any]]:
    """List an expression, or those of a table."""
    if isinstance(value, tuple):
        return [each for inside in value for each in expressions_in(inside)]
    return [value] if isinstance(value, re.Pattern) else []


@cache
def of_rules() -> list[tuple[str, int]]:
    """List the expressions of all rules and schemes of all markets, with every rule switched on."""
    books: list[Ruleset] = [everything_on(market) for market in premigrate.markets()]
    for market in premigrate.markets():
        validator_of(market)
    said = {text for book in books for rule in book.rules for text in patterns_in(rule.model_dump())}
    said |= {text for book in books for scheme in book.schemes.values() for text in patterns_in(scheme)}
    made = {(each.pattern, each.flags) for each in gc.get_objects() if type(each) is LazyPattern}
    return sorted({(compile_plain_pattern(text).pattern, compile_plain_pattern(text).flags) for text in said} | made)


def patterns_in(value: object) -> list[str]:
    """List the plain patterns that a table of rules holds."""
    if isinstance(value, dict):
        own = [text for key in ("patterns", "tolerated") for text in value.get(key) or ()]
        return [*own, *(text for inner in value.values() for text in patterns_in(inner))]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in patterns_in(inner)]
    return patterns_in(value.model_dump()) if hasattr(value, "model_dump") else []


def test_expressions_stand_where_this_test_finds_them() -> None:
    """What is compiled inside a function would not be found; what compiling uses looks at code of our own only."""
    strays = []
    for file in SRC.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        inside = {id(node) for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) for node in ast.walk(each)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and id(node) in inside:
                whose = node.func.value
                if isinstance(whose, ast.Name) and whose.id == "re" and node.func.attr not in {"escape"}:
                    strays.append((file.relative_to(SRC).as_posix(), node.func.attr, ast.unparse(node.args[0])))
    assert sorted(strays) == [
        ("batch/own_reports.py", "compile", "b'|'.join((_JSON if kind == 'json' else _OTHERS).values())"),
        ("compare/masking.py", "compile", "'|'.join(found)"),  # values and their words, as they are
        ("compare/templates.py", "compile", "''.join(parts)"),  # over texts of bounded length
        ("compare/templates.py", "compile", "'|'.join((f'(?<!\\\\w){re.escape(text)}(?!\\\\w)' for text in longest))"),
        ("documents/array_elements.py", "compile", "other + b'(?:' + _STRING + other + b')*+([' + stops + b'])'"),
        ("documents/json_text.py", "finditer", "_OUTSIDE_STRINGS"),
        ("formats/pattern.py", "compile", "self.pattern"),
        ("formats/pattern.py", "finditer", "_QUANTIFIED_ATOM"),
        ("formats/printable.py", "search", "_UNPRINTABLE"),
        ("formats/printable.py", "sub", "_UNPRINTABLE"),
    ]


def test_each_expression_has_one_way_to_go_on() -> None:
    assert len(named()) > 15
    assert {place: told for place, each in named().items() if (told := faults(*each))} == {}
    assert {place: told for place, text in TEXTS.items() if (told := faults(text, re.DOTALL))} == {}


def test_each_expression_of_the_rules_has_one_way_to_go_on() -> None:
    assert len(of_rules()) > 20
    assert {pattern: told for pattern, flags in of_rules() if (told := faults(pattern, flags))} == {}


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*",
        "(?:ab|[a-c]d)*",
        "a*a*b",
        r"\s*\n?\s*x",
        "(a*)*",
        "(?:ab?)*b*",
        ".*x.*",
        r"\d+\w+",
        "(?:a{2}a*)+",
        "(?:a{2,3})*",
        "(?:a{1,9}b?)*",
    ],
)
def test_the_checker_finds_what_is_slow(pattern: str) -> None:
    assert faults(pattern)


@pytest.mark.parametrize(
    "pattern", ["a*b", "(?:ab)*c", r"\d+\.\d+", "(?:a++)++", "[a-c]+[d-f]+x", '"(?:[^"\\\\]|\\\\.)*"', "a{1,9}b*"]
)
def test_the_checker_lets_pass_what_is_not(pattern: str) -> None:
    assert not faults(pattern)


def hostile_to(pattern: str, *, pairs: bool) -> list[str]:
    """List short texts that, said again and again, may keep an expression busy: of the letters that it tells apart."""
    plain = sorted({letter for letter in pattern if letter.isalnum() or letter in " .-_@+\"'"})[:12]
    kinds = ["a", "0", " ", "-", ".", "@", '"', "\\", "\n", "\0", "\u00e9", *plain]
    singles = [letter for letter in dict.fromkeys(kinds) if letter in ALPHABET]
    return [*singles, *(map("".join, product(singles, repeat=2)) if pairs else ())]


def check(pattern: str, flags: int, most: int, *, pairs: bool) -> list[str]:
    compiled = re.compile(pattern, flags)

    def of(text: str) -> bool:
        def make(size: int) -> object:
            whole = text * (size // len(text)) + "\x01"
            return lambda: compiled.fullmatch(whole)

        return grows_linearly(make, most)

    return [text for text in hostile_to(pattern, pairs=pairs) if not of(text)]


def slow_ones(most: int, *, pairs: bool) -> dict[object, list[str]]:
    """List the expressions that take longer than in proportion, with the texts over which they do."""
    every: dict[object, tuple[str, int]] = dict(named()) | {each: each for each in of_rules()}
    return {place: told for place, each in every.items() if (told := check(*each, most, pairs=pairs))}


def test_each_expression_takes_time_in_proportion() -> None:
    """Each is given long rows of what it takes, with something at the end that it doesn't."""
    assert slow_ones(8_000, pairs=False) == {}


@pytest.mark.slow
def test_each_expression_takes_time_in_proportion_over_longer_texts() -> None:
    assert slow_ones(200_000, pairs=True) == {}
