"""Small markets, made in memory in a moment: a thing with some fields, and the platform's own codes and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import msgpack

from premigrate.compiler.program import compile_program
from premigrate.engine.program import Program
from premigrate.engine.settle import Findings
from premigrate.ruleset.model.ruleset import Ruleset
from tests.books import make_book
from tests.payloads import AS_OF
from tests.run_program import run_program

PAPERS = {"basis": "inferred", "source": "s"}
CODES = {"wrong": {"detail": "It is wrong: {value}."}, "bad": {"detail": "It is bad."}}
Tables = Mapping[str, Any]


def book_of(
    fields: Tables,
    rules: Sequence[Tables] = (),
    *,
    objects: Tables | None = None,
    lists: Tables | None = None,
    schemes: Tables | None = None,
    **more: Any,
) -> Ruleset:
    """A market whose root is a ``thing`` with these fields; its rules are called ``r1``, ``r2`` and so on."""
    tables = {
        "object": {"thing": {"fields": fields}, **(objects or {})},
        "rule": [
            {"id": f"r{number}", "on": "thing", "example_lists": _example_lists(demand), **demand}
            for number, demand in enumerate(rules, 1)
        ],
        "list": lists or {},
        "scheme": schemes or {},
        "code": CODES,
    }
    return replace(make_book(tables), root="thing", **more)


def _example_lists(demand: Tables) -> dict[str, list[str]]:
    """What a rule finds in lists while its examples are tried, those too that a book of the tests has not."""
    return {name: ["a"] for name in ("known", "pairs", "types") if repr(name) in repr(demand)}


def program_of(fields: Tables, rules: Sequence[Tables] = (), **more: Any) -> Program:
    """The program of such a market."""
    return compile_program(book_of(fields, rules, **more))


def run(program: Program, payload: object) -> Findings:
    """What is found, by a program that was kept as data and read again."""
    kept = msgpack.decode(msgpack.encode(program), type=Program)
    assert kept == program
    return run_program(kept, payload, AS_OF)


def errors(program: Program, payload: object) -> list[tuple[str, str, str]]:
    """Detail, code and attr of each error."""
    return [(error.detail, error.code, error.attr) for error in run(program, payload).errors]


def advice(program: Program, payload: object) -> list[tuple[str, str]]:
    """Code and attr of each advice, of a payload without errors."""
    found = run(program, payload)
    assert not found.errors
    return [(hint.code, hint.attr) for hint in found.advice]


def expected(program: Program, payload: object) -> list[str]:
    """What would be right instead of each error of a thing."""
    return [error.expected for error in run(program, payload).errors]
