"""Every regular expression takes linear time: each is checked statically, and each is timed."""

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
"""Expressions that are stored as strings."""


def modules() -> list[str]:
    """Return the names of all modules without optional dependencies."""
    found = [module.name for module in pkgutil.walk_packages(premigrate.__path__, "premigrate.")]
    return [name for name in found if not name.startswith(("premigrate.integrations", "premigrate.__main__"))]


@cache
def named() -> dict[tuple[str, str], tuple[str, int]]:
    """Return the expressions that modules hold, by module and name."""
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
    """Return a value that is an expression, or the expressions in a tuple."""
    if isinstance(value, tuple):
        return [each for inside in value for each in expressions_in(inside)]
    return [value] if isinstance(value, re.Pattern) else []


@cache
def rule_expressions() -> list[tuple[str, int]]:
    """Return the expressions of all rules and schemes of all markets, with every rule on."""
    rulesets: list[Ruleset] = [everything_on(market) for market in premigrate.markets()]
    for market in premigrate.markets():
        validator_of(market)
    patterns = {text for ruleset in rulesets for rule in ruleset.rules for text in patterns_in(rule.model_dump())}
    patterns |= {text for ruleset in rulesets for scheme in ruleset.schemes.values() for text in patterns_in(scheme)}
    patterns |= {text for ruleset in rulesets for fix in ruleset.fixes for text in patterns_in(fix)}
    fields = [field for ruleset in rulesets for spec in ruleset.objects.values() for field in spec.fields.values()]
    patterns |= {pattern for field in fields for pattern in field.patterns or ()}
    compiled = {(each.pattern, each.flags) for each in gc.get_objects() if type(each) is LazyPattern}
    return sorted(
        {(compile_plain_pattern(text).pattern, compile_plain_pattern(text).flags) for text in patterns} | compiled
    )


def patterns_in(value: object) -> list[str]:
    """Return the plain patterns in a table of rules."""
    if isinstance(value, dict):
        own = [text for key in ("patterns", "tolerated") for text in value.get(key) or ()]
        own += ["".join(value["parts"])] if value.get("parts") else []
        return [*own, *(text for inner in value.values() for text in patterns_in(inner))]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in patterns_in(inner)]
    return patterns_in(value.model_dump()) if hasattr(value, "model_dump") else []


def test_expressions_are_compiled_at_module_level() -> None:
    """`named` does not find expressions that are compiled or used inside functions, except for those listed here."""
    calls = []
    for file in SRC.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        inside = {id(node) for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) for node in ast.walk(each)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and id(node) in inside:
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr not in {"escape"}:
                    calls.append((file.relative_to(SRC).as_posix(), node.func.attr, ast.unparse(node.args[0])))
    assert sorted(calls) == [
        ("batch/own_reports.py", "compile", "b'|'.join((_JSON if kind == 'json' else _OTHERS).values())"),
        ("compare/masking.py", "compile", "'|'.join(found)"),  # escaped values and their words
        ("compare/templates.py", "compile", "''.join(parts)"),  # over texts of bounded length
        ("compare/templates.py", "compile", "'|'.join((f'(?<!\\\\w){re.escape(text)}(?!\\\\w)' for text in longest))"),
        ("documents/array_elements.py", "compile", "other + b'(?:' + _STRING + other + b')*+([' + stops + b'])'"),
        ("documents/json_text.py", "finditer", "_OUTSIDE_STRINGS"),
        ("formats/pattern.py", "compile", "self.pattern"),
        ("formats/pattern.py", "finditer", "_QUANTIFIED_ATOM"),
        ("formats/printable.py", "search", "_UNPRINTABLE"),
        ("formats/printable.py", "sub", "_UNPRINTABLE"),
    ]


def test_expressions_have_no_faults() -> None:
    assert len(named()) > 15
    assert {place: problems for place, each in named().items() if (problems := faults(*each))} == {}
    assert {place: problems for place, text in TEXTS.items() if (problems := faults(text, re.DOTALL))} == {}


def test_expressions_of_rules_have_no_faults() -> None:
    assert len(rule_expressions()) > 20
    assert {pattern: problems for pattern, flags in rule_expressions() if (problems := faults(pattern, flags))} == {}


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
def test_checker_finds_slow_expressions(pattern: str) -> None:
    assert faults(pattern)


@pytest.mark.parametrize(
    "pattern", ["a*b", "(?:ab)*c", r"\d+\.\d+", "(?:a++)++", "[a-c]+[d-f]+x", '"(?:[^"\\\\]|\\\\.)*"', "a{1,9}b*"]
)
def test_checker_accepts_fast_expressions(pattern: str) -> None:
    assert not faults(pattern)


def hostile_to(pattern: str, *, pairs: bool) -> list[str]:
    """Return short texts of characters that an expression distinguishes; repeated, they may make it slow."""
    plain = sorted({letter for letter in pattern if letter.isalnum() or letter in " .-_@+\"'"})[:12]
    kinds = ["a", "0", " ", "-", ".", "@", '"', "\\", "\n", "\0", "\u00e9", *plain]
    singles = [letter for letter in dict.fromkeys(kinds) if letter in ALPHABET]
    return [*singles, *(map("".join, product(singles, repeat=2)) if pairs else ())]


def slow_texts(pattern: str, flags: int, max_size: int, *, pairs: bool) -> list[str]:
    compiled = re.compile(pattern, flags)

    def is_linear(text: str) -> bool:
        def make(size: int) -> object:
            subject = text * (size // len(text)) + "\x01"
            return lambda: compiled.fullmatch(subject)

        return grows_linearly(make, max_size)

    return [text for text in hostile_to(pattern, pairs=pairs) if not is_linear(text)]


def slow_expressions(max_size: int, *, pairs: bool) -> dict[object, list[str]]:
    """Return the expressions that take more than linear time, with the texts on which they do."""
    expressions: dict[object, tuple[str, int]] = dict(named()) | {each: each for each in rule_expressions()}
    return {place: texts for place, each in expressions.items() if (texts := slow_texts(*each, max_size, pairs=pairs))}


def test_expressions_take_linear_time() -> None:
    """Match each against long runs of what it accepts, followed by a character that it rejects."""
    assert slow_expressions(8_000, pairs=False) == {}


@pytest.mark.slow
def test_expressions_take_linear_time_on_longer_texts() -> None:
    assert slow_expressions(200_000, pairs=True) == {}
