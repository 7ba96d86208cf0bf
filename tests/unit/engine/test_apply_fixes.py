"""Fixes are applied to a new payload; the given one stays as it is."""

import copy
from typing import Any

import pytest

from premigrate.engine.fixes.apply import apply_to_payload
from premigrate.results import Fix, FixAction, Place

KNOWN = frozenset({"customers"})


def _fix(path: Place, action: FixAction, value: Any = None) -> Fix:
    return Fix(path, action, value, "some-fix", "Do it.", is_safe=True)


@pytest.mark.parametrize(
    ("fix", "expected"),
    [
        (_fix(("customers", 1, "name"), "replace", "c"), {"customers": [{"name": "a"}, {"name": "c", "age": 1}]}),
        (_fix(("customers", 0), "replace", 1), {"customers": [1, {"name": "b", "age": 1}]}),
        (_fix(("customers", 1, "age"), "remove"), {"customers": [{"name": "a"}, {"name": "b"}]}),
        (_fix(("customers", 1, "name"), "rename", "n"), {"customers": [{"name": "a"}, {"n": "b", "age": 1}]}),
        (_fix((), "replace", 1), 1),
    ],
)
def test_a_fix_changes_its_place_only(fix: Fix, expected: Any) -> None:
    payload = {"customers": [{"name": "a"}, {"name": "b", "age": 1}]}
    before = copy.deepcopy(payload)
    changed = apply_to_payload(payload, [fix], KNOWN)
    assert changed == expected
    assert payload == before
    if isinstance(changed, dict) and isinstance(changed["customers"][1], dict):
        assert list(changed["customers"][1].values()) == list(expected["customers"][1].values())
    assert apply_to_payload({"payload": payload, "beside": 1}, [fix], KNOWN) == {"payload": expected, "beside": 1}


def test_several_fixes_are_applied_in_order() -> None:
    fixes = [_fix(("zz",), "rename", "customers"), _fix(("a",), "replace", 2), _fix(("b",), "remove")]
    assert apply_to_payload({"a": 1, "zz": [], "b": 3}, fixes, KNOWN) == {"a": 2, "customers": []}


def test_what_stays_the_same_is_shared() -> None:
    payload = {"customers": [{"name": "a"}], "ledgers": [{}]}
    changed = apply_to_payload(payload, [_fix(("customers", 0, "name"), "replace", "b")], KNOWN)
    assert changed["ledgers"] is payload["ledgers"]


@pytest.mark.parametrize(
    "fix",
    [
        _fix(("customers", 2, "name"), "replace", "c"),
        _fix(("customers", "name"), "replace", "c"),
        _fix(("ledgers",), "remove"),
        _fix(("customers", 0), "remove"),
        _fix(("customers", 0, "name"), "rename", "age"),
        _fix(("customers", 0, "name", "x"), "replace", 1),
    ],
)
def test_a_fix_of_another_payload_is_refused(fix: Fix) -> None:
    with pytest.raises(LookupError, match="some-fix"):
        apply_to_payload({"customers": [{"name": "a", "age": 1}]}, [fix], KNOWN)
