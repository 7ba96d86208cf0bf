"""Violations name the place and the value that the API would blame, and why, if more is known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from premigrate.engine.values import INVALID
from premigrate.formats.registry import FORMATS
from tests.unit.compiler.asking import Found, violations_of, violations_of_each
from tests.unit.compiler.test_operators import TODAY, day, operator_of, scope_of

ITEM, OTHER = {"k": "x", "v": 1}, {"k": "x", "v": 2}
AMOUNT, DOUBLE = Decimal("1.50"), Decimal("3.00")
JANUARY = {"s": day(1), "e": day(31), "k": "x"}
CASES: dict[str, tuple[dict[str, Any], Any, Found]] = {
    "present": ({"present": ["a", "b[].c"]}, {"a": "", "b": [{}]}, [("a", "", ""), ("b.0.c", None, "")]),
    "present keys": ({"present": ["a", "b", "c"]}, {"b": "x", "c": []}, [("a", None, ""), ("c", [], "")]),
    "absent": ({"absent": ["a", "b[].c"]}, {"a": 0, "b": [{}, {"c": "y"}]}, [("a", 0, ""), ("b.1.c", "y", "")]),
    "absent keys": ({"absent": ["a", "b"]}, {"b": "x"}, [("b", "x", "")]),
    "absent zeros": ({"absent": ["a", "b", "c"]}, {"a": 0, "b": "", "c": False}, [("a", 0, ""), ("c", False, "")]),
    "at_least_one": ({"at_least_one": ["a", "b"]}, {"a": ""}, [("", None, "")]),
    "at_most_one": ({"at_most_one": ["a", "b[]"]}, {"a": "x", "b": ["", "y", "z"]}, [("b.1", "y", "")]),
    "at_most_one of zeros": ({"at_most_one": ["a", "b"]}, {"a": False, "b": 0}, [("b", 0, "")]),
    "at_most_one of three": ({"at_most_one": ["a", "b", "c"]}, {"a": 1, "b": 2, "c": 3}, [("b", 2, "")]),
    "at_most_one of the last": ({"at_most_one": ["a", "b", "c"]}, {"b": 2, "c": 3}, [("c", 3, "")]),
    "all_or_none": ({"all_or_none": ["a", "b[].c", "d"]}, {"a": "x", "b": [{"c": None}, {}]}, [("b.0.c", None, "")]),
    "compare": ({"compare": ["a", "<", "b"]}, {"a": day(2), "b": day(1)}, [("a", day(2), "")]),
    "compare zeros": ({"compare": ["a", "<", "b"]}, {"a": 0, "b": 0}, [("a", 0, "")]),
    "compare many zeros": ({"compare": ["a[]", "<", "b[]"]}, {"a": [None, 0], "b": ["", 0]}, [("a.1", 0, "")]),
    "compare with a second": (
        {"compare": ["a", "<", {"first": ["b", "c", "d"]}]},
        {"a": day(2), "b": None, "c": day(1), "d": day(9)},
        [("a", day(2), "")],
    ),
    "compare a second": (
        {"compare": [{"first": ["b", "c", "d"]}, "<", "a"]},
        {"a": day(1), "b": "", "c": day(2), "d": day(1)},
        [("c", day(2), "")],
    ),
    "compare with a first": (
        {"compare": [{"first": ["a", "b[].c"]}, "<", "d"]},
        {"b": [{}, {"c": day(2)}], "d": day(1)},
        [("b.1.c", day(2), "")],
    ),
    "compare the day after": (
        {"compare": [{"day_after": "a[].b"}, "<=", "c"]},
        {"a": [{}, {"b": day(4)}], "c": day(4)},
        [("a.1.b", day(5), "")],
    ),
    "compare the latest": (
        {"compare": [{"latest": ["a[]"]}, "<=", "c"]},
        {"a": [day(2), day(5)], "c": day(4)},
        [("", day(5), "")],
    ),
    "compare a fixed day": ({"compare": [day(2), "<=", "a[].b"]}, {"a": [{"b": day(1)}]}, [("a.0.b", day(1), "")]),
    "compare today": ({"compare": ["<today>", ">", "a[]"]}, {"a": [day(1), TODAY]}, [("a.1", TODAY, "")]),
    "compare with today": ({"compare": ["a[]", "<", "<today>"]}, {"a": [day(1), TODAY]}, [("a.1", TODAY, "")]),
    "periods": (
        {"periods": {"of": "p", "start": "s", "end": "e"}},
        {"p": [{"s": day(9), "e": None}, {"s": day(1), "e": day(5)}]},
        [("p.0.s", day(9), "")],
    ),
    "periods of many lists": (
        {"periods": {"of": "a[].p", "start": "s", "end": "e"}},
        {"a": [{}, {"p": [{"s": day(1)}, {"s": day(3)}, {"s": day(2)}]}, {"p": [{"s": day(4)}, {"s": day(4)}]}]},
        [("a.1.p.2.s", day(2), ""), ("a.1.p.1.s", day(3), ""), ("a.2.p.1.s", day(4), "")],
    ),
    "periods together": (
        {"periods": {"of": "a[].p[]", "start": "s", "end": "e", "by": ["k"]}},
        {"a": [{"p": [JANUARY]}, {"p": [{**JANUARY, "k": "y"}, {**JANUARY, "s": day(5)}]}]},
        [("a.1.p.1.s", day(5), "")],
    ),
    "periods whose ends count": (
        {"periods": {"of": "p", "start": "s", "end": "e", "end_included": True}},
        {"p": [{"s": day(1), "e": day(5)}, {"s": day(6), "e": day(7)}, {"s": day(7), "e": day(8)}, {"s": day(10)}]},
        [("p.2.s", day(7), ""), ("p.3.s", day(10), "")],
    ),
    "periods by what is around": (
        {"periods": {"of": "a[].p[]", "start": "s", "end": "e", "by": ["up.g"]}},
        {"a": [{"g": 1, "p": [JANUARY]}, {"g": 2, "p": [JANUARY]}, {"g": 1, "p": [{**JANUARY, "s": day(2)}]}]},
        [("a.2.p.0.s", day(2), "")],
    ),
    "periods where something is around": (
        {"periods": {"of": "a[].p[]", "start": "s", "end": "e", "where": {"up.g": "x"}}},
        {"a": [{"g": "x", "p": [JANUARY]}, {"g": "y", "p": [JANUARY]}, {"g": "x", "p": [{**JANUARY, "s": day(2)}]}]},
        [("a.2.p.0.s", day(2), "")],
    ),
    "covers": ({"covers": {"of": "p", "end": "e", "date": "d"}}, {"p": [JANUARY], "d": day(31)}, [("p", day(31), "")]),
    "covers of many lists": (
        {"covers": {"of": "a[].p", "start": "s", "end": "e", "date": ["c", "d"]}},
        {"a": [{"p": [JANUARY]}, {"p": [{**JANUARY, "s": day(5)}]}], "c": day(4), "d": day(6)},
        [("a.1.p", day(4), "")],
    ),
    "count": ({"count": {"of": "a[].b", "at_most": 0}}, {"a": [{"b": [5]}]}, [("a.0.b", [5], "")]),
    "count of what is not there": ({"count": {"of": "a", "at_least": 1}}, {}, [("a", None, "")]),
    "count together": ({"count": {"of": "a[]", "at_least": 1}}, {"a": []}, [("", None, "")]),
    "unique": ({"unique": ["a[]", "b[].c"]}, {"a": ["x"], "b": [{}, {"c": "x"}]}, [("b.1.c", "x", "")]),
    "unique by key": ({"unique": {"of": ["a[]"], "key": ["k"]}}, {"a": [ITEM, OTHER]}, [("a.1", OTHER, "")]),
    "same": ({"same": ["a[]", "b"]}, {"a": ["x", "y"], "b": "z"}, [("a.1", "y", ""), ("b", "z", "")]),
    "same by key": ({"same": {"of": ["a[]"], "key": ["v"], "by": ["k"]}}, {"a": [ITEM, OTHER]}, [("a.1", OTHER, "")]),
    "unique by what is around": (
        {"unique": {"of": ["a[].p[]"], "key": ["up.g", "k"]}},
        {"a": [{"g": 1, "p": [ITEM]}, {"g": 2, "p": [ITEM, OTHER]}]},
        [("a.1.p.1", OTHER, "")],
    ),
    "same by what is around": (
        {"same": {"of": ["a[].p[]"], "key": ["v"], "by": ["up.g"]}},
        {"a": [{"g": 1, "p": [ITEM]}, {"g": 2, "p": [OTHER]}, {"g": 1, "p": [ITEM, OTHER]}]},
        [("a.2.p.1", OTHER, "")],
    ),
    "same as what is around": (
        {"same": {"of": ["a[].p[]"], "key": ["up.g"], "by": ["k"]}},
        {"a": [{"g": 1, "p": [ITEM]}, {"g": 2, "p": [OTHER]}]},
        [("a.1.p.0", OTHER, "")],
    ),
    "count by what is around": (
        {"count": {"of": "a[].p[]", "at_most": 0, "where": {"up.g": "x"}}},
        {"a": [{"g": "x", "p": [ITEM]}, {"g": "y", "p": [ITEM]}]},
        [("", None, "")],
    ),
    "total": ({"total": {"add": ["a"], "equals": "b"}}, {"a": AMOUNT, "b": DOUBLE}, [("b", DOUBLE, "")]),
    "total of what is not there": (
        {"total": {"add": ["a"], "equals": "b", "default": "0"}},
        {"a": 1},
        [("b", None, "")],
    ),
    "total in a list that is empty": (
        {"total": {"add": ["a"], "equals": "b[].c", "default": "0"}},
        {"a": 1},
        [("", None, "")],
    ),
    "product": ({"product": {"of": ["a", "b"], "equals": "c"}}, {"a": 2, "b": 2, "c": DOUBLE}, [("c", DOUBLE, "")]),
    "product of many": (
        {"product": {"of": ["a[]", "b"], "equals": "c[]"}},
        {"a": [2, AMOUNT], "b": 1, "c": [3, DOUBLE, 4, None, 5]},
        [("c.2", 4, ""), ("c.4", 5, "")],
    ),
    "between": (
        {"between": {"field": "a[]", "sums": [["b", "c"], ["d"]]}},
        {"a": [0, 1, 3, 4, None], "b": 1, "c": 2, "d": 1},
        [("a.0", 0, ""), ("a.3", 4, "")],
    ),
    "days": (
        {"days": {"from": "a", "to": "b", "equals": "c[]"}},
        {"a": day(1), "b": day(3), "c": [2, 3, Decimal(4), None]},
        [("c.0", 2, ""), ("c.2", Decimal(4), "")],
    ),
    "format": (
        {"format": {"field": "a[]", "is": "code"}},
        {"a": ["A", "1", "a", "", 5, 1.5]},
        [
            ("a.1", "1", ""),
            ("a.2", "a", "not written as the usual form"),
            ("a.4", 5, ""),
            ("a.5", 1.5, ""),
        ],
    ),
    "matches": ({"matches": {"field": "a[]", "patterns": ["x"]}}, {"a": ["x", "", "y"]}, [("a.2", "y", "")]),
    "not_matching": ({"not_matching": {"field": "a[]", "patterns": ["x"]}}, {"a": ["y", "x"]}, [("a.1", "x", "")]),
    "matches joined": (
        {"matches": {"join": ["a", "b[]", "c"], "patterns": ["x"]}},
        {"a": "", "b": ["", "x"], "c": "y"},
        [("b.1", "x y", "")],
    ),
    "holds": ({"holds": {"a": "x", "b[].c": "y"}}, {"a": "x", "b": [{"c": "z"}, {}]}, [("b.0.c", "z", "")]),
    "holds nowhere": ({"holds": {"b[].c": "y"}}, {"b": []}, [("", None, "")]),
    "holds in no table": ({"holds": [{"a": "x"}, {"a": "y"}]}, {"a": "z"}, [("", None, "")]),
    "refers": (
        {"refers": {"field": "a[].b", "to": ["c"]}},
        {"a": [{"b": "x"}, {"b": "y"}], "c": "x"},
        [("a.1.b", "y", "")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_violation_tells_what_is_wrong(name: str) -> None:
    demand, here, expected = CASES[name]
    assert violations_of(operator_of(demand), here) == expected


@pytest.mark.parametrize("filled", ["a", "b", "c"])
def test_one_of_several_lists_outside_is_enough(filled: str) -> None:
    check = operator_of({"at_least_one": ["account.a[].k", "account.b[].k", "c"]})
    root = {"a": [{}, {"k": ""}], "b": [{"k": None}]}
    assert violations_of_each(check, [{}, {"c": ""}], root) == [[("", None, "")]] * 2
    here, around = {filled: "x"}, {**root, filled: [{}, {"k": "x"}]}
    assert violations_of_each(check, [here, here], around) == [[], []]


@pytest.mark.parametrize("value", [0, False, "x", INVALID])
def test_what_is_filled_is_one_of_several(value: object) -> None:
    assert violations_of(operator_of({"at_least_one": ["a", "b"]}), {"b": value}) == []
    assert violations_of(operator_of({"at_least_one": ["a[]", "b[]"]}), {"b": [None, value]}) == []


def test_only_what_passes_with_a_doubt_is_suspicious() -> None:
    check = operator_of({"format": {"field": "a[]", "is": "code"}})
    found = check.check(scope_of({"a": ["A", "1", "a", True]}))
    assert [(each.place, bool(each.doubt)) for each in found] == [
        (("a", 1), False),
        (("a", 2), True),
        (("a", 3), False),
    ]


def test_a_format_may_depend_on_the_country() -> None:
    digits = FORMATS["pattern"](patterns=["[0-9]+"], form="digits")
    demand = {"format": {"field": "a[]", "is": "code", "territory": "b"}}
    check = operator_of(demand, {("code", "PT"): digits, ("other", "DK"): digits, ("code", None): digits})
    for country in ("PT", "pt"):
        assert violations_of(check, {"a": ["1", "x"], "b": country}) == [("a.1", "x", "")]
    for unknown in ("DK", "", None, 5, INVALID):
        assert violations_of(check, {"a": ["x"], "b": unknown}) == []


WRONG_ITEM = [{"k": "y"}, {"k": INVALID}]
SILENT: dict[str, tuple[dict[str, Any], Any]] = {
    "all_or_none": ({"all_or_none": ["a", "b"]}, {"a": INVALID, "b": ""}),
    "all_or_none but one": ({"all_or_none": ["a", "b"]}, {"a": INVALID, "b": "x"}),
    "at_most_one": ({"at_most_one": ["a", "b", "c"]}, {"a": "x", "b": "x", "c": INVALID}),
    "at_most_one in a list": ({"at_most_one": ["a", "b[]", "c"]}, {"a": "x", "b": [INVALID]}),
    "at_least_one": ({"at_least_one": ["a", "b[].k"]}, {"b": WRONG_ITEM}),
    "present": ({"present": ["a", "b[].k"]}, {"a": INVALID, "b": WRONG_ITEM}),
    "absent": ({"absent": ["a", "b[].c"]}, {"a": INVALID, "b": WRONG_ITEM}),
    "holds": ({"holds": {"b[].k": "x"}}, {"b": WRONG_ITEM}),
    "holds outside": ({"holds": {"account.b[].k": "x"}}, {"b": WRONG_ITEM}),
    "holds elsewhere": ({"holds": [{"a": "x"}, {"account.b[].k": "x"}]}, {"a": "y", "b": WRONG_ITEM}),
    "product": ({"product": {"of": ["a[]", "c"], "equals": "c"}}, {"a": [2, INVALID], "c": 5}),
    "product of nothing": ({"product": {"of": ["a[]", "b"], "equals": "c"}}, {"a": [2], "c": 5}),
    "product that is wrong": (
        {"product": {"of": ["a[]", "c"], "equals": "d[]"}},
        {"a": [2], "c": 1, "d": [2, INVALID]},
    ),
    "between": ({"between": {"field": "c", "sums": [["a[]"], ["b"]]}}, {"a": [2, INVALID], "b": 1, "c": 5}),
    "between the rest": ({"between": {"field": "c", "sums": [["a"], ["b"]]}}, {"a": 1, "c": 5}),
    "days": ({"days": {"from": "a", "to": "b", "equals": "c"}}, {"a": INVALID, "b": day(1), "c": 5}),
    "days to nowhere": ({"days": {"from": "a", "to": "b", "equals": "c"}}, {"a": day(1), "c": 5}),
    "includes": ({"includes": {"field": "b[].k", "all_of": "known"}}, {"b": WRONG_ITEM}),
    "listed": ({"listed": {"field": "b[].k", "in": "known"}}, {"b": [{"k": INVALID}, {"k": "a"}]}),
    "periods": (
        {"periods": {"of": "p", "start": "s", "end": "e", "by": ["k"]}},
        {"p": [JANUARY, {**JANUARY, "k": INVALID}]},
    ),
    "periods by lists": (
        {"periods": {"of": "p", "start": "s", "end": "e", "by": ["k"]}},
        {"p": [{**JANUARY, "k": [1]}] * 2},
    ),
    "total": ({"total": {"add": ["a"], "subtract": ["b[].k"], "equals": "c"}}, {"a": 1, "b": WRONG_ITEM, "c": 5}),
    "total that is wrong": ({"total": {"add": ["a"], "equals": "c"}}, {"a": 1, "c": INVALID}),
    "total beyond all numbers": ({"total": {"add": ["a", "a"], "equals": "c"}}, {"a": Decimal("9E+999999"), "c": 5}),
    "product beyond all numbers": (
        {"product": {"of": ["a", "b"], "equals": "c"}},
        {"a": Decimal("1E+999999"), "b": 10, "c": 5},
    ),
    "between what is beyond all numbers": (
        {"between": {"field": "c", "sums": [["a", "a"], ["b"]]}},
        {"a": Decimal("9E+999999"), "b": 10, "c": 5},
    ),
    "total of what is not there": ({"total": {"add": ["a"], "equals": "b"}}, {"a": 1}),
    "total in a list that is empty": ({"total": {"add": ["a"], "equals": "b[].c"}}, {"a": 1}),
    "total of nothing": ({"total": {"add": ["a"], "equals": "b"}}, {"b": 1}),
    "total under nothing": ({"total": {"add": ["a"], "at_most": "c"}}, {"a": 1}),
}


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_told_where_what_is_needed_is_wrong_itself(name: str) -> None:
    demand, here = SILENT[name]
    assert violations_of(operator_of(demand), here, here) == []


NO_OBJECTS = [INVALID, None, 5, True, "a", "abc", ["a"], [], date(2025, 1, 1)]


@pytest.mark.parametrize("here", NO_OBJECTS, ids=repr)
@pytest.mark.parametrize(
    "name", [name for name in CASES if name.split()[0] not in {"present", "at_least_one", "holds"}]
)
def test_of_what_is_no_object_there_is_nothing_to_tell(name: str, here: object) -> None:
    expected = {"count of what is not there": [("a", None, "")], "count together": [("", None, "")]}.get(name, [])
    assert violations_of(operator_of(CASES[name][0]), here) == ([] if here is INVALID else expected)


@pytest.mark.parametrize("here", NO_OBJECTS, ids=repr)
def test_nothing_is_present_in_what_is_no_object(here: object) -> None:
    is_wrong = here is INVALID
    assert violations_of(operator_of({"present": ["a", "b"]}), here) == [("a", None, ""), ("b", None, "")] * (
        not is_wrong
    )
    assert violations_of(operator_of({"at_least_one": ["a", "b"]}), here) == [("", None, "")] * (not is_wrong)
    assert violations_of(operator_of({"holds": {"a": "x"}}), here) == [("a", None, "")] * (not is_wrong)
