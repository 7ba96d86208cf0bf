"""Values of one account that are looked at in one run have the violations that each has alone."""

import random
from decimal import Decimal
from typing import Any

import pytest

from premigrate.engine.values import INVALID
from tests.unit.compiler.asking import violations_of, violations_of_each
from tests.unit.compiler.small import Tables, program_of, run
from tests.unit.compiler.test_operators import day, operator_of

OUT = "account.a[]"
LIST = "account.a"
DEMANDS: dict[str, dict[str, Any]] = {
    "compare": {"compare": ["d", "<=", f"{OUT}.d"]},
    "compare outside": {"compare": [f"{OUT}.d", "<=", "d"]},
    "compare many": {"compare": ["a[].d", ">=", f"{OUT}.d"]},
    "compare inside": {"compare": ["a[].d", "<", "b[].d"]},
    "compare latest": {"compare": ["d", ">", {"latest": [f"{OUT}.d", "b[].d"]}]},
    "compare earliest": {"compare": ["d", ">=", {"earliest": [f"{OUT}.d"]}]},
    "compare first": {"compare": ["a[].d", "<=", {"first": ["b[].d", f"{OUT}.d", "account.d"]}]},
    "compare day after": {"compare": ["a[].d", "<=", {"day_after": f"{OUT}.d"}]},
    "compare days after": {"compare": ["a[].d", "<=", {"days": -2, "after": f"{OUT}.d"}]},
    "condition": {"holds": {"d": {">": f"{OUT}.d"}}},
    "condition inside": {"holds": {"a[].d": {"<=": "b[].d"}}},
    "condition outside": {"holds": {f"{OUT}.k": "x"}},
    "condition outside on a day": {"holds": {f"{OUT}.d": {"<": "d"}}},
    "condition of several": {"holds": [{f"{OUT}.k": "y", "k": "x"}, {"a[].k": "<absent>"}]},
    "covers": {"covers": {"of": LIST, "start": "d", "end": "e", "date": "d"}},
    "covers together": {"covers": {"of": OUT, "end": "e", "date": ["d", "a[].d"], "match": {"k": "k"}}},
    "covers inside": {"covers": {"of": "a", "start": "d", "end": "e", "date": ["account.d", "b[].d"]}},
    "periods": {"periods": {"of": "a", "start": "d", "end": "e", "gap_allowed_until": f"{OUT}.d"}},
    "periods outside": {"periods": {"of": OUT, "start": "d", "end": "e", "by": ["k"], "gap_allowed_until": "d"}},
    "count": {"count": {"of": OUT, "at_least": 1, "at_most": 2, "where": {"k": "x"}}},
    "count inside": {"count": {"of": "a[]", "at_most": 1, "where": {"k": "x"}}},
    "count by each": {"count": {"of": OUT, "at_least": 1, "where": {"account.k": "x"}}},
    "count of a list": {"count": {"of": LIST, "at_most": 1}},
    "unique": {"unique": [f"{OUT}.k", "k", "a[].k"]},
    "same": {"same": {"of": [OUT, "b[]"], "key": ["d"], "by": ["k"]}},
    "total": {"total": {"add": ["n", f"{OUT}.n"], "minus_when": {"k": "x"}, "equals": "b[].n"}},
    "total without": {"total": {"add": ["n", "n"], "subtract": [f"{OUT}.n"], "at_most": "n"}},
    "total inside": {"total": {"add": ["a[].n"], "equals": "n"}},
    "product": {"product": {"of": ["n", f"{OUT}.n"], "equals": "b[].n"}},
    "between": {"between": {"field": "n", "sums": [[f"{OUT}.n"], ["b[].n"]]}},
    "days": {"days": {"from": f"{OUT}.d", "to": "d", "equals": "a[].n"}},
    "refers": {"refers": {"field": "a[].k", "to": [f"{OUT}.k", "k", "b[].k"]}},
    "refers to what is outside": {"refers": {"field": "k", "to": [f"{OUT}.k", "account.b[].k"]}},
    "listed": {"listed": {"field": ["k", f"{OUT}.k"], "in": "known", "columns": ["value", "value"]}},
    "present": {"present": ["k", f"{OUT}.k", "a[].d"]},
    "absent": {"absent": [f"{OUT}.k", "k"]},
    "at least one": {"at_least_one": ["k", f"{OUT}.k", "account.b[].k"]},
    "at least one inside": {"at_least_one": ["a[].k", "b[].k"]},
    "at most one": {"at_most_one": [f"{OUT}.k", "k", "b[].k"]},
    "all or none": {"all_or_none": ["k", f"{OUT}.k", "a[].d"]},
    "matches": {"matches": {"join": [f"{OUT}.k", "k"], "patterns": ["x.*"]}},
}


def item(rng: random.Random, share: float) -> dict[str, Any]:
    """An object with some of its keys; ``share`` of its values are wrong or empty."""
    values = {
        "d": day(rng.randrange(1, 6)),
        "e": day(rng.randrange(3, 9)),
        "k": rng.choice(["x", "y"]),
        "n": rng.choice([0, 1, Decimal("1.50")]),
    }
    odd = {name: rng.choice([None, INVALID, value]) for name, value in values.items() if rng.random() < share}
    return {name: value for name, value in {**values, **odd}.items() if rng.random() < 0.9}


def value(rng: random.Random) -> dict[str, Any]:
    """An object with lists of such."""
    share = rng.choice([0, 0, 0.1, 0.5])
    lists: dict[str, Any] = {name: [item(rng, share) for _ in range(rng.randrange(4))] for name in ("a", "b")}
    return {**item(rng, share), **lists, **({"a": INVALID} if rng.random() < share / 5 else {})}


@pytest.mark.parametrize("name", DEMANDS)
def test_values_of_one_account_are_told_what_each_is_told_alone(name: str) -> None:
    check, rng = operator_of(DEMANDS[name]), random.Random(name)  # noqa: S311 - to be repeated, not to be secret
    found: set[object] = set()
    for _ in range(150):
        values, root = [value(rng) for _ in range(3)], value(rng)
        alone = [violations_of(check, each, root) for each in values]
        assert violations_of_each(check, values, root) == alone
        assert violations_of_each(check, values[::-1], root) == alone[::-1]
        found.update(map(bool, alone))
    assert found == {True, False}, "the values are too much alike to show anything"


TEXT, DATE = {"type": "string"}, {"type": "date"}
FIELDS = {"day": DATE, "kind": TEXT, "sum": {"type": "integer"}}
OBJECTS = {
    "box": {"fields": {**FIELDS, "parts": {"list": "part"}, "more": {"list": "more"}}},
    "part": {"fields": {**FIELDS, "days": {"list": "date"}}},
    "more": {"fields": {**FIELDS, "end": DATE}},
}
AROUND: dict[str, Tables] = {
    "compare": {"compare": ["day", "<=", "up.more[].day"]},
    "compare many": {"compare": ["days[]", "<=", "up.more[].day"]},
    "compare latest": {"compare": ["day", "<=", {"latest": ["up.more[].day"]}]},
    "condition": {"holds": {"up.more[].kind": "x"}},
    "condition on a day": {"holds": {"day": {">": "up.more[].day"}}},
    "covers": {"covers": {"of": "up.more", "start": "day", "end": "end", "date": "day", "match": {"kind": "kind"}}},
    "covers together": {"covers": {"of": "up.more[]", "end": "end", "date": "day"}},
    "count": {"count": {"of": "up.more[]", "at_least": 1, "where": {"kind": "x"}}},
    "count that looks up": {"count": {"of": "up.more[]", "at_least": 1, "where": {"up.kind": "x"}}},
    "total": {"total": {"add": ["up.more[].sum"], "equals": "sum"}},
    "total that looks up": {"total": {"add": ["up.more[].sum"], "minus_when": {"up.kind": "x"}, "equals": "sum"}},
    "refers": {"refers": {"field": "kind", "to": ["up.more[].kind"]}},
    "at least one": {"at_least_one": ["kind", "up.more[].kind"]},
    "unique": {"unique": ["kind", "up.more[].kind"]},
}


def part(rng: random.Random) -> dict[str, Any]:
    """A part of a box; some of its values are wrong."""
    values = {
        "day": f"2025-01-0{rng.randrange(1, 4)}",
        "end": f"2025-01-0{rng.randrange(2, 5)}",
        "kind": rng.choice(["x", "y", "z"]),
        "sum": rng.randrange(2),
        "days": [f"2025-01-0{rng.randrange(1, 4)}" for _ in range(rng.randrange(6))],
    }
    odd = {name: rng.choice([None, [], value]) for name, value in values.items() if rng.random() < 0.05}
    return {name: value for name, value in {**values, **odd}.items() if rng.random() < 0.8}


def parts(rng: random.Random) -> list[Any]:
    return [part(rng) for _ in range(rng.randrange(5))]


@pytest.mark.parametrize("name", AROUND)
def test_what_lies_around_is_that_of_each_object(name: str) -> None:
    rule = {"on": "box", "for_each": "parts[]", **AROUND[name]}
    program = program_of({"boxes": {"list": "box"}}, [rule], objects=OBJECTS)
    rng = random.Random(name)  # noqa: S311 - to be repeated, not to be secret
    found: set[object] = set()
    for _ in range(60):
        boxes = [{**part(rng), "parts": parts(rng), "more": parts(rng)} for _ in range(3)]
        alone = []
        for number, box in enumerate(boxes):
            for position, each in enumerate(box["parts"]):
                told_alone = run(program, {"boxes": [{**box, "parts": [each]}]}).errors
                place = "boxes", number, "parts", position
                alone += [((*place, *error.path[4:]), error.detail) for error in told_alone if error.rule == "r1"]
        together = run(program, {"boxes": boxes}).errors
        assert [(error.path, error.detail) for error in together if error.rule == "r1"] == alone
        found.update(alone)
    assert found, "the boxes are too much alike to show anything"


def test_many_days_around_are_those_of_each_object() -> None:
    rule = {"on": "box", "for_each": "parts[]", "compare": ["days[]", "<=", "up.more[].day"]}
    program = program_of({"boxes": {"list": "box"}}, [rule], objects=OBJECTS)
    late, early = ([{"day": f"2025-01-0{number}"}] * 4 for number in (5, 2))
    parts = [{"days": ["2025-01-01"] * 3}, {"days": ["2025-01-01", "2025-01-03", "2025-01-01"]}]
    found = run(program, {"boxes": [{"parts": parts, "more": late}, {"parts": parts, "more": early}]}).errors
    assert [error.attr for error in found] == ["boxes.1.parts.1.days.1"]
