"""Formats just on either side of their limits, for example of length and depth."""

from decimal import Decimal

import pytest

from premigrate.formats import choices, dates, email, json_value, normalize, numbers, text
from premigrate.formats.interfaces import FieldError
from premigrate.formats.value_advice import decimal_advice

INVALID = FieldError("invalid")


@pytest.mark.parametrize("digits", [999, 1000])
def test_longest_numbers_are_read(digits: int) -> None:
    raw = "1" * digits
    assert numbers.parse_integer(raw) == int(raw)
    assert numbers.decimal_parser(max_digits=None, decimal_places=None, nullable=False)(raw) == Decimal(raw)


def test_longer_numbers_are_refused() -> None:
    raw = "1" * 1001
    assert numbers.parse_integer(raw) == FieldError("max_string_length")
    assert numbers.decimal_parser(max_digits=None, decimal_places=None, nullable=False)(raw) == FieldError(
        "max_string_length"
    )


def test_bounds_are_inclusive() -> None:
    minimum, maximum = numbers.min_value_check(Decimal(5)), numbers.max_value_check(Decimal(5))
    assert minimum(4) == FieldError("min_value", {"min_value": 5})
    assert maximum(6) == FieldError("max_value", {"max_value": 5})
    assert minimum(5) is maximum(5) is minimum(6) is maximum(4) is None
    assert minimum("4") is maximum("6") is None


def test_bounds_can_be_exclusive_and_decimal() -> None:
    above = numbers.min_value_check(Decimal("0.1"), is_exclusive=True)
    below = numbers.max_value_check(Decimal("0.1"), is_exclusive=True)
    assert above(Decimal("0.10")) == FieldError("min_value", {"min_value": Decimal("0.1")}, "min_value:above")
    assert below(Decimal("0.10")) == FieldError("max_value", {"max_value": Decimal("0.1")}, "max_value:below")
    assert above(Decimal("0.1000000000000000000001")) is below(Decimal("0.09")) is below(0) is above(1) is None


@pytest.mark.parametrize(
    ("raw", "digits", "places", "expected"),
    [
        ("1234", 4, 2, FieldError("max_whole_digits", {"max_whole_digits": 2})),
        ("12.34", 4, 2, Decimal("12.34")),
        ("12.345", 4, 2, FieldError("max_digits", {"max_digits": 4})),
        ("2.345", 4, 2, FieldError("max_decimal_places", {"max_decimal_places": 2})),
        ("0.0001", 4, 4, Decimal("0.0001")),
        ("0.00001", 4, 5, FieldError("max_digits", {"max_digits": 4})),
        ("1E2", 3, 0, Decimal("1E2")),
        ("1E3", 3, 0, FieldError("max_digits", {"max_digits": 3})),
        ("1E3", None, 0, Decimal("1E3")),
        ("0.1", None, 0, FieldError("max_decimal_places", {"max_decimal_places": 0})),
        ("0.12345", 5, None, Decimal("0.12345")),
    ],
)
def test_digits_are_counted_as_in_the_framework(
    raw: str, digits: int | None, places: int | None, expected: object
) -> None:
    for nullable in (False, True):
        assert numbers.decimal_parser(max_digits=digits, decimal_places=places, nullable=nullable)(raw) == expected


@pytest.mark.parametrize("raw", ["t", "T", "y", "Y", "yes", "YES", "true", "TRUE", "on", "On", "1", 1, 1.0])
def test_spellings_of_true(raw: object) -> None:
    assert numbers.boolean_parser(nullable=False)(raw) is True


@pytest.mark.parametrize("raw", ["f", "F", "n", "N", "no", "NO", "false", "FALSE", "off", "Off", "0", 0, 0.0])
def test_spellings_of_false(raw: object) -> None:
    assert numbers.boolean_parser(nullable=False)(raw) is False


@pytest.mark.parametrize("raw", ["null", "Null", ""])
def test_spellings_of_null(raw: object) -> None:
    assert numbers.boolean_parser(nullable=True)(raw) is None
    assert numbers.boolean_parser(nullable=False)(raw) == INVALID


@pytest.mark.parametrize("raw", [Decimal(1), None, [1], {}])
def test_invalid_booleans(raw: object) -> None:
    assert numbers.boolean_parser(nullable=False)(raw) == numbers.boolean_parser(nullable=True)(raw) == INVALID


def test_float_noise_is_searched_up_to_a_number_of_places() -> None:
    assert decimal_advice(1.0, Decimal("1." + "0" * 998 + "11")) == ("float_noise",)
    assert decimal_advice(1.0, Decimal("1." + "0" * 999 + "11")) == ()
    assert decimal_advice(1.0, Decimal("1.0000001")) == ("float_noise",)
    assert decimal_advice(1.0, Decimal("1.009999")) == decimal_advice(1.0, Decimal("1.0099990")) == ()
    assert decimal_advice(1.0, Decimal("1.0099991")) == ("float_noise",)


def test_longest_email_address() -> None:
    assert email.is_email("a" * 315 + "@b.pt")
    assert not email.is_email("a" * 316 + "@b.pt")
    assert email.check("a@b.pt") is None
    assert email.check("a") == INVALID


@pytest.mark.parametrize(
    ("domain", "is_valid"),
    [
        ("a" * 63 + ".pt", True),
        ("a" * 64 + ".pt", False),
        ("a." + "b" * 63 + ".pt", True),
        ("a." + "b" * 64 + ".pt", False),
        ("a." + "p" * 63, True),
        ("a." + "p" * 64, False),
        ("a.p", False),
        ("a.xn--p1ai", True),
        ("a.XN--P1AI", True),
        ("a.xn--p1ai-", False),
        ("a.xn--" + "a" * 59, True),
        ("a.p1", False),
        ("-a.pt", False),
        ("a-.pt", False),
        ("a.-b.pt", False),
        ("a.b-.pt", False),
        ("a.pt-", False),
        ("olá.pt", True),
        ("a.olá", True),
    ],
)
def test_labels_of_a_domain(domain: str, is_valid: bool) -> None:
    assert email.is_email(f"homer@{domain}") is is_valid


@pytest.mark.parametrize(
    ("local", "is_valid"),
    [("a.b", True), (".a", False), ("a.", False), ("a..b", False), ('"a\\"b"', True), ('"a"b"', False), ("olá", False)],
)
def test_local_part_of_an_email_address(local: str, is_valid: bool) -> None:
    assert email.is_email(f"{local}@b.pt") is is_valid


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2020-1-5T7:30+01:30", "2020-01-05 07:30:00+01:30"),
        ("2020-1-5T7:30-01", "2020-01-05 07:30:00-01:00"),
        ("2020-1-5T7:30+0200", "2020-01-05 07:30:00+02:00"),
        ("2020-1-5T7:30+12:45", "2020-01-05 07:30:00+12:45"),
        ("2020-1-5T7:30:02.000001", "2020-01-05 07:30:02.000001"),
        ("2020-1-5T7:30:02,1234567", "2020-01-05 07:30:02.123456"),
        ("2020-1-5T7:30\n", "2020-01-05 07:30:00"),
    ],
)
def test_parts_of_a_datetime(raw: str, expected: str) -> None:
    assert str(dates.parse_datetime(raw)) == expected


@pytest.mark.parametrize("raw", ["2020-13-1", "2020-1-32", "2020-1", "x2020-1-5", "2020-1-5x"])
def test_invalid_dates(raw: str) -> None:
    assert dates.parse_date(raw) == dates.parse_datetime(raw) == INVALID


def nested(levels: int, inner: object) -> object:
    for level in range(levels):
        inner = [inner] if level % 2 else {"a": inner}
    return inner


def test_depth_limit_of_plain_json() -> None:
    assert json_value.is_certainly_json(nested(20, 1))
    assert not json_value.is_certainly_json(nested(21, 1))
    assert json_value.is_certainly_json(nested(20, "x"))
    assert not json_value.is_certainly_json(nested(21, "x"))


@pytest.mark.parametrize(
    "raw", ["x", "", True, False, 0, 2**53, -(2**53), 1.5, [], {}, [None], {"a": None}, [[], {}, "x", 1, 1.5]]
)
def test_plain_json(raw: object) -> None:
    assert json_value.is_certainly_json(raw)
    assert json_value.accept_json(raw) is raw


@pytest.mark.parametrize("raw", [2**53 + 1, -(2**53) - 1, float("inf"), {1: "x"}, [float("nan")], (), None, Decimal(1)])
def test_values_that_may_not_be_plain_json(raw: object) -> None:
    assert not json_value.is_certainly_json(raw)


def test_object_is_accepted_unchanged() -> None:
    raw = {"a": object()}
    assert json_value.accept_object(raw) is raw
    assert json_value.accept_object("x") == FieldError("not_a_dict", {"input_type": "str"})


def test_max_length() -> None:
    check = text.max_length_check(3)
    assert check("abc") is check(123) is None
    assert check("abcd") == check(1234) == FieldError("max_length", {"max_length": 3})


@pytest.mark.parametrize("letter", ["\ud7ff", "\ue000", "\uffff", "\U0001f600", "a"])
def test_letters_around_the_surrogates_pass(letter: str) -> None:
    assert text.check_surrogate_characters(f"a{letter}") is None


@pytest.mark.parametrize(("letter", "name"), [("\ud800", "D800"), ("\udfff", "DFFF"), ("\udabc\ud800", "DABC")])
def test_first_surrogate_is_named(letter: str, name: str) -> None:
    assert text.check_surrogate_characters(f"á{letter}") == FieldError(
        "surrogate_characters_not_allowed", {"code_point": name}
    )


def test_null_characters() -> None:
    assert text.check_null_characters("a\0") == FieldError("null_characters_not_allowed")
    assert text.check_null_characters("a0") is None


def test_value_without_a_text_is_named_by_its_type() -> None:
    assert text.text_or_type_name(10**5000) == "int"
    assert text.text_or_type_name(None) == "None"


def test_error_of_a_choice_contains_the_input() -> None:
    closed, blank = choices.choice_parser(("A",), blank=False), choices.choice_parser(("A",), blank=True)
    assert closed("B") == blank("B") == FieldError("invalid_choice", {"input": "B"})
    assert closed("") == FieldError("invalid_choice", {"input": ""})
    assert closed(None) == FieldError("invalid_choice", {"input": "None"})


def test_open_choices() -> None:
    filled, blank = choices.open_choice_parser(blank=False), choices.open_choice_parser(blank=True)
    assert filled("x") == blank("x") == "x"
    assert blank("") == ""
    assert filled("") == FieldError("invalid_choice", {"input": ""})
    for raw in (True, None):
        assert filled(raw) == blank(raw) == FieldError("invalid_choice", {"input": str(raw)})
    assert filled([]) == FieldError("invalid_choice", {"input": "[]"})
    assert filled(Decimal("1.5")) == filled(1.5) == "1.5"


def test_normal_forms() -> None:
    assert normalize.fold_case("straße") == "STRASSE"
    assert normalize.fold_case("É") == "é"
    assert normalize.collapse_whitespace(" a \t b ") == "a b"
    assert normalize.remove_separators(" 1-2 \u00a03 ") == "123"
    assert normalize.compose_accents("e\u0301") == "é"
    assert normalize.build_normalizer([]) is None
