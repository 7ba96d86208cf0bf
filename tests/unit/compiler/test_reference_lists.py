"""Operators that look values up in reference lists."""

from typing import Any

import pytest

from tests.unit.compiler.small import Tables, program_of, run

TEXT, JSON = {"type": "string", "blank": True}, {"type": "json"}
FIELDS = {
    "name": TEXT,
    "kind": TEXT,
    "value": JSON,
    "values": {"list": "json"},
    "parts": {"list": "part"},
    "number": {"type": "integer"},
}
OBJECTS = {"part": {"fields": {"name": TEXT, "kind": TEXT}}}


def violations_of(rule: Tables, payload: object, **lists: Tables) -> list[tuple[str, str]]:
    """Place and words of each error."""
    found = run(program_of(FIELDS, [rule], objects=OBJECTS, lists=lists), payload)
    return [(error.attr, error.detail) for error in found.errors]


TYPE_NAMES = ("boolean", "date", "datetime", "integer", "number", "text")
OF_TYPES: list[tuple[object, set[str]]] = [
    (True, {"boolean"}),
    (False, {"boolean"}),
    (0, {"integer", "number"}),
    (-5, {"integer", "number"}),
    (1.5, {"number"}),
    (5.0, {"number"}),
    ("x", {"text"}),
    ("2025-01-31", {"text", "date", "datetime"}),
    ("2025-01-31T10:00:00Z", {"text", "datetime"}),
    ("2025-02-30", {"text"}),
    ("5", {"text"}),
    ([1], set()),
    ({"a": 1}, set()),
    ("", set(TYPE_NAMES)),
    ([], set(TYPE_NAMES)),
]


@pytest.mark.parametrize("name", TYPE_NAMES)
@pytest.mark.parametrize(("value", "names"), OF_TYPES)
def test_a_value_has_the_type_that_a_list_names(name: str, value: object, names: set[str]) -> None:
    rule = {"typed": {"field": "values[]", "type": {"of": "types", "by": ["kind"], "take": "type"}}}
    types = {"columns": ["key", "type"], "values": [["a", name], ["b", ""]]}
    written = value if isinstance(value, str) else repr(value)
    wrong = [] if name in names else [("values.1", f"It is wrong: {written}.")]
    payload = {"kind": "a", "values": [[], value, ""]}
    assert violations_of(rule, payload, types=types) == wrong
    assert (
        violations_of(rule, {**payload, "kind": "b"}, types=types)
        == violations_of(rule, {**payload, "kind": "c"}, types=types)
        == []
    )
    assert violations_of(rule, {"values": [value]}, types=types) == []


KNOWN = {"values": ["a", "B", "5"]}


@pytest.mark.parametrize(
    ("value", "is_listed", "is_listed_in_any_case"),
    [
        ("a", True, True),
        ("A", False, True),
        ("b", False, True),
        ("c", False, False),
        (5, True, True),
        (6, False, False),
    ],
)
def test_a_value_is_in_a_list(value: object, *, is_listed: bool, is_listed_in_any_case: bool) -> None:
    for ignore_case, is_there in ((False, is_listed), (True, is_listed_in_any_case)):
        spec = {"field": "values[]", "in": "known", "ignore_case": ignore_case}
        wrong = [("values.1", f"It is wrong: {value}.")]
        payload = {"values": ["", value]}
        assert violations_of({"listed": spec}, payload, known=KNOWN) == wrong * (not is_there)
        assert violations_of({"not_listed": spec}, payload, known=KNOWN) == wrong * is_there


@pytest.mark.parametrize("value", ["", True, False, 1.5, [], {}, ["a"]])
def test_what_can_stand_in_no_list_is_not_looked_up(value: object) -> None:
    for word in ("listed", "not_listed"):
        assert violations_of({word: {"field": "value", "in": "known"}}, {"value": value}, known=KNOWN) == []


PAIRS = {"columns": ["one", "other", "third"], "values": [["a", "X", "1"], ["b", "Y", "2"]]}


@pytest.mark.parametrize(
    ("columns", "ignore_case", "listed"),
    [
        ([], False, {("a", "X"), ("b", "Y")}),
        ([], True, {("a", "X"), ("b", "Y"), ("A", "x")}),
        (["third", "one"], False, {("1", "a")}),
    ],
)
@pytest.mark.parametrize("pair", [("a", "X"), ("b", "Y"), ("a", "Y"), ("A", "x"), ("1", "a"), ("2", "a")])
def test_several_values_stand_in_one_row(
    columns: list[str], listed: set[Any], pair: tuple[str, str], *, ignore_case: bool
) -> None:
    spec = {"field": ["name", "kind"], "in": "pairs", "columns": columns, "ignore_case": ignore_case}
    payload = dict(zip(("name", "kind"), pair, strict=True))
    wrong = [("name", f"It is wrong: {pair[0]}.")]
    assert violations_of({"listed": spec}, payload, pairs=PAIRS) == wrong * (pair not in listed)
    assert violations_of({"not_listed": spec}, payload, pairs=PAIRS) == wrong * (pair in listed)


def test_each_of_many_values_is_looked_up_with_each_of_the_others() -> None:
    spec = {"field": ["parts[].name", "parts[].kind"], "in": "pairs"}
    parts = [{"name": "b", "kind": "Y"}, {"name": ""}, {"name": "a"}, {"name": "b"}]
    wrong = [("parts.2.name", "It is wrong: a.")]
    assert violations_of({"listed": spec}, {"parts": parts}, pairs=PAIRS) == wrong
    several = [{"name": "a", "kind": "X"}, {"kind": "Y"}, {"name": "c"}]
    assert violations_of({"listed": spec}, {"parts": several}, pairs=PAIRS) == [
        ("parts.0.name", "It is wrong: a."),
        ("parts.2.name", "It is wrong: c."),
        ("parts.2.name", "It is wrong: c."),
    ]
    assert violations_of({"not_listed": spec}, {"parts": several}, pairs=PAIRS) == [("parts.0.name", "It is wrong: a.")]
    assert violations_of({"listed": spec}, {"parts": [{"name": "c"}]}, pairs=PAIRS) == []


def test_all_values_of_a_list_are_there() -> None:
    rule = {"includes": {"field": "parts[].name", "all_of": "known"}}
    wanted = {"values": ["c", "a", "b"]}
    missing = [("", "It is wrong: c."), ("", "It is wrong: b.")]
    assert violations_of(rule, {"parts": [{"name": "a"}, {"name": "d"}, {}]}, known=wanted) == missing
    assert violations_of(rule, {"parts": [{"name": name} for name in "abc"]}, known=wanted) == []
    wrong = [{"name": "a"}, {"name": []}]
    assert [place for place, _ in violations_of(rule, {"parts": wrong}, known=wanted)] == ["parts.1.name"]


def test_a_pattern_stands_in_the_row_of_a_value() -> None:
    rule = {"matches": {"field": "parts[].name", "pattern": {"of": "pairs", "by": ["kind"], "take": "pattern"}}}
    patterns = {"columns": ["kind", "pattern"], "values": [["a", "[0-9]+"], ["b", ""], ["5", "x"]]}
    payload = {"kind": "a", "parts": [{"name": "1"}, {"name": "x"}]}
    assert violations_of(rule, payload, pairs=patterns) == [("parts.1.name", "It is wrong: x.")]
    assert violations_of(rule, {**payload, "kind": "5"}, pairs=patterns) == [("parts.0.name", "It is wrong: 1.")]
    for other in ("b", "c", ""):
        assert violations_of(rule, {**payload, "kind": other}, pairs=patterns) == []
    forbidden = {"not_matching": rule["matches"]}
    assert violations_of(forbidden, payload, pairs=patterns) == [("parts.0.name", "It is wrong: 1.")]


@pytest.mark.parametrize(
    ("cell", "wrong"), [("2025-01-02", ["x.1"]), ("2025-01-01", ["x.0", "x.1"]), ("2025", []), ("", [])]
)
def test_a_day_is_compared_with_the_cell_of_a_list(cell: str, wrong: list[str]) -> None:
    fields = {"x": {"list": "date"}, "n": {"list": "integer"}, "kind": TEXT}
    rule = {"compare": ["x[]", "<", {"of": "pairs", "by": ["kind"], "take": "day"}]}
    pairs = {"columns": ["kind", "day"], "values": [["a", cell]]}
    program = program_of(fields, [rule], lists={"pairs": pairs})
    payload = {"x": ["2025-01-01", "2025-01-02"], "kind": "a"}
    assert [error.attr for error in run(program, payload).errors] == wrong
    assert run(program, {**payload, "kind": "b"}).errors == ()
