"""What a program says of its market besides what it finds: what is not checked, advice that is on, all answers."""

from dataclasses import replace
from typing import Any

import pytest

from premigrate.compiler.program import compile_program
from premigrate.engine.program import ResponseTemplate, StatusKind
from premigrate.exceptions import BadRules
from tests.unit.compiler.small import Tables, advice, book_of, errors, program_of

TEXT = {"type": "string"}
FIELDS = {"name": TEXT, "land": TEXT, "kind": {"type": "choice", "open": True, "listed": "kinds"}}
LISTED: list[Tables] = [
    {"listed": {"field": "name", "in": "known"}},
    {"listed": {"field": ["name", "land"], "in": "pairs"}, "when": {"land": {"in_list": "known"}}},
    {"server_only": "Only the platform knows."},
    {"absent": ["land"], "when": {"name": "x"}},
]


def test_what_is_not_checked_is_named_with_the_lists_it_lacks() -> None:
    lists = {"kinds": {"about": "k."}, "known": {"about": "k."}}
    objects = {"part": {"fields": {"kind": FIELDS["kind"], "open": {"type": "choice", "open": True}}}}
    program = program_of(FIELDS, LISTED, lists=lists, objects=objects)
    assert list(program.not_checked.items()) == [
        ("r1", ("known",)),
        ("r2", ("known", "pairs")),
        ("r3", ()),
        ("thing.kind", ("kinds",)),
        ("part.kind", ("kinds",)),
    ]
    assert [rule.id for rule in program.rules] == ["r2", "r4"], "the others need no more than keys of their object"


def test_what_has_its_lists_is_checked() -> None:
    pairs = {"columns": ["name", "land"], "values": [["x", "a"]]}
    program = program_of(FIELDS, LISTED, lists={"kinds": {"values": []}, "known": {"values": ["a"]}, "pairs": pairs})
    assert dict(program.not_checked) == {"r3": ()}
    assert [rule.id for rule in program.rules] == ["r1", "r2", "r4"]


@pytest.mark.parametrize(
    ("spec", "is_there"),
    [
        ({"field": ["name", "land"], "in": "pairs"}, True),
        ({"field": ["name", "land"], "in": "pairs", "columns": ["b", "a"]}, True),
        ({"field": ["name"], "in": "pairs", "columns": ["c"]}, False),
        ({"field": ["name", "land"], "in": "pairs", "columns": ["a", "c"]}, False),
        ({"field": ["name", "land", "land"], "in": "pairs"}, False),
    ],
)
def test_a_list_without_the_columns_that_are_asked_for_is_not_there(spec: dict[str, Any], *, is_there: bool) -> None:
    program = program_of(
        FIELDS, [{"listed": spec}], lists={"kinds": {"values": []}, "pairs": {"columns": ["a", "b"], "values": []}}
    )
    assert dict(program.not_checked) == ({} if is_there else {"r1": ("pairs",)})


def test_a_look_up_needs_columns_by_name_and_first_ones() -> None:
    demand = {"compare": ["name", "<=", {"of": "pairs", "by": ["name", "land"], "take": "b"}]}
    for columns, is_there in ((["a", "b"], True), (["b"], False), (["a", "c"], False)):
        lists = {"kinds": {"values": []}, "pairs": {"columns": columns, "values": []}}
        assert ("r1" not in program_of(FIELDS, [demand], lists=lists).not_checked) is is_there


def test_advice_that_is_off_has_no_text() -> None:
    on, off = program_of(FIELDS), program_of(FIELDS, off_reasons={"blank-text": "b.", "r1": "b."})
    assert on.advice_texts.keys() - off.advice_texts.keys() == {"blank_text"}
    assert off.advice_texts.items() < on.advice_texts.items()
    assert on.advice_texts["deprecated_field"] == "This field is deprecated."
    assert advice(off, {"name": ""}) == []


def test_the_refusal_is_that_of_the_market() -> None:
    assert program_of(FIELDS, refusal="bad").rejection == ("bad", "It is bad.")
    assert program_of(FIELDS, refusal="null").rejection == ("null", ""), "its words depend on the field"


def test_answers_have_the_words_of_their_codes() -> None:
    book = book_of(FIELDS)
    events = {"IMPORTED": "It is imported."}
    asked = book.responses["import_status"].model_copy(update={"events": events})
    answers = compile_program(replace(book, responses={**book.responses, "import_status": asked})).responses
    assert answers.by_name["valid"] == ResponseTemplate(200, {}, "", "")
    body = {"code": "<code>", "detail": "<detail>", "domain": "import_process"}
    code = "import_process_failed_validation"
    detail = book.codes[code].detail
    assert detail
    assert answers.by_name["not_valid"] == ResponseTemplate(400, body, code, detail)
    assert answers.by_name.keys() == book.responses.keys()
    assert answers.events == events
    assert answers.lifecycles["cancelled"] == book.lifecycles["cancelled"].statuses
    kinds = {name: StatusKind(spec.identified, spec.errored, spec.again) for name, spec in book.statuses.items()}
    assert answers.statuses == kinds
    assert len(set(kinds.values())) > 2


DIGITS, LETTERS = (
    {"arguments": {"patterns": [pattern]}, "good": ["1"], "bad": ["A"]} for pattern in ("[0-9]+", "[A-Z]+")
)
IS_CODE = {"format": {"field": "name", "is": "code"}}
IS_CODE_THERE = {"format": {"field": "name", "is": "code", "territory": "land"}}
WRONG = [("It is wrong: A.", "wrong", "name")]


def plan_with(scheme: dict[str, Any], *rules: dict[str, Any], **more: Any) -> Any:
    other = {"format": "pattern", "territories": {"DK": LETTERS, "PT": LETTERS, "FR": LETTERS}}
    schemes = {"code": {"format": "pattern", **scheme}, "other": other}
    return program_of(FIELDS, rules, lists={"kinds": {"values": []}}, schemes=schemes, **more)


def test_a_scheme_without_countries_is_the_same_in_all() -> None:
    program = plan_with(DIGITS, IS_CODE)
    assert errors(program, {"name": "1", "land": "DK"}) == []
    assert errors(program, {"name": "A", "land": "DK"}) == WRONG


def test_a_scheme_with_countries_is_that_of_the_market_unless_the_payload_says_which() -> None:
    scheme = {"territories": {"PT": DIGITS, "DK": LETTERS}}
    here, there = plan_with(scheme, IS_CODE), plan_with(scheme, IS_CODE_THERE)
    assert errors(here, {"name": "1", "land": "DK"}) == errors(there, {"name": "1", "land": "PT"}) == []
    assert errors(here, {"name": "A", "land": "DK"}) == errors(there, {"name": "A", "land": "pt"}) == WRONG
    assert errors(there, {"name": "A", "land": "DK"}) == errors(there, {"name": "A", "land": "dk"}) == []
    assert errors(there, {"name": "1", "land": "DK"}) == [("It is wrong: 1.", "wrong", "name")]
    for unknown in ({"land": "FR"}, {"land": ""}, {}):
        assert errors(there, {"name": "A", **unknown}) == errors(there, {"name": "1", **unknown}) == []


def test_countries_of_one_scheme_are_none_of_another() -> None:
    both = plan_with({"territories": {"PT": DIGITS}}, IS_CODE_THERE, {"format": {"field": "name", "is": "other"}})
    assert errors(both, {"name": "A", "land": "PT"}) == WRONG
    assert errors(both, {"name": "A", "land": "DK"}) == errors(both, {"name": "A", "land": "FR"}) == []


def test_a_market_that_is_none_of_the_countries_has_judges_for_those_only() -> None:
    program = plan_with({"territories": {"DK": LETTERS}}, IS_CODE_THERE)
    assert errors(program, {"name": "1", "land": "DK"}) == [("It is wrong: 1.", "wrong", "name")]
    assert errors(program, {"name": "1", "land": "PT"}) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"patterns": ["(a)"]}, "'(a)' is not a plain pattern"),
        ({}, "missing 1 required"),
        ({"patterns": 5}, "iterable"),
    ],
)
def test_arguments_of_schemes_that_nobody_can_work_with_are_told(arguments: dict[str, Any], message: str) -> None:
    bad = {"arguments": arguments, "good": ["1"], "bad": ["A"], "format": "pattern"}
    schemes = {"zip": bad, "code": bad, "unused": bad, "right": {"format": "pattern", **DIGITS}}
    rules = [{"format": {"field": "name", "is": name}} for name in ("zip", "right", "code")]
    with pytest.raises(BadRules) as caught:
        program_of(FIELDS, rules, schemes=schemes)
    assert [problem[:2] for problem in caught.value.problems] == [
        ("schemes", "[scheme.code]"),
        ("schemes", "[scheme.zip]"),
    ]
    assert all(message in problem.message for problem in caught.value.problems)
