"""Rules that can never apply to the types of their fields are mistakes; all others load."""

from typing import Any

import pytest

from premigrate.ruleset.crosscheck import resolve_rule_paths
from premigrate.ruleset.model.rule_file import RuleFile
from premigrate.ruleset.path_resolver import PathError, PathResolver
from tests.rule_tables import METADATA

TYPES = ("string", "email", "date", "datetime", "decimal", "integer", "boolean", "json", "object")


def load(keys: dict[str, Any]) -> str:
    """Return the mistake in one rule of a small market; empty if there is none."""
    fields: dict[str, Any] = {f"a_{kind}": {"type": kind} for kind in TYPES}
    fields |= {
        "words": {"list": "string"},
        "days": {"list": "date"},
        "part": {"object": "part"},
        "parts": {"list": "part"},
    }
    part = {"day": {"type": "date"}, "amount": {"type": "decimal"}, "text": {"type": "string"}}
    given = {name: ["a"] for name in ("known", "rows") if f"'{name}'" in repr(keys)}
    metadata = {"about": "x", "basis": "observed", "source": "x"}
    file = RuleFile.model_validate(
        {
            "object": {"account": {**metadata, "fields": fields}, "part": {**metadata, "fields": part}},
            "rule": [{"id": "ours", "on": "account", **METADATA, "example_lists": given, **keys}],
        }
    )
    (rule,) = file.rule
    try:
        resolve_rule_paths(PathResolver(file.object, "account"), rule, rule.places[0])
    except PathError as error:
        return str(error)
    return ""


def matches(kind: str) -> dict[str, Any]:
    return {"matches": {"field": f"a_{kind}", "patterns": ["x"]}}


ACCEPTED_TYPES: list[tuple[Any, set[str]]] = [
    (matches, {"string", "email", "json"}),
    (lambda kind: {"not_matching": {"join": [f"a_{kind}"], "patterns": ["x"]}}, {"string", "email", "json"}),
    (lambda kind: {"total": {"add": [f"a_{kind}"], "equals": "a_decimal"}}, {"decimal", "integer", "json"}),
    (
        lambda kind: {"product": {"of": ["a_decimal", "a_integer"], "equals": f"a_{kind}"}},
        {"decimal", "integer", "json"},
    ),
    (
        lambda kind: {"between": {"field": "a_decimal", "sums": [["a_integer"], [f"a_{kind}"]]}},
        {"decimal", "integer", "json"},
    ),
    (lambda kind: {"days": {"from": f"a_{kind}", "to": "a_date", "equals": "a_integer"}}, {"date", "datetime"}),
    (lambda kind: {"compare": [f"a_{kind}", "<=", "<today>"]}, {"date", "datetime"}),
    (lambda kind: {"compare": ["a_decimal", "<=", f"a_{kind}"]}, {"decimal", "integer", "json"}),
    (
        lambda kind: {"compare": [f"a_{kind}", "<=", {"of": "rows", "take": "v"}]},
        {"date", "datetime", "decimal", "integer", "json"},
    ),
    (lambda kind: {"compare": [{"earliest": [f"a_{kind}"]}, "<=", "<today>"]}, {"date", "datetime"}),
    (lambda kind: {"unique": [f"a_{kind}"]}, {"string", "email", "integer", "boolean", "json"}),
    (lambda kind: {"same": [f"a_{kind}", "a_string"]}, set(TYPES) - {"object"}),
    (lambda kind: {"listed": {"field": f"a_{kind}", "in": "known"}}, {"string", "email", "integer", "json"}),
    (lambda kind: {"includes": {"field": f"a_{kind}", "all_of": "known"}}, {"string", "email", "json"}),
    (lambda kind: {"refers": {"field": "a_string", "to": [f"a_{kind}"]}}, {"string", "email", "json"}),
    (lambda kind: {"refers": {"field": "a_date", "to": [f"a_{kind}"]}}, {"date", "datetime"}),
    (lambda kind: {"refers": {"field": "a_decimal", "to": [f"a_{kind}"]}}, {"decimal", "integer", "json"}),
    (lambda kind: {"holds": {f"a_{kind}": "x"}}, {"string", "email", "json"}),
    (lambda kind: {"holds": {f"a_{kind}": True}}, {"boolean", "json"}),
    (lambda kind: {"holds": {f"a_{kind}": {">": 0}}}, {"decimal", "integer", "json"}),
    (lambda kind: {"holds": {f"a_{kind}": {">=": "<today>"}}}, {"date", "datetime"}),
    (lambda kind: {"present": ["words"], "when": {f"a_{kind}": {"in_list": "known"}}}, {"string", "email", "json"}),
    (lambda kind: {"present": ["words"], "when": {f"a_{kind}": {"not_in_list": "known"}}}, {"string", "email", "json"}),
    (lambda kind: {"present": [f"a_{kind}"], "when": {f"a_{kind}": ["x", "<absent>"]}}, set(TYPES)),
    (lambda kind: {"present": ["words"], "when": [{f"a_{kind}": "x"}, {"a_string": "x"}]}, set(TYPES)),
]


@pytest.mark.parametrize(("make_rule", "accepted"), ACCEPTED_TYPES, ids=range(len(ACCEPTED_TYPES)))
def test_accepted_types(make_rule: Any, accepted: set[str]) -> None:
    assert {kind for kind in TYPES if not load(make_rule(kind))} == accepted


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (matches("date"), "matches requires a string, but 'a_date' is a date"),
        ({"matches": {"field": "words", "patterns": ["x"]}}, "'words' is a list"),
        ({"matches": {"field": "part", "patterns": ["x"]}}, "'part' is an object"),
        ({"on": "account.a_date", "matches": ["x"]}, "matches requires a string, but the field is a date"),
        ({"count": {"of": "a_string", "at_least": 1}}, "count requires a list"),
        (
            {"count": {"of": "parts[]", "where": {"day": "x"}, "at_least": 1}},
            "count where can never hold, because 'day'",
        ),
        ({"unique": ["days[]"]}, "unique cannot compare 'days[]', which is a date"),
        (
            {"total": {"add": ["parts[].text"], "equals": "a_decimal"}},
            "total requires a number, but 'parts[].text' is a string",
        ),
        (
            {"periods": {"of": "parts", "start": "text", "end": "day"}},
            "periods requires a date, but 'text' is a string",
        ),
        ({"covers": {"of": "parts", "end": "day", "date": "a_string"}}, "cannot compare a date with a string"),
        ({"for_each": "parts[]", "compare": ["day", "<=", "amount"]}, "cannot compare a date with a number"),
    ],
)
def test_mistake_is_reported(keys: dict[str, Any], expected: str) -> None:
    assert expected in load(keys)
