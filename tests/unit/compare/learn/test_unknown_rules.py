"""The rules that errors with an unknown code are evidence for."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from premigrate.compare.learn.codes import propose_codes
from premigrate.compare.learn.overlay_tables import add_changes
from premigrate.compare.learn.unknown_rules import propose_rules
from premigrate.compare.proposals import ProposedChange
from premigrate.rule_tests.rules import ExampleChecker
from premigrate.ruleset.model.rules import Rule
from tests.payloads import AS_OF
from tests.unit.compare.learn.small import Answered, Tenant

NON = "non_field_errors"
FIELDS: dict[str, Any] = {
    "a": {"type": "string"},
    "b": {"type": "string"},
    "c": {"type": "choice", "choices": ["X", "Y", "Z"]},
    "d": {"type": "date"},
    "e": {"type": "date"},
    "o": {"type": "choice", "open": True},
    "s": {"type": "string", "personal": True},
    "n": {"list": "part"},
}
PART = {"part": {"fields": {"k": {"type": "string"}, "m": {"type": "integer"}}}}


def refused(*payloads: dict[str, Any], attr: str = NON, code: str = "odd") -> list[Answered]:
    return [(each, [(code, attr)]) for each in payloads]


def accepted(*payloads: dict[str, Any]) -> list[Answered]:
    return [(each, []) for each in payloads]


def proposals(calls: list[Answered]) -> list[ProposedChange]:
    tenant = Tenant(FIELDS, calls, objects=PART)
    found = list(propose_rules(tenant.ruleset, tenant.validator, tenant.cases))
    for each in found:
        _check(tenant, each)
    return found


def _check(tenant: Tenant, change: ProposedChange) -> None:
    """Check that the rule is valid, and that its examples say what it does."""
    table = add_changes({}, tenant.ruleset, [change])["rule"][0]
    rule = Rule.model_validate(table)
    assert (rule.basis, rule.code) == ("observed", change.value)
    ruleset = replace(tenant.ruleset, rules=(rule,), codes={**tenant.ruleset.codes, "odd": tenant.ruleset.codes["bad"]})
    checker = ExampleChecker(ruleset, AS_OF)
    examples = checker.examples(rule)
    assert {each.is_good for each in examples} == {True, False}
    assert not list(checker.failures(rule)), table


def learned(calls: list[Answered]) -> list[dict[str, Any]]:
    hidden = {"good", "bad"}
    return [{key: value for key, value in each.keys.items() if key not in hidden} for each in proposals(calls)]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([*refused({"b": "x"}, {"b": "y"}, {}), *accepted({"a": "x"}, {"a": "y"}, {"a": "1"})], {"present": ["a"]}),
        (
            [*refused({"a": "x", "c": "X"}, {"c": "X"}, {"b": "y", "c": "X"}), *accepted({"c": "Y"}, {"c": "Z"}, {})],
            {"holds": {"c": ["<absent>", {"!=": "X"}]}},
        ),
        (
            [
                *refused({"a": "1", "b": "1"}, {"a": "2", "b": "2"}, {"a": "3", "b": "3"}),
                *accepted({"a": "1", "b": "2"}, {"a": "2", "b": "3"}, {"a": "1", "b": "3"}),
            ],
            {"unique": ["a", "b"]},
        ),
        (
            [
                *refused({"a": "1", "c": "X"}, {"a": "2", "c": "X"}, {"a": "3", "c": "X"}),
                *accepted({"a": "1", "c": "Y"}, {"c": "X"}, {"b": "3"}),
            ],
            {"when": {"a": "<present>"}, "holds": {"c": ["<absent>", {"!=": "X"}]}},
        ),
        (  # two conditions explain all: neither is certain, so both must hold
            [*refused(*[{"a": "1", "c": "X"}] * 3), *accepted({"b": "x"}, {"b": "x", "c": "Y"}, {"b": "y"})],
            {"when": {"b": "<absent>"}, "absent": ["a"]},
        ),
    ],
)  # fmt: skip
def test_conditions(calls: list[Answered], expected: dict[str, Any]) -> None:
    assert learned(calls) == [{"on": "thing", **expected}]


def test_a_rule_is_learned_inside_lists_and_where_other_fields_fail() -> None:
    bad, good = {"m": 1}, {"k": "x", "m": 1}
    calls = [
        *refused({"n": [good, bad]}, {"n": [good, bad]}, attr="n.1.k"),
        ({"n": [{"m": "x"}]}, [("odd", "n.0.k"), ("invalid", "n.0.m")]),
        *accepted(*[{"n": [good]}] * 3),
    ]
    assert learned(calls) == [{"on": "part", "attr": "k", "field_validator": True, "present": ["k"]}]


def day(distance: int, start: date = date(2020, 1, 1)) -> str:
    return (start + timedelta(days=distance)).isoformat()


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (
            [*refused(*({"d": day(-n)} for n in (1, 30, 90))), *accepted(*({"d": day(n)} for n in (0, 20, 90)))],
            ["d", ">=", date(2020, 1, 1)],
        ),
        (
            [*refused(*({"d": day(n)} for n in (5, 30, 90))), *accepted(*({"d": day(-n)} for n in (0, 20, 90)))],
            ["d", "<=", date(2020, 1, 5)],
        ),
        (
            [
                *refused(*({"d": day(n + 31), "e": day(n)} for n in (0, 400, 800))),
                *accepted(*({"d": day(n + 30), "e": day(n)} for n in (0, 400, 800))),
            ],
            ["d", "<=", {"days": 30, "after": "e"}],
        ),
        (
            [
                *refused(*({"d": day(n - 1), "e": day(n)} for n in (0, 400, 800))),
                *accepted(*({"d": day(2 * n), "e": day(n)} for n in (0, 400, 800))),
            ],
            ["d", ">=", "e"],
        ),
    ],
)  # fmt: skip
def test_dates(calls: list[Answered], expected: list[Any]) -> None:
    assert learned(calls) == [{"on": "thing", "compare": expected}]


def test_texts_of_an_open_choice_are_refused_one_by_one() -> None:
    calls = [
        *refused({"o": "A.1"}, {"o": "A.1"}, {"o": "B"}, {"o": "B"}, {"o": "Z"}, attr="o", code="invalid_choice"),
        *accepted({"o": "C"}),
    ]
    assert learned(calls) == [{"on": "thing.o", "not_matching": [r"A\.1", "B"]}]


@pytest.mark.parametrize(
    "calls",
    [
        [*refused({"b": "x"}), *accepted({"a": "x"}, {"a": "y"}, {"a": "1"})],  # too few
        [*refused(*[{"b": "x"}] * 3), *accepted({"a": "x"})],
        [*refused(*[{"b": "x"}] * 3), *accepted(*[{"b": "x"}] * 3)],  # no difference
        [*refused(*[{"s": "x"}] * 3, attr="s"), *accepted(*[{"s": "y"}] * 3)],  # a personal value is never written
        [*refused(*[{"b": "x"}] * 3, code="Odd Code"), *accepted(*[{"a": "x"}] * 3)],
        [*refused(*[{"b": "x"}] * 3, code="overflow", attr="q"), *accepted(*[{}] * 3)],
    ],
)  # fmt: skip
def test_nothing_is_learned(calls: list[Answered]) -> None:
    assert proposals(calls) == [] or calls[0][1][0][0] == "overflow"


def test_renamed_code() -> None:
    rule = {"present": ["a"], "code": "wrong", "attr": "a"}
    told = [({}, [("other", "a")]), ({"b": "x"}, [("other", "a"), ("more", NON)]), ({"a": "x"}, [])]
    tenant = Tenant(FIELDS, told, objects=PART, rules=[rule])
    (found,) = propose_codes(tenant.ruleset, tenant.cases)
    assert (found.kind, found.name, found.value, found.old) == ("code", "r1", "other", "wrong")
    assert found.evidence == "Observed: 2 times instead of wrong, the first at calls, account 0."
    contradictions: list[Answered] = [({}, [("wrong", "a")]), ({}, []), ({}, [("more", NON)])]
    for contradiction in contradictions:
        tenant = Tenant(FIELDS, [*told, contradiction], objects=PART, rules=[rule])
        assert not list(propose_codes(tenant.ruleset, tenant.cases))
