"""Conditions of rules, and the values of reference lists."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from premigrate.compiler.reference_tables import load_table
from premigrate.engine.conditions import make_when
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import INVALID
from premigrate.ruleset.model.rule_file import ReferenceList
from premigrate.ruleset.model.rules import Rule
from tests.unit.compiler.test_operators import TODAY, WORDS, rule_of, scope_of


def holds(when: dict[str, Any], here: object, root: object = None) -> bool:
    rule: Rule = rule_of({"present": ["x"], "when": when})
    test = make_when(WORDS.compile_when(rule.when), PathMaker())
    return test is None or test.holds(scope_of(here, root)) is True


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
        ("A", INVALID, False),
        ("<absent>", INVALID, False),
        ("<present>", INVALID, False),
        ({">": "<today>"}, date(2026, 2, 1), True),
        ({">": "<today>"}, TODAY, False),
        ({">=": "<today>"}, TODAY, True),
        ({"<=": "<today>"}, TODAY, True),
        ({"<": "<today>"}, TODAY, False),
        ({"<": "<today>"}, date(2026, 1, 30), True),
        ({"<": "<today>"}, None, False),
        ({"<": 2}, 1, True),
        ({"<": 2}, 2, False),
        ({"<=": 2}, Decimal(2), True),
        ({">=": 2}, 1, False),
        ({">": 2}, Decimal("2.01"), True),
        ({">": 2}, "3", False),
        ({"!=": 2}, 2, False),
        ({"!=": 2}, 3, True),
        ({"!=": "A"}, "B", True),
        ({"!=": "A"}, "A", False),
        ({"!=": "A"}, None, False),
        ({"!=": "A"}, INVALID, False),
        ({"in_list": "known"}, "a", True),
        ({"in_list": "known"}, "X", False),
        ({"not_in_list": "known"}, "X", True),
        ({"not_in_list": "known"}, "b", False),
        ({"not_in_list": "known"}, None, False),
        ({"not_in_list": "known"}, INVALID, False),
        ({"not_in_list": "known"}, 1, False),
    ],
)
def test_condition(condition: object, value: object, *, expected: bool) -> None:
    assert holds({"a": condition}, {"a": value}) is expected


def test_all_conditions_must_hold_and_may_look_from_the_top() -> None:
    assert holds({"a": "A", "account.b": "B"}, {"a": "A"}, {"b": "B"})
    assert not holds({"a": "A", "account.b": "B"}, {"a": "A"}, {"b": "C"})
    assert holds({"a": "<absent>"}, {})


def test_lists_may_hold_ranges() -> None:
    written = ("0998-1001", "x", "7-10", "1000-001")
    table = load_table(ReferenceList(values=written))
    assert [value for (value,) in table.rows] == ["0998", "0999", "1000", "1001", "x", "7-10", "1000-001"]
