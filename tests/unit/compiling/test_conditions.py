"""Conditions of rules, and the values of reference lists."""

from datetime import date
from typing import Any

import pytest

from premigrate.compiling.lists import expand_list
from premigrate.compiling.operands import compile_when
from premigrate.plan import WRONG, Scope
from premigrate.rulebook import Rule
from tests.unit.compiling.test_operators import TODAY, rule_of


def holds(when: dict[str, Any], here: object, root: object = None) -> bool:
    rule: Rule = rule_of({"present": ["x"], "when": when})
    return compile_when(rule.when, "account")(Scope(here, root, TODAY))


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("A", "A", True),
        ("A", "B", False),
        (["A", "B"], "B", True),
        (True, True, True),
        (True, False, False),
        ("<absent>", "", True),
        ("<absent>", None, True),
        ("<absent>", [], True),
        ("<absent>", False, False),
        ("<present>", "", False),
        ("<present>", 0, True),
        (["A", "<absent>"], "", True),
        (["A", "<absent>"], "B", False),
        ("A", WRONG, False),
        ("<absent>", WRONG, False),
        ("<present>", WRONG, False),
        ({"after": "<today>"}, date(2026, 2, 1), True),
        ({"after": "<today>"}, TODAY, False),
        ({"since": "<today>"}, TODAY, True),
        ({"until": "<today>"}, TODAY, True),
        ({"before": "<today>"}, TODAY, False),
        ({"before": "<today>"}, date(2026, 1, 30), True),
        ({"before": "<today>"}, None, False),
    ],
)
def test_condition(condition: object, value: object, *, expected: bool) -> None:
    assert holds({"a": condition}, {"a": value}) is expected


def test_all_conditions_must_hold_and_may_look_from_the_top() -> None:
    assert holds({"a": "A", "account.b": "B"}, {"a": "A"}, {"b": "B"})
    assert not holds({"a": "A", "account.b": "B"}, {"a": "A"}, {"b": "C"})
    assert holds({"a": "<absent>"}, {})


def test_lists_may_hold_ranges() -> None:
    assert expand_list(["0998-1001", "x", "7-10", "1000-001"]) == {
        "0998",
        "0999",
        "1000",
        "1001",
        "x",
        "7-10",
        "1000-001",
    }
