"""Small markets, made in memory in a moment: a thing with some fields, and the platform's own codes and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from premigrate.compiling import compile_plan
from premigrate.plan import Plan
from premigrate.rulebook import ObjectSpec, ReferenceList, Rule, Rulebook, Scheme
from premigrate.running import Engine, Findings, run_plan
from tests.books import make_book
from tests.payloads import AS_OF

PAPERS = {"basis": "inferred", "source": "s"}
CODES = {"wrong": {"detail": "It is wrong: {value}."}, "bad": {"detail": "It is bad."}}
Tables = Mapping[str, Any]


@cache
def _empty() -> Rulebook:
    """A market whose thing has no fields."""
    return replace(make_book({"object": {"thing": {}}, "code": CODES}), root="thing")


def rule_of(demand: Tables, number: int = 1) -> Rule:
    """A rule on the thing, called ``r1``, with the papers that every rule has."""
    papers = {"why": "w.", **PAPERS, "good": 1, "bad": 1}
    given = {name: ["a"] for name in ("known", "pairs", "types") if repr(name) in repr(demand)}
    return Rule.model_validate({"id": f"r{number}", "on": "thing", "code": "wrong", **papers, "given": given, **demand})


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
    tables = {"thing": {"fields": fields}, **(objects or {})}
    return replace(
        _empty(),
        objects={name: ObjectSpec.model_validate({"about": "A.", **PAPERS, **table}) for name, table in tables.items()},
        rules=tuple(rule_of(demand, number) for number, demand in enumerate(rules, 1)),
        lists={name: ReferenceList.model_validate(table) for name, table in (lists or {}).items()},
        schemes={name: Scheme.model_validate({"source": "s", **table}) for name, table in (schemes or {}).items()},
        **more,
    )


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
