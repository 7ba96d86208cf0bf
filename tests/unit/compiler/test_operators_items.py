"""Operators that count, compare or add up many items; the plain definitions stand in the tests."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.values import INVALID
from tests.unit.compiler.asking import Found, violations_of, violations_of_each
from tests.unit.compiler.test_operators import operator_of

TEXTS = st.lists(st.sampled_from(["x", "y", "z"]), max_size=12)
MIXED = st.lists(st.sampled_from(["x", "y", "", None, INVALID, 1, True, 1.5]), max_size=12)
KINDS = st.lists(st.sampled_from(["x", "y"]) | st.sampled_from(["x", INVALID, None]), max_size=5)
OTHERS = st.lists(st.sampled_from(["x", "y", "", None, INVALID, 1, Decimal(1), Decimal("1.5")]), max_size=12)
ONE_KIND = st.sampled_from(["x", "x", "y", INVALID])
AMOUNTS = st.sampled_from([1, Decimal("0.1"), Decimal("-2.50"), 0])
MAYBE = st.one_of(*[AMOUNTS] * 5, st.none())


def objects(name: str, values: list[Any]) -> list[dict[str, Any]]:
    return [{name: value} for value in values]


@pytest.mark.parametrize("of", ["a[]", "account.a[]"])
@pytest.mark.parametrize("bounds", [{"at_least": 2}, {"at_most": 2}, {"at_least": 1, "at_most": 3}])
def test_items_that_are_meant_are_counted_and_those_that_may_be_in_favour(of: str, bounds: dict[str, int]) -> None:
    counting = operator_of({"count": {"of": of, "where": {"k": "x"}, **bounds}})

    @given(KINDS, KINDS)
    def check(kinds: list[Any], others: list[Any]) -> None:
        def expected(counted: list[Any]) -> Found:
            surely, perhaps = counted.count("x"), counted.count("x") + counted.count(INVALID)
            is_right = perhaps >= bounds.get("at_least", 0) and surely <= bounds.get("at_most", 99)
            return [] if is_right else [("", None, "")]

        heres = [{"a": objects("k", each)} for each in (kinds, others)]
        found = violations_of_each(counting, heres, {"a": objects("k", others)})
        assert found == ([expected(kinds), expected(others)] if of == "a[]" else [expected(others)] * 2)

    check()


@given(st.lists(st.lists(st.none(), max_size=3) | st.sampled_from([INVALID, None, "x"]), max_size=4))
def test_each_of_several_lists_is_counted_alone(lists: list[Any]) -> None:
    counting = operator_of({"count": {"of": "a[].b", "at_least": 1, "at_most": 2}})
    expected = [
        (f"a.{number}.b", each, "")
        for number, each in enumerate(lists)
        if each is not INVALID and not (isinstance(each, list) and 1 <= len(each) <= 2)
    ]
    assert violations_of(counting, {"a": objects("b", lists)}) == expected


@pytest.mark.parametrize("second", ["c[]", "account.c[]"])
def test_every_repetition_of_a_value_is_told(second: str) -> None:
    comparing = operator_of({"unique": ["a[].b", second]})

    @given(TEXTS | MIXED, TEXTS | MIXED)
    def check(first: list[Any], others: list[Any]) -> None:
        placed = [(f"a.{number}.b", each) for number, each in enumerate(first)]
        placed += [(f"c.{number}" if second == "c[]" else "", each) for number, each in enumerate(others)]
        seen: list[tuple[Any, type]] = []
        expected = []
        for place, each in placed:
            key = each, type(each)
            if key in seen:
                expected.append((place, each, ""))
            elif each and isinstance(each, str | int):
                seen.append(key)
        here = {"a": objects("b", first), "c": others}
        assert violations_of(comparing, here, {"c": others}) == expected

    check()


@given(st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from(["x", "", None, INVALID, []])), max_size=6))
def test_every_repetition_of_a_key_of_several_parts_is_told(keys: list[tuple[Any, Any]]) -> None:
    comparing = operator_of({"unique": {"of": ["a[]"], "key": ["k", "l"], "where": {"k": "x"}}})
    items = [{"k": one, "l": other} for one, other in keys]
    told_keys = [(one, other or "") for one, other in keys]
    expected = [
        (f"a.{number}", items[number], "")
        for number, key in enumerate(told_keys)
        if key[0] == "x" and key[1] is not INVALID and key in told_keys[:number]
    ]
    assert violations_of(comparing, {"a": items}) == expected


def test_repetitions_within_one_item_are_forgiven_and_those_across_are_not() -> None:
    comparing = operator_of({"unique": {"of": ["[].p[].id"], "across": "[]"}})

    @given(st.lists(st.lists(st.sampled_from("xyz"), max_size=3), max_size=4))
    def check(lists: list[list[str]]) -> None:
        first_at: dict[str, int] = {}
        expected = []
        for which, values in enumerate(lists):
            for number, each in enumerate(values):
                if first_at.setdefault(each, which) != which:
                    expected.append((f"{which}.p.{number}.id", each, ""))
        assert violations_of(comparing, [{"p": objects("id", values)} for values in lists]) == expected

    check()


@pytest.mark.parametrize("second", ["c[]", "account.c[]"])
def test_items_that_differ_from_the_first_of_their_group_are_told(second: str) -> None:
    agreeing = operator_of({"same": {"of": ["a[]", second], "key": ["v", "w"], "by": ["g"], "where": {"k": "x"}}})
    value = st.sampled_from([1, 2, "", None, INVALID])
    items = st.lists(
        st.fixed_dictionaries({"g": st.sampled_from(["m", "n", "", INVALID]), "v": value, "w": value, "k": ONE_KIND}),
        max_size=5,
    )

    @given(items, items)
    def check(first: list[Any], others: list[Any]) -> None:
        placed = [(f"a.{number}", each) for number, each in enumerate(first)]
        placed += [(f"c.{number}" if second == "c[]" else "", each) for number, each in enumerate(others)]
        firsts: dict[tuple[str, str], Any] = {}
        expected = []
        for place, each in placed:
            if each["k"] != "x" or each["g"] in ("", INVALID):
                continue
            for part in ("v", "w"):
                if each[part] in (1, 2) and firsts.setdefault((each["g"], part), each[part]) != each[part]:
                    expected.append((place, each, ""))
                    break
        assert violations_of(agreeing, {"a": first, "c": others}, {"c": others}) == expected

    check()


@given(TEXTS | OTHERS, TEXTS | OTHERS, TEXTS)
def test_values_are_among_others_of_several_lists(asked: list[Any], inside: list[Any], outside: list[Any]) -> None:
    referring = operator_of({"refers": {"field": "a[].b", "to": ["c[]", "account.d[].e"]}})
    known = [(each, isinstance(each, str)) for each in (*inside, *outside)]
    expected = [
        (f"a.{number}.b", each, "")
        for number, each in enumerate(asked)
        if each not in ("", None, INVALID) and (each, isinstance(each, str)) not in known
    ]
    here = {"a": objects("b", asked), "c": inside}
    assert violations_of(referring, here, {"d": objects("e", outside)}) == ([] if INVALID in inside else expected)


@pytest.mark.parametrize("wrong", ["c", "d"])
def test_nothing_is_told_of_values_where_one_of_the_others_is_wrong(wrong: str) -> None:
    referring = operator_of({"refers": {"field": "a", "to": ["account.c[]", "account.d[]"]}})
    root = {"c": ["x"], "d": ["y"]}
    heres = [{"a": "x"}, {"a": "y"}, {"a": "z"}, {"a": ""}]
    assert violations_of_each(referring, heres, root) == [[], [], [("a", "z", "")], []]
    assert violations_of_each(referring, heres, {**root, wrong: ["x", INVALID]}) == [[]] * 4


def summed(items: list[tuple[Any, Any]]) -> Decimal | None:
    """What is added up of amounts with their signs; None if one of them is missing or can't be read."""
    total = Decimal(0)
    for amount, kind in items:
        if INVALID in (amount, kind) or amount is None:
            return None
        total += -Decimal(amount) if kind == "OUT" else Decimal(amount)
    return total


SIGNED = st.lists(st.tuples(AMOUNTS, st.sampled_from(["IN", "OUT", None])), max_size=5) | st.lists(
    st.tuples(MAYBE | st.just(INVALID), st.sampled_from(["IN", "OUT", INVALID])), max_size=3
)


@pytest.mark.parametrize("base", ["a", "account.a"])
@pytest.mark.parametrize(("word", "is_bound"), [("equals", False), ("at_most", True)])
@pytest.mark.parametrize("default", [None, "1"])
def test_many_amounts_are_added_up(base: str, word: str, default: str | None, *, is_bound: bool) -> None:
    demand = {"add": [f"{base}.more[].n", "one"], "subtract": [f"{base}.less[].n"], "minus_when": {"k": ["OUT"]}}
    absent = {} if default is None else {"default": default}
    adding = operator_of({"total": {**demand, word: "sum", "times": 2, "within": "0.1", **absent}})

    @given(SIGNED, st.lists(MAYBE, max_size=3), st.lists(st.tuples(MAYBE, MAYBE), min_size=1, max_size=3))
    def check(signed: list[Any], less: list[Any], asked: list[tuple[Any, Any]]) -> None:
        amounts = {"more": [{"n": amount, "k": kind} for amount, kind in signed], "less": objects("n", less)}
        expected: list[Found] = []
        for one, target in asked:
            total, taken = summed([*signed, (one, None)]), summed([(amount, None) for amount in less])
            right = default if target is None else target
            if total is None or taken is None or right is None:
                expected.append([])
                continue
            over = total - taken - 2 * Decimal(right)
            is_wrong = (over if is_bound else abs(over)) > Decimal("0.1")
            expected.append([("sum", target, "")] if is_wrong else [])
        heres = [{"a": amounts, "one": one, "sum": target} for one, target in asked]
        assert violations_of_each(adding, heres, {"a": amounts}) == expected

    check()


def test_a_list_that_is_wrong_may_have_any_number_of_items() -> None:
    counting = operator_of({"count": {"of": "a[]", "where": {"k": "x"}, "at_least": 2}})
    assert violations_of(counting, {"a": INVALID}) == []
    assert violations_of(counting, {"a": []}) == [("", None, "")]


def test_the_sign_of_an_amount_may_stand_in_the_object_around() -> None:
    adding = operator_of({"total": {"add": ["a[].b[].v"], "minus_when": {"up.k": "x"}, "equals": "sum"}})
    groups = [{"k": "x", "b": objects("v", [Decimal(1)])}, {"k": "y", "b": objects("v", [Decimal(3)])}]
    assert violations_of(adding, {"a": groups, "sum": Decimal(2)}) == []
    assert violations_of(adding, {"a": groups, "sum": Decimal(4)}) == [("sum", Decimal(4), "")]
