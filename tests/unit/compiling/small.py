"""Small markets, made in memory in a moment: a thing with some fields, and the platform's own codes and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from premigrate.compiling import compile_plan
from premigrate.plan import Plan
from premigrate.rulebook import Rulebook
from premigrate.running import Engine, Findings, run_plan
from tests.books import make_book
from tests.payloads import AS_OF

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
) -> Rulebook:
    """A market whose root is a ``thing`` with these fields; its rules are called ``r1``, ``r2`` and so on."""
    tables = {
        "object": {"thing": {"fields": fields}, **(objects or {})},
        "rule": [
            {"id": f"r{number}", "on": "thing", "given": _given(demand), **demand}
            for number, demand in enumerate(rules, 1)
        ],
        "list": lists or {},
        "scheme": schemes or {},
        "code": CODES,
    }
    return replace(make_book(tables), root="thing", **more)


def _given(demand: Tables) -> dict[str, list[str]]:
    """What a rule finds in lists while its examples are tried, those too that a book of the tests has not."""
    return {name: ["a"] for name in ("known", "pairs", "types") if repr(name) in repr(demand)}


def plan_of(fields: Tables, rules: Sequence[Tables] = (), **more: Any) -> Plan:
    """The plan of such a market."""
    return compile_plan(book_of(fields, rules, **more))


def run(plan: Plan, payload: object) -> Findings:
    """What is found by the plan alone, which the code that was written for it finds too."""
    found = run_plan(plan, payload, AS_OF)
    assert Engine(plan).run(payload, AS_OF) == found
    return found


def errors(plan: Plan, payload: object) -> list[tuple[str, str, str]]:
    """Detail, code and attr of each error."""
    return [(error.detail, error.code, error.attr) for error in run(plan, payload).errors]


def advice(plan: Plan, payload: object) -> list[tuple[str, str]]:
    """Code and attr of each advice, of a payload without errors."""
    found = run(plan, payload)
    assert not found.errors
    return [(hint.code, hint.attr) for hint in found.advice]
