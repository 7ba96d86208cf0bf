"""What would be right, and which other places it is about: of every operator and every type."""

from typing import Any

import pytest

from premigrate.results import Place
from tests.unit.compiler.small import program_of, run

TEXT, DAY, NUMBER = {"type": "string"}, {"type": "date"}, {"type": "decimal", "max_digits": 9, "decimal_places": 2}
PART = {"part": {"fields": {"name": TEXT, "kind": TEXT, "start": DAY, "end": DAY, "amount": NUMBER}}}
FIELDS: dict[str, dict[str, Any]] = {
    "name": TEXT,
    "kind": TEXT,
    "first": DAY,
    "last": DAY,
    "sum": NUMBER,
    "other": NUMBER,
    "days": {"type": "integer"},
    "parts": {"list": "part"},
}
PERIODS = {"of": "parts", "start": "start", "end": "end"}
OVERLAP = [{"start": "2025-01-01", "end": "2025-03-01"}, {"start": "2025-02-01"}]
GAP = [{"start": "2025-01-01", "end": "2025-01-31"}, {"start": "2025-02-01"}]
ENDLESS = [{"start": "2025-01-01"}, {"start": "2025-02-01"}]
TOTAL_MISSING = "sum equal to the sum of parts.*.amount; it is missing, which counts as 2"
EARLIER: tuple[Place, ...] = (("parts", 0, "start"), ("parts", 0, "end"))

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, tuple[Place, ...]]] = {
    "present": ({"present": ["name"]}, {"kind": "x"}, "a value for name", ()),
    "absent": ({"absent": ["name"]}, {"name": "x"}, "no value for name", ()),
    "at least one": ({"at_least_one": ["name", "parts[].name"]}, {}, "at least one of name and parts.*.name", ()),
    "at most one": (
        {"at_most_one": ["name", "kind"]},
        {"name": "x", "kind": "y"},
        "only one of name and kind",
        (("name",),),
    ),
    "all or none": (
        {"all_or_none": ["name", "kind"]},
        {"name": "x"},
        "all or none of name and kind",
        (("name",),),
    ),
    "absent because of another value": (
        {"when": {"kind": "<present>"}, "absent": ["name"]},
        {"name": "x", "kind": "y"},
        "no value for name, because kind is present",
        (),
    ),
    "compare": (
        {"compare": ["first", "<=", "last"]},
        {"first": "2025-01-02", "last": "2025-01-01"},
        "a date on or before 2025-01-01 (last)",
        (("last",),),
    ),
    "compare with several": (
        {"compare": ["first", "<=", "parts[].start"]},
        {"first": "2025-01-09", "parts": [{"start": "2025-01-03"}, {"start": "2025-01-02"}, {"start": "2025-01-08"}]},
        "a date on or before 2025-01-02 (parts.*.start)",
        (("parts", 1, "start"),),
    ),
    "compare lists": (
        {"compare": ["parts[].start", "<=", "parts[].end"], "attr": "non_field_errors"},
        {"parts": [{"start": "2025-01-01"}, {"start": "2025-01-09", "end": "2025-01-03"}]},
        "a date on or before 2025-01-03 (parts.*.end); parts.*.start is 2025-01-09",
        (("parts", 1, "end"), ("parts", 1, "start")),
    ),
    "compare with the first of several": (
        {"compare": ["first", "<=", {"first": ["parts[].start", "last"]}]},
        {"first": "2025-01-02", "last": "2025-01-01"},
        "a date on or before 2025-01-01 (last)",
        (("last",),),
    ),
    "compare with today": (
        {"compare": ["first", "<", "<today>"]},
        {"first": "2027-01-02"},
        "a date before 2026-01-31 (today)",
        (),
    ),
    "compare numbers": (
        {"compare": ["sum", ">=", "other"]},
        {"sum": 1, "other": "2.50"},
        "a number at least 2.50 (other)",
        (("other",),),
    ),
    "overlap": (
        {"periods": PERIODS},
        {"parts": OVERLAP},
        "start 2025-03-01, the end of the earlier period (2025-01-01 to 2025-03-01, end exclusive): the two overlap",
        EARLIER,
    ),
    "gap": (
        {"periods": PERIODS},
        {"parts": GAP},
        (
            "start 2025-01-31, the end of the earlier period (2025-01-01 to 2025-01-31, end exclusive): "
            "there is a gap of 1 day; if 2025-01-31 is its last day, end is 2025-02-01"
        ),
        EARLIER,
    ),
    "overlap with inclusive ends": (
        {"periods": {**PERIODS, "end_included": True, "gaps": True}},
        {"parts": OVERLAP},
        (
            "start on or after 2025-03-02, the day after the end of the earlier period "
            "(2025-01-01 to 2025-03-01, end inclusive): the two overlap"
        ),
        EARLIER,
    ),
    "period without an end": (
        {"periods": PERIODS},
        {"parts": ENDLESS},
        "end for the earlier period, which starts on 2025-01-01 and has no end: the two overlap",
        EARLIER[:1],
    ),
    "earlier period reversed": (
        {"periods": PERIODS},
        {"parts": [{"start": "2025-03-01", "end": "2025-01-01"}, {"start": "2025-04-01"}]},
        "end on or after 2025-03-01, the start of the earlier period; it is 2025-01-01",
        EARLIER,
    ),
    "later period reversed": (
        {"periods": PERIODS},
        {"parts": [{"start": "2025-01-01", "end": "2025-03-01"}, {"start": "2025-04-01", "end": "2025-02-01"}]},
        "end on or after start",
        EARLIER,
    ),
    "covers": (
        {"covers": {"of": "parts", "start": "start", "end": "end", "date": ["first"]}},
        {"parts": GAP[:1], "first": "2026-01-01"},
        "a period in parts that contains 2026-01-01, the first (start on or before it, end after it)",
        (("first",),),
    ),
    "total": (
        {"total": {"add": ["parts[].amount"], "subtract": ["other"], "equals": "sum"}},
        {"parts": [{"amount": 10}, {"amount": "7.54"}], "other": 1, "sum": "16.53"},
        "sum of 16.54, the sum of parts.*.amount less other; it is 16.53, and the difference is 0.01",
        (("parts", 0, "amount"), ("parts", 1, "amount"), ("other",)),
    ),
    "total without its target": (
        {"total": {"add": ["parts[].amount"], "equals": "sum", "default": "2"}},
        {"parts": [{"amount": 10}]},
        "sum of 10, the sum of parts.*.amount; it is missing, which counts as 2, and the difference is 8",
        (("parts", 0, "amount"),),
    ),
    "bound without its target": (
        {"total": {"add": ["parts[].amount"], "at_most": "sum", "times": 3, "default": "2"}},
        {"parts": [{"amount": 10}]},
        "3 times sum of at least 10, the sum of parts.*.amount; it is missing, which counts as 6, too low by 4",
        (("parts", 0, "amount"),),
    ),
    "bound": (
        {"total": {"add": ["parts[].amount"], "at_most": "sum"}},
        {"parts": [{"amount": 10}], "sum": 8},
        "sum of at least 10, the sum of parts.*.amount; it is 8, too low by 2",
        (("parts", 0, "amount"),),
    ),
    "unique": (
        {"unique": ["parts[].name"]},
        {"parts": [{"name": "x"}, {"name": "x"}]},
        "another value than the related one",
        (("parts", 0, "name"),),
    ),
    "same": (
        {"same": {"of": ["parts[]"], "key": ["kind"], "by": ["name"]}},
        {"parts": [{"name": "x", "kind": "a"}, {"name": "x", "kind": "b"}]},
        "kind a, as in the first item",
        (("parts", 0, "kind"),),
    ),
    "refers": (
        {"refers": {"field": "name", "to": ["parts[].name"]}},
        {"name": "z", "parts": [{"name": "x"}, {"name": "y"}]},
        "a value that occurs at parts.*.name: x, y",
        (("parts", 0, "name"), ("parts", 1, "name")),
    ),
    "count": (
        {"count": {"of": "parts[]", "where": {"kind": "a"}, "at_most": 1}},
        {"parts": [{"kind": "a"}, {"kind": "b"}, {"kind": "a"}]},
        "at most 1 in parts of the kind that the rule counts; there are 2",
        (("parts", 0), ("parts", 2)),
    ),
    "count exactly": (
        {"count": {"of": "parts[]", "at_least": 2, "at_most": 2}},
        {"parts": [{"kind": "a"}]},
        "exactly 2 in parts; there is 1",
        (("parts", 0),),
    ),
    "other than": (
        {"on": "thing.kind", "holds": {".": {"!=": "a"}}},
        {"kind": "a"},
        "a value other than a",
        (),
    ),
    "matches": (
        {"matches": {"field": "name", "patterns": ["[0-9]{4}"]}},
        {"name": "x"},
        "a text that matches [0-9]{4}",
        (),
    ),
    "holds": (
        {"holds": {"kind": ["a", "b", "<absent>"]}},
        {"kind": "x"},
        "kind one of a, b or none",
        (),
    ),
    "days": (
        {"days": {"from": "first", "to": "last", "equals": "days"}},
        {"first": "2025-01-01", "last": "2025-01-02", "days": 1},
        "2, the number of days from first to last, both included",
        (("first",), ("last",)),
    ),
    "with a condition": (
        {"when": {"kind": "a"}, "present": ["name"]},
        {"kind": "a"},
        "a value for name (for kind a)",
        (),
    ),
    "in items": (
        {"for_each": "parts[]", "compare": ["start", "<=", "end"], "when": {"kind": "a"}},
        {"parts": [{"kind": "b"}, {"kind": "a", "start": "2025-01-02", "end": "2025-01-01"}]},
        "a date on or before 2025-01-01 (end) (for kind a)",
        (("parts", 1, "end"),),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_expected_of_a_rule(name: str) -> None:
    rule, payload, expected, related = CASES[name]
    (error,) = run(program_of(FIELDS, [rule], objects=PART), payload).errors
    assert (error.expected, error.related) == (expected, related)


@pytest.mark.parametrize(
    ("name", "personal", "expected"),
    [
        ("compare", "last", "a date on or before last"),
        ("compare", "first", "a date on or before last"),
        ("total", "other", "sum equal to the sum of parts.*.amount less other"),
        ("total", "parts", "sum equal to the sum of parts.*.amount less other"),
        ("compare lists", "parts", "a date on or before parts.*.end"),
        ("total without its target", "parts", TOTAL_MISSING),
        ("earlier period reversed", "parts", "end of the earlier period on or after its start"),
        ("overlap", "parts", "start equal to the end of the earlier period, which is exclusive: the two overlap"),
        ("period without an end", "parts", "end for the earlier period, which has no end: the two overlap"),
        ("same", "parts", "the same kind as in the first item"),
        ("refers", "parts", "a value that occurs at parts.*.name"),
        ("with a condition", "kind", "a value for name"),
        ("days", "first", "the number of days from first to last, both included"),
    ],
)
def test_personal_values_are_left_out(name: str, personal: str, expected: str) -> None:
    rule, payload, _, related = CASES[name]
    fields = {**FIELDS, personal: {**FIELDS[personal], "personal": True}}
    (error,) = run(program_of(fields, [rule], objects=PART), payload).errors
    assert (error.expected, error.related) == (expected, related)


NOT = ", not a list"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (TEXT, [], f"a text{NOT}"),
        (TEXT, {}, "a text, not an object"),
        (TEXT, None, "a text; or omit the field"),
        ({**TEXT, "required": True}, None, "a text; the field is required"),
        ({"type": "json"}, None, "any value but null; or omit the field"),
        ({"type": "json"}, {"x": [float("inf")]}, "a value that JSON can express"),
        (TEXT, "a\0", "a text without null characters"),
        (TEXT, "a\ud800", "a text without lone surrogates"),
        ({**TEXT, "blank": False}, " ", "a text that is not blank"),
        ({"type": "choice", "choices": ["A", "B"]}, None, "one of A, B; or omit the field"),
        ({"list": "choice", "choices": ["A", "B"]}, [None], "one of A, B"),
        (
            NUMBER,
            "20,00",
            "a number with up to 7 digits before and 2 after the decimal point, written with a decimal point",
        ),
        ({"type": "decimal", "max_digits": 1}, "x", "a number of up to 1 digit"),
        ({"type": "decimal", "decimal_places": 2}, "x", "a number with up to 2 digits after the decimal point"),
        ({"type": "decimal"}, "x", "a number"),
        (DAY, "x", "a date, such as 2026-01-31"),
        (DAY, 5, "a date, such as 2026-01-31, not a number"),
        ({"type": "datetime"}, "x", "a date and time, such as 2026-01-31T12:00:00Z"),
        (NUMBER, "x", "a number with up to 7 digits before and 2 after the decimal point"),
        (NUMBER, True, "a number with up to 7 digits before and 2 after the decimal point, not true"),
        ({"type": "integer"}, "x", "a whole number, such as 12"),
        ({"type": "boolean"}, "x", "true or false"),
        ({"type": "email"}, "x", "an e-mail address, such as name@example.org"),
        ({"type": "object"}, "x", "an object"),
        ({"type": "object"}, [], f"an object{NOT}"),
        ({"object": "part"}, "x", "an object, not a text"),
        ({"list": "part"}, {}, "a list of objects, not an object"),
        ({"list": "string"}, None, "a list; or omit the field"),
        ({**TEXT, "max_length": 1}, "xx", ""),
        ({"type": "choice", "choices": ["A"]}, "x", "A"),
        ({"type": "choice", "choices": ["CASH", "CARD"]}, "cash ", "one of CASH, CARD (did you mean CASH?)"),
        (
            {"type": "choice", "choices": [f"C{number}" for number in range(20)]},
            "c1",
            "one of 20 values, nearest C1, C19, C18 (see premigrate explain f)",
        ),
        (
            {"type": "choice", "choices": [f"C{number}" for number in range(20)]},
            "qqq",
            "one of 20 values, such as C0, C1, C2 (see premigrate explain f)",
        ),
        (
            {"type": "choice", "choices": ["CASH", "CARD"], "personal": True},
            "cash",
            "one of CASH, CARD",
        ),
    ],
)
def test_expected_of_a_field(field: dict[str, Any], value: object, expected: str) -> None:
    (error,) = run(program_of({"f": field}, objects=PART), {"f": value}).errors
    assert (error.expected, error.related) == (expected, ())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["anna", "bert"], "one of anna, bert (did you mean anna?)"),
        (
            [f"n{number:02}" for number in range(20)],
            "one of 20 values, such as n00, n01, n02 (see premigrate explain names)",
        ),
    ],
)
def test_values_of_reference_lists(values: list[str], expected: str) -> None:
    rule = {"listed": {"field": "name", "in": "names"}, "example_lists": {"names": ["anna"]}}
    program = program_of(FIELDS, [rule], objects=PART, lists={"names": {"values": values}})
    (error,) = run(program, {"name": "ana"}).errors
    assert error.expected == expected


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (TEXT, "N/A", "a real value; or omit the field"),
        ({**TEXT, "required": True}, "N/A", "a real value; the field is required"),
        ({**DAY, "required": True}, "9999-12-31", "a real value; the field is required"),
        (TEXT, "", "a real value; or omit the field"),
        (TEXT, 5, ""),
    ],
)
def test_expected_beside_a_value(field: dict[str, Any], value: object, expected: str) -> None:
    (advice,) = run(program_of({"f": field}, objects=PART), {"f": value}).advice
    assert advice.expected == expected
