"""What recorded answers say about single fields."""

from typing import Any

import pytest

from premigrate.compare.learn.fields import propose_fields
from tests.unit.compare.learn.small import Answered, Tenant

TEXT = {"type": "string"}


Calls = list[Answered]


def learned(field: dict[str, Any], calls: list[Answered]) -> list[dict[str, Any]]:
    tenant = Tenant({"a": field, "b": TEXT}, calls)
    return [dict(each.keys) for each in propose_fields(tenant.ruleset, tenant.validator, tenant.cases)]


def refused(code: str, *values: Any, detail: str = "-") -> list[Answered]:
    """Return calls in which the API reported a code at the field; None stands for a missing value."""
    return [({} if value is ... else {"a": value}, [(code, "a", detail)]) for value in values]


def accepted(*values: Any) -> list[Answered]:
    return [({} if value is ... else {"a": value}, []) for value in values]


@pytest.mark.parametrize(
    ("field", "calls", "expected"),
    [
        (TEXT, [*refused("required", ..., ...), *accepted("x")], [{"required": True}]),
        (TEXT, [*refused("required", ...), *accepted("x")], []),  # a single account may have another reason
        (TEXT, [*refused("required", ..., ...), *accepted(...)], []),  # only sometimes
        ({**TEXT, "required": True}, [*refused("required", ..., ...), *accepted(...)], [{"required": False}]),
        ({**TEXT, "required": True}, accepted(...), [{"required": False}]),
        ({**TEXT, "required": True}, [*refused("required", ...), *accepted("x")], []),
        ({**TEXT, "nullable": True}, refused("null", None, None), [{"nullable": False}]),
        (TEXT, accepted(None), [{"nullable": True}]),
        (TEXT, refused("other", None, None), []),  # nobody knows whether null passed
        (TEXT, refused("blank", "", " "), [{"blank": False}]),
        ({**TEXT, "required": True}, accepted(""), [{"blank": True}]),
    ],
)
def test_presence(field: dict[str, Any], calls: list[Answered], expected: list[dict[str, Any]]) -> None:
    assert learned(field, calls) == expected


MAX, MIN = "max_length", "min_length"


@pytest.mark.parametrize(
    ("field", "calls", "expected"),
    [
        (TEXT, [*refused(MAX, "x" * 9, "x" * 12), *accepted("x" * 4)], [{"max_length": 8}]),
        (TEXT, [*refused(MAX, "x" * 9, "x" * 12, detail="5 at most"), *accepted("x" * 4)], [{"max_length": 5}]),
        (TEXT, [*refused(MAX, "x" * 9, "x" * 12, detail="3 at most"), *accepted("x" * 4)], [{"max_length": 8}]),
        (TEXT, [*refused(MAX, "x" * 9, "x" * 12), *accepted("x" * 9)], []),  # contradiction
        ({**TEXT, "max_length": 9}, [*refused(MAX, "x" * 12, "x" * 13), *accepted("x")], []),
        ({**TEXT, "max_length": 9}, [*refused(MAX, *["x" * 12] * 2, detail="8"), *accepted("x")], [{"max_length": 8}]),
        ({**TEXT, "max_length": 9}, accepted("x" * 12), [{"max_length": None}]),
        ({**TEXT, "max_length": 9}, [*refused(MAX, *["x" * 12] * 2), *accepted("x" * 12)], [{"max_length": None}]),
        ({"type": "decimal"}, [*refused("max_value", "1e999", 10**5000), *accepted(3)], []),
        (TEXT, [*refused(MIN, "x", "xx"), *accepted("x" * 5)], [{"min_length": 3}]),
        ({"type": "integer"}, [*refused("max_value", 9, "12"), *accepted(3)], [{"max": 8}]),
        ({"type": "integer"}, [*refused("min_value", 1, 2, detail="at least 4"), *accepted(5)], [{"min": 4}]),
        ({"type": "decimal"}, [*refused("max_value", "9.5", 12), *accepted("3")], [{"max": None, "below": "9.5"}]),
    ],
)  # fmt: skip
def test_limits(field: dict[str, Any], calls: list[Answered], expected: list[dict[str, Any]]) -> None:
    """The number in the text counts if it explains all values; else the limit refuses only what was refused."""
    assert learned(field, calls) == expected


INTEGER = "A valid integer is required."
CHOICE = {"type": "choice", "choices": ["A", "B", "C"]}


@pytest.mark.parametrize(
    ("field", "calls", "expected"),
    [
        (CHOICE, [*refused("invalid_choice", "B", "B"), *accepted("A")], [{"choices": ["A", "C"]}]),
        (CHOICE, accepted("D", "A", "D"), [{"choices": ["A", "B", "C", "D"]}]),
        (CHOICE, accepted("D", "A"), []),  # a text of one account might be personal
        (CHOICE, [*refused("invalid_choice", "B", "B"), *accepted("B")], []),
        ({**CHOICE, "personal": True}, [*refused("invalid_choice", "B", "B"), *accepted("A")], []),
    ],
)
def test_choices(field: dict[str, Any], calls: list[Answered], expected: list[dict[str, Any]]) -> None:
    assert learned(field, calls) == expected


@pytest.mark.parametrize(
    ("field", "calls", "expected"),
    [
        (TEXT, [*refused("invalid", "x", "1.5x"), *accepted("1", "2.5")], [{"type": "decimal"}]),
        (TEXT, [*refused("invalid", "x", "1.5"), *accepted("1")], [{"type": "integer"}]),
        (TEXT, [*refused("invalid", "x", "y", detail=INTEGER), *accepted("1")], [{"type": "integer"}]),
        (TEXT, [*refused("invalid", "31.01.2020", "x"), *accepted("2020-01-31")], [{"type": "datetime"}]),
        (TEXT, [*refused("invalid", "1", "2"), *accepted("1")], []),
        ({"type": "integer"}, accepted("x"), [{"type": "json"}]),
        ({"type": "date"}, [*refused("invalid", [], {}), *accepted("yesterday")], [{"type": "string"}]),
    ],
)  # fmt: skip
def test_types(field: dict[str, Any], calls: list[Answered], expected: list[dict[str, Any]]) -> None:
    """Of types that explain all values, the one whose text the API uses, else the one that refuses least."""
    assert learned(field, calls) == expected
