"""Every kind of field, each of its keys both ways: what passes, what is said of the rest, and in which order."""

from decimal import Decimal
from typing import Any

import pytest

from premigrate.engine.field_info import FieldInfo
from tests.unit.compiler.small import Tables, advice, errors, expected, program_of, run

NULL, REQUIRED, BLANK = "This field may not be null.", "This field is required.", "This field may not be blank."
PART = {"part": {"fields": {"size": {"type": "integer", "required": True}}}}
KINDS: dict[str, tuple[dict[str, Any], object, object, str, str]] = {
    "string": ({"type": "string"}, "x", {}, "Not a valid string.", "invalid"),
    "email": ({"type": "email"}, "a@b.dk", "x", "Enter a valid email address.", "invalid"),
    "email of no text": ({"type": "email"}, "a@b.dk", [], "Enter a valid email address.", "invalid"),
    "date": (
        {"type": "date"},
        "2025-01-31",
        "x",
        "Date has wrong format. Use one of these",
        "invalid",
    ),
    "datetime": (
        {"type": "datetime"},
        "2025-01-31T00:00:00Z",
        "x",
        "Datetime has wrong format.",
        "invalid",
    ),
    "decimal": ({"type": "decimal"}, 1.5, "x", "A valid number is required.", "invalid"),
    "integer": ({"type": "integer"}, 5, "x", "A valid integer is required.", "invalid"),
    "boolean": ({"type": "boolean"}, True, "x", "Must be a valid boolean.", "invalid"),
    "choice": ({"type": "choice", "choices": ["A"]}, "A", "B", '"B" is not a valid choice.', "invalid_choice"),
    "open": ({"type": "choice", "open": True}, "A", True, '"True" is not a valid choice.', "invalid_choice"),
    "json": ({"type": "json"}, {"a": 1}, float("nan"), "Value must be valid JSON.", "invalid"),
    "object": ({"type": "object"}, {"a": 1}, 1, 'Expected a dictionary of items but got type "int".', "not_a_dict"),
    "list": ({"list": "string"}, ["x"], "x", 'Expected a list of items but got type "str".', "not_a_list"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_field_has_its_own_words(kind: str) -> None:
    spec, right, wrong, detail, code = KINDS[kind]
    program = program_of({"f": spec, "needed": {**spec, "required": True, "nullable": True}})
    for good in ({"needed": right}, {"needed": None}, {"needed": right, "f": right}):
        assert not run(program, good).errors
    assert errors(program, {}) == [(REQUIRED, "required", "needed")]
    assert errors(program, {"needed": right, "f": None}) == [(NULL, "null", "f")]
    ((told, *rest),) = errors(program, {"needed": right, "f": wrong})
    assert (told.startswith(detail), rest) == (True, [code, "f"])


def test_objects_and_the_root_have_their_own_words() -> None:
    program = program_of({"p": {"object": "part"}, "ps": {"list": "part"}}, objects=PART)
    kinds = "Invalid data. Expected a dictionary, but got {}."
    assert errors(program, None) == [("No data provided", "null", "non_field_errors")]
    assert errors(program, []) == [(kinds.format("list"), "invalid", "non_field_errors")]
    assert errors(program, {"p": None, "ps": None}) == [(NULL, "null", "p"), (NULL, "null", "ps")]
    assert errors(program, {"p": 5, "ps": [None, "x", {}, {"size": 1}]}) == [
        (kinds.format("int"), "invalid", "p.non_field_errors"),
        (NULL, "null", "ps.0"),
        (kinds.format("str"), "invalid", "ps.1.non_field_errors"),
        (REQUIRED, "required", "ps.2.size"),
    ]


@pytest.mark.parametrize(
    ("spec", "least", "most", "below", "above"),
    [
        ({"type": "integer", "min": -2, "max": 3}, -2, 3, "greater than or equal to -2", "less than or equal to 3"),
        ({"type": "integer", "min": 0, "max": 0}, 0, 0, "greater than or equal to 0", "less than or equal to 0"),
    ],
)
def test_bounds_of_numbers(spec: Tables, least: int, most: int, below: str, above: str) -> None:
    program = program_of({"f": spec})
    assert errors(program, {"f": least}) == errors(program, {"f": most}) == []
    assert errors(program, {"f": least - 1}) == [(f"Ensure this value is {below}.", "min_value", "f")]
    assert errors(program, {"f": most + 1}) == [(f"Ensure this value is {above}.", "max_value", "f")]


def test_a_number_may_have_one_bound_only() -> None:
    program = program_of({"low": {"type": "integer", "max": 3}, "high": {"type": "integer", "min": 3}})
    assert errors(program, {"low": -99, "high": 99}) == []
    assert [code for _, code, _ in errors(program, {"low": 4, "high": 2})] == ["max_value", "min_value"]


def test_what_a_text_may_hold_is_told_in_the_order_of_the_framework() -> None:
    program = program_of({"f": {"type": "string", "max_length": 3}, "e": {"type": "email", "max_length": 6}})
    assert errors(program, {"f": "abc", "e": "a@b.dk"}) == []
    too_long = ("Ensure this field has no more than 3 characters.", "max_length", "f")
    nulls = ("Null characters are not allowed.", "null_characters_not_allowed", "f")
    half = ("Surrogate characters are not allowed: U+D800.", "surrogate_characters_not_allowed", "f")
    assert errors(program, {"f": "abc\0\ud800"}) == [too_long, nulls, half]
    found = errors(program, {"e": "x\0\ud800 @ b.dk"})
    assert [code for _, code, _ in found] == ["max_length", nulls[1], half[1], "invalid"]
    assert {attr for *_, attr in found} == {"e"}


def test_digits_of_a_decimal() -> None:
    program = program_of({"f": {"type": "decimal", "max_digits": 4, "decimal_places": 2}, "any": {"type": "decimal"}})
    assert errors(program, {"f": Decimal("12.34"), "any": Decimal("12345.678901")}) == []
    told = [errors(program, {"f": Decimal(number)})[0][:2] for number in ("12.345", "1.234", "123.4")]
    assert told == [
        ("Ensure that there are no more than 4 digits in total.", "max_digits"),
        ("Ensure that there are no more than 2 decimal places.", "max_decimal_places"),
        ("Ensure that there are no more than 2 digits before the decimal point.", "max_whole_digits"),
    ]


def test_a_list_has_at_least_so_many_items() -> None:
    program = program_of({"any": {"list": "string"}, "two": {"list": "string", "min_items": 2}})
    assert errors(program, {"any": [], "two": ["a", "b"]}) == []
    for few in ([], ["a"]):
        assert errors(program, {"two": few}) == [("Ensure this field has at least 2 elements.", "min_length", "two")]


def test_exclusive_bounds() -> None:
    program = program_of({"f": {"type": "integer", "above": 0, "below": 3}, "d": {"list": "decimal", "above": "0.50"}})
    assert errors(program, {"f": 1, "d": ["0.51"]}) == errors(program, {"f": 2, "d": [0.6]}) == []
    above = ("Ensure this value is greater than 0.50.", "min_value", "d.0")
    assert errors(program, {"f": 0, "d": [0.5]}) == [
        ("Ensure this value is greater than 0.", "min_value", "f"),
        above,
    ]
    assert errors(program, {"f": "3", "d": ["0.5"]}) == [
        ("Ensure this value is less than 3.", "max_value", "f"),
        above,
    ]


def test_patterns_say_what_would_be_right() -> None:
    program = program_of({"f": {"type": "string", "patterns": ["[0-9]{4}", "[A-Z]+"], "min_length": 2}})
    assert errors(program, {"f": "AB"}) == []
    assert expected(program, {"f": "a"}) == ["", "a text that matches [0-9]{4} or [A-Z]+"]
    assert expected(program, {"f": [1]}) == ["a text that matches [0-9]{4} or [A-Z]+, not a list"]


def test_items_of_a_list_may_be_null() -> None:
    rules: list[Tables] = [
        {"for_each": "parts[]", "present": ["name"], "code": "bad", "attr": "<found>"},
        {"unique": {"of": ["parts[]"], "key": ["name"]}, "code": "bad", "attr": "<found>"},
        {"count": {"of": "parts[]", "where": {"name": "x"}, "at_most": 1}, "code": "bad", "attr": "parts"},
        {"total": {"add": ["amounts[]"], "equals": "sum"}, "code": "bad", "attr": "sum"},
    ]
    number = {"type": "decimal"}
    fields = {
        "parts": {"list": "named", "nullable_items": True},
        "amounts": {"list": "decimal", "nullable_items": True},
        "sum": number,
    }
    program = program_of(fields, rules, objects={"named": {"fields": {"name": {"type": "string"}}}})
    nulls = {"parts": [None, {"name": "x"}, None], "amounts": [None, 1, ""], "sum": 1}
    assert errors(program, nulls) == []
    assert errors(program, {"parts": [{}]}) == [("It is bad.", "bad", "parts.0.name")]


def test_limits_of_a_list_hold_for_each_item() -> None:
    numbers, texts = {"list": "integer", "max": 1}, {"list": "string", "max_length": 1}
    program = program_of({"n": numbers, "t": texts, "c": {"list": "choice", "choices": ["A"]}})
    assert errors(program, {"n": [1, 0], "t": ["a"], "c": ["A", "A"]}) == []
    found = errors(program, {"n": [1, 2], "t": ["a", "ab"], "c": ["A", "B"]})
    assert [(code, attr) for _, code, attr in found] == [
        ("max_value", "n.1"),
        ("max_length", "t.1"),
        ("invalid_choice", "c.1"),
    ]


@pytest.mark.parametrize("kind", ["decimal", "boolean"])
def test_a_text_that_says_null_passes_where_null_does(kind: str) -> None:
    program = program_of({"yes": {"type": kind, "nullable": True}, "no": {"type": kind}})
    assert errors(program, {"yes": ""}) == []
    assert [code for _, code, _ in errors(program, {"no": ""})] == ["invalid"]


@pytest.mark.parametrize("kind", ["string", "email", "choice"])
def test_a_blank_text_passes_where_it_is_said_and_with_advice_where_it_is_not(kind: str) -> None:
    more = {"open": True} if kind == "choice" else {}
    said = {key: {"type": kind, "blank": blank, **more} for key, blank in (("yes", True), ("no", False))}
    program = program_of({**said, "unsaid": {"type": kind, **more}, "needed": {"type": kind, "required": True, **more}})
    good = {"needed": "a@b.dk"}
    refused = ('"" is not a valid choice.', "invalid_choice") if kind == "choice" else (BLANK, "blank")
    assert advice(program, {**good, "yes": ""}) == []
    assert advice(program, {**good, "unsaid": ""}) == [("blank_text", "unsaid")]
    assert errors(program, {**good, "no": ""}) == [(*refused, "no")]
    assert errors(program, {"needed": ""}) == [(*refused, "needed")]
    of_list = program_of({"l": {"list": kind, **more}, "blank": {"list": kind, "blank": True, **more}})
    assert errors(of_list, {"l": [""]}) == [(*refused, "l.0")]


def test_of_choices_that_are_known_a_blank_is_one_only_if_that_is_said() -> None:
    said = {key: {"type": "choice", "choices": ["A"], "blank": blank} for key, blank in (("yes", True), ("no", False))}
    program = program_of({**said, "unsaid": {"type": "choice", "choices": ["A"]}})
    assert advice(program, {"yes": "", "no": "A", "unsaid": "A"}) == []
    refused = '"" is not a valid choice.', "invalid_choice"
    assert errors(program, {"no": "", "unsaid": ""}) == [(*refused, "no"), (*refused, "unsaid")]


@pytest.mark.parametrize(
    ("spec", "value", "codes"),
    [
        ({"type": "string"}, 5, ["number_for_text"]),
        ({"type": "string", "blank": True}, 5, ["number_for_text"]),
        ({"type": "string", "blank": True}, " ", []),
        ({"type": "string"}, " x", ["trimmed_whitespace"]),
        ({"type": "email"}, " a@b.dk", ["trimmed_whitespace"]),
        ({"type": "choice", "choices": ["5"]}, 5, ["number_for_text"]),
        ({"type": "choice", "open": True}, 2**60, ["number_for_text", "integer_too_large_for_float"]),
        ({"type": "integer"}, 2**60, ["integer_too_large_for_float"]),
        ({"type": "json"}, 2**60, ["integer_too_large_for_float"]),
        ({"type": "decimal"}, 2**60, ["integer_too_large_for_float"]),
        ({"type": "decimal"}, 20.0000000001, ["float_noise"]),
        ({"type": "json"}, 20.0000000001, []),
        ({"type": "date"}, "2025-01-31", []),
        ({"type": "boolean"}, "yes", []),
    ],
)
def test_what_was_hardly_meant_is_told(spec: Tables, value: object, codes: list[str]) -> None:
    assert advice(program_of({"f": spec}), {"f": value}) == [(code, "f") for code in codes]


LISTED = {"type": "choice", "open": True, "listed": "kinds"}


@pytest.mark.parametrize("values", [["HEATING", "COOLING"], [["HEATING", "x"], ["COOLING", "y"]]])
def test_choices_of_a_list_that_is_there(values: list[Any]) -> None:
    columns = ["value"] if isinstance(values[0], str) else ["kind", "note"]
    lists = {"kinds": {"columns": columns, "values": values}}
    program = program_of({"f": LISTED, "needed": {**LISTED, "required": True}}, lists=lists)
    assert advice(program, {"needed": "COOLING", "f": "HEATING"}) == []
    assert advice(program, {"needed": "COOLING", "f": ""}) == [("blank_text", "f")]
    refused = '"{}" is not a valid choice.'
    assert errors(program, {"needed": "", "f": "x"}) == [
        (refused.format("x"), "invalid_choice", "f"),
        (refused.format(""), "invalid_choice", "needed"),
    ]
    assert expected(program, {"needed": "COOLING", "f": "heeting"}) == [
        "one of HEATING, COOLING (did you mean HEATING?)"
    ]


def test_a_blank_in_a_list_of_choices_follows_what_is_said_of_it() -> None:
    lists = {"kinds": {"values": ["A"]}}
    program = program_of({"yes": {**LISTED, "blank": True}, "no": {**LISTED, "blank": False}}, lists=lists)
    assert advice(program, {"yes": ""}) == []
    assert errors(program, {"no": ""}) == [('"" is not a valid choice.', "invalid_choice", "no")]


def test_no_choice_is_one_of_an_empty_list_and_any_where_there_is_none() -> None:
    assert errors(program_of({"f": LISTED}, lists={"kinds": {"values": []}}), {"f": "A"})
    there_is_none = program_of({"f": LISTED}, lists={"kinds": {"about": "k."}})
    assert advice(there_is_none, {"f": "A"}) == []


def test_choices_are_all_there_are_unless_the_field_is_open() -> None:
    closed = {"type": "choice", "choices": ["HEATING"]}
    program = program_of({"closed": closed, "open": {**closed, "open": True}})
    assert advice(program, {"closed": "HEATING", "open": "heeting"}) == []
    assert expected(program, {"closed": "heeting", "open": "heeting"}) == ["HEATING"]


OLD = {
    "old": {"type": "string", "deprecated": True, "nullable": True},
    "worn": {"type": "string", "deprecated": "name"},
}


def test_a_deprecated_field_with_a_value_is_told() -> None:
    program = program_of({**OLD, "no": {"type": "string", "deprecated": False}})
    found = run(program, {"old": "y", "worn": "x", "no": "x"})
    assert [hint[:4] for hint in found.advice] == [
        ("This field is deprecated.", "deprecated_field", "old", "deprecated-field"),
        (
            "This field is deprecated; use name instead.",
            "deprecated_field_replaced",
            "worn",
            "deprecated-field-replaced",
        ),
    ]
    assert advice(program, {"no": "x"}) == []


@pytest.mark.parametrize(
    ("field", "silent", "told"),
    [
        ({"type": "string", "nullable": True, "blank": True}, [None, ""], ["x", 0]),
        ({"type": "boolean", "nullable": True}, [None, False], [True, "true"]),
        ({"type": "integer"}, [], [0, 1]),
        ({"list": "string"}, [[]], [["x"]]),
        ({"object": "some"}, [{}], [{"a": "x"}]),
        ({"type": "object"}, [{}], [{"a": 1}]),
        ({"type": "json", "nullable": True}, [None, False, "", []], [0, True, "x"]),
    ],
)
def test_a_deprecated_field_that_says_nothing_is_not_told(
    field: dict[str, Any], silent: list[Any], told: list[Any]
) -> None:
    program = program_of({"f": {**field, "deprecated": True}}, objects={"some": {"fields": {"a": {"type": "string"}}}})

    def codes_of(value: object) -> list[str]:
        return [code for code, attr in advice(program, {"f": value}) if (code, attr) == ("deprecated_field", "f")]

    assert {repr(value): codes_of(value) for value in silent} == {repr(value): [] for value in silent}
    assert {repr(value): codes_of(value) for value in told} == {repr(value): ["deprecated_field"] for value in told}


@pytest.mark.parametrize(
    ("off", "told"),
    [
        (["deprecated-field"], [("deprecated_field_replaced", "worn")]),
        (["deprecated-field-replaced"], [("deprecated_field", "old")]),
        (["blank-text"], [("deprecated_field", "old"), ("deprecated_field_replaced", "worn")]),
    ],
)
def test_each_of_the_two_advices_can_be_switched_off(off: list[str], told: list[tuple[str, str]]) -> None:
    program = program_of(OLD, off_reasons=dict.fromkeys(off, "b."))
    assert advice(program, {"old": "x", "worn": "x"}) == told


def test_what_is_personal_is_so_with_all_that_is_below() -> None:
    objects = {"part": {"fields": {"kind": {"type": "choice", "choices": ["A"]}}}}
    fields = {"mine": {"object": "part", "personal": True}, "ours": {"object": "part", "personal": False}}
    program = program_of({**fields, "all": {"object": "part"}}, objects=objects)
    found = run(program, {key: {"kind": "Secret"} for key in (*fields, "all")}).errors
    hidden = '"***" is not a valid choice.'
    assert [(error.attr, error.masked) for error in found] == [
        ("mine.kind", hidden),
        ("ours.kind", ""),
        ("all.kind", ""),
    ]


def test_keys_of_an_object_are_known_unless_it_is_open() -> None:
    objects = {
        "shut": {"fields": {"a": {"type": "string"}}},
        "wide": {"fields": {"a": {"type": "string"}}, "open": True},
    }
    rule = {"present": ["wide.more"], "code": "bad"}
    program = program_of({"shut": {"object": "shut"}, "wide": {"object": "wide"}}, objects=objects)
    assert advice(program, {"shut": {"a": "x", "zzz": 1}, "wide": {"a": "x", "zzz": 1}}) == [
        ("unknown_field", "shut.zzz")
    ]
    of_rule = program_of({"wide": {"object": "wide"}}, [rule], objects=objects)
    assert errors(of_rule, {"wide": {"more": "x"}}) == []
    assert errors(of_rule, {"wide": {"a": "x"}}) == [("It is bad.", "bad", "wide.more")]


def test_an_object_that_stands_in_several_places_is_compiled_once() -> None:
    program = program_of({"a": {"object": "part"}, "b": {"object": "part"}, "c": {"list": "part"}}, objects=PART)
    assert list(program.objects) == ["part", "thing"]


PAYMENT: dict[str, Any] = {
    "payment": {
        "select": "kind",
        "variants": {"CARD": "card", "BANK": "bank"},
        "fields": {"amount": {"type": "integer", "required": True}},
        "open": True,
    },
    "card": {"fields": {"number": {"type": "string", "required": True}}},
    "bank": {"fields": {"account": {"type": "string", "required": True, "personal": True}}, "open": True},
}


def test_a_field_selects_what_else_there_is() -> None:
    program = program_of({"p": {"object": "payment"}, "ps": {"list": "payment"}}, objects=PAYMENT)
    card, bank = {"kind": "CARD", "amount": 1, "number": "5"}, {"kind": "BANK", "amount": 1, "account": "5"}
    assert advice(program, {"p": card, "ps": [bank, card]}) == []
    assert advice(program, {"ps": [{**card, "zzz": 1}, {**bank, "zzz": 1}]}) == [("unknown_field", "ps.0.zzz")]
    assert errors(program, {"p": None}) == [(NULL, "null", "p")]
    assert errors(program, {"p": "x"}) == [
        ("Invalid data. Expected a dictionary, but got str.", "invalid", "p.non_field_errors")
    ]
    choice = '"CASH" is not a valid choice.'
    found = [
        errors(program, {"p": part})[0] for part in ({"amount": 1}, {"kind": None}, {"kind": "CASH"}, {"kind": ""})
    ]
    assert found == [
        (REQUIRED, "required", "p.kind"),
        (NULL, "null", "p.kind"),
        (choice, "invalid_choice", "p.kind"),
        ('"" is not a valid choice.', "invalid_choice", "p.kind"),
    ]
    assert errors(program, {"p": {"kind": "BANK", "number": "5"}}) == [
        (REQUIRED, "required", "p.amount"),
        (REQUIRED, "required", "p.account"),
    ]
    assert FieldInfo(program).is_personal(("p", "account"))
    assert not FieldInfo(program).is_personal(("p", "kind"))


def test_rules_hold_for_what_they_are_on() -> None:
    present = {"present": ["note"], "code": "bad"}
    rules: list[Tables] = [
        {**present, "on": "payment"},
        {**present, "on": "card"},
        {"matches": ["[0-9]"], "on": "payment.amount", "code": "bad"},
        {"matches": ["[0-9]"], "on": "card.number", "code": "bad"},
        {"matches": ["x"], "on": ["payment.kind"]},
        {"matches": ["x"], "on": ["thing.name"]},
    ]
    note = {"note": {"type": "string"}}
    shared = {**PAYMENT["payment"], "fields": {"amount": {"type": "string"}, **note}}
    objects = {**PAYMENT, "payment": shared}
    program = program_of({"name": {"type": "string"}, "p": {"object": "payment"}}, rules, objects=objects)
    card, bank = {"kind": "CARD", "amount": "11", "number": "11"}, {"kind": "BANK", "amount": "11", "account": "11"}

    def told(part: object) -> list[tuple[str, str]]:
        return [(error.rule, error.attr) for error in run(program, {"name": "x", "p": part}).errors]

    assert told(card) == [("r5", "p.kind"), ("r3", "p.amount"), ("r4", "p.number"), ("r1", "p.note"), ("r2", "p.note")]
    assert told(bank) == [("r5", "p.kind"), ("r3", "p.amount"), ("r1", "p.note")]
    assert [(error.rule, error.attr) for error in run(program, {"name": "y"}).errors] == [("r6", "name")]
