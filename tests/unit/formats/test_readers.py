"""Readers and patterns at their limits; the oracle tests compare them with Django REST Framework."""

import time
from decimal import Decimal

import pytest

from premigrate.formats import choices, dates, email, json_value, numbers, text
from premigrate.formats.interfaces import FieldError
from premigrate.formats.pattern import compile_plain_pattern
from premigrate.formats.registry import FORMATS

HUGE = 10**5000
DEEP: list[object] = []
for _ in range(100_000):
    DEEP = [DEEP]


def code_of(value: object) -> object:
    return value.code if isinstance(value, FieldError) else value


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" x\n", "x"),
        (5, "5"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        (True, "invalid"),
        ([], "invalid"),
        pytest.param(HUGE, "invalid", id="huge"),
    ],
)
def test_text(raw: object, expected: object) -> None:
    assert code_of(text.text_parser(blank=False)(raw)) == expected


@pytest.mark.parametrize("raw", ["", "  ", "\u00a0\n"])
def test_blank_text(raw: str) -> None:
    assert code_of(text.text_parser(blank=False)(raw)) == "blank"
    assert text.text_parser(blank=True)(raw) == ""


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("5", 5),
        ("5.0", 5),
        (5.0, 5),
        ("5.", 5),
        ("1_0", 10),
        ("5.5", "invalid"),
        (True, "invalid"),
        ("", "invalid"),
        pytest.param(HUGE, "invalid", id="huge"),
        ("1" * 1001, "max_string_length"),
        ({}, "invalid"),
    ],
)
def test_integer(raw: object, expected: object) -> None:
    assert code_of(numbers.parse_integer(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (0.1, Decimal("0.1")),
        ("1.50", Decimal("1.50")),
        (" 1 ", Decimal(1)),
        ("1e1", Decimal("1e1")),
        ("1E-3", "max_decimal_places"),
        ("99999", "max_digits"),
        ("9999", "max_whole_digits"),
        ("NaN", "invalid"),
        (float("inf"), "invalid"),
        (False, "invalid"),
        ("", "invalid"),
        ("1" * 1001, "max_string_length"),
        pytest.param(HUGE, "max_string_length", id="huge"),
        ([], "invalid"),
        pytest.param(DEEP, "invalid", id="deep"),
        ("1E999999999", "max_digits"),
    ],
)
def test_decimal(raw: object, expected: object) -> None:
    assert code_of(numbers.decimal_parser(max_digits=4, decimal_places=2, nullable=False)(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"), [(" ", None), ("1.5", Decimal("1.5")), (2, Decimal(2)), (False, "invalid")]
)
def test_nullable_decimal_may_be_blank(raw: object, expected: object) -> None:
    assert code_of(numbers.decimal_parser(max_digits=4, decimal_places=2, nullable=True)(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Yes", True),
        (1, True),
        (1.0, True),
        ("off", False),
        (0, False),
        (2, "invalid"),
        ([], "invalid"),
        ("null", "invalid"),
    ],
)
def test_boolean(raw: object, expected: object) -> None:
    assert code_of(numbers.boolean_parser(nullable=False)(raw)) == expected


def test_nullable_boolean_may_be_spelled_null() -> None:
    assert numbers.boolean_parser(nullable=True)("NULL") is None


def test_choices() -> None:
    assert choices.choice_parser(("A",), blank=False)("A") == "A"
    refused = choices.choice_parser(("A",), blank=False)(["A"])
    assert isinstance(refused, FieldError)
    assert refused.params == {"input": "['A']"}
    assert choices.choice_parser(("A",), blank=True)("") == ""
    assert code_of(choices.open_choice_parser(blank=False)([])) == "invalid_choice"
    assert choices.open_choice_parser(blank=False)(5) == "5"


def test_choice_nested_too_deeply_is_refused() -> None:
    assert code_of(choices.choice_parser(("A",), blank=False)(DEEP)) == "invalid_choice"
    assert json_value.accept_json(DEEP) is DEEP


def test_json() -> None:
    assert code_of(json_value.accept_json({"a": float("nan")})) == "invalid"
    assert code_of(json_value.accept_json({"a": object()})) == "invalid"
    assert code_of(json_value.accept_object([])) == "not_a_dict"


@pytest.mark.parametrize("raw", ["2020-1-5", "20200105", "2020-W01-7", "2020-01-05"])
def test_dates(raw: str) -> None:
    assert str(dates.parse_date(raw)) == "2020-01-05"


@pytest.mark.parametrize("raw", ["", "2020-02-30", "2020-01-05T00:00:00Z", 20200105, None, "05.01.2020"])
def test_invalid_dates(raw: object) -> None:
    assert code_of(dates.parse_date(raw)) == "invalid"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2020-1-5 7:30", "2020-01-05 07:30:00"),
        ("2020-1-5T7:30:01,5+01", "2020-01-05 07:30:01.500000+01:00"),
        ("2020-1-5T7:30 Z", "2020-01-05 07:30:00+00:00"),
        ("2020-1-5T7:30-0130", "2020-01-05 07:30:00-01:30"),
        ("2020-01-05", "2020-01-05 00:00:00"),
    ],
)
def test_datetimes(raw: str, expected: str) -> None:
    assert str(dates.parse_datetime(raw)) == expected


@pytest.mark.parametrize("raw", ["", "2020-1-5T25:00", 5, "2020-1-5T7:30+99:00x"])
def test_invalid_datetimes(raw: object) -> None:
    assert code_of(dates.parse_datetime(raw)) == "invalid"


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "a|b",
        "a+b+",
        "^a",
        "a$",
        "[^]",
        r"\b",
        "[a&&b]",
        ".*a+b",
        "a{2,}b*",
        "\\\\*\\\\*",
        "a{1,9}b{1,9}",
        "(?i)a",
        "[",
    ],
)
def test_patterns_that_are_not_plain_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"plain pattern|more than one count without a limit"):
        compile_plain_pattern(pattern)


@pytest.mark.parametrize("pattern", [".*ab.*", r".*\.xx", "[A-Z0-9]{2}-?[0-9]+", r"a\*b*"])
def test_plain_patterns_are_fast_on_long_texts(pattern: str) -> None:
    """Compare the times of two lengths: for sixteen times the length, quadratic work would take 256 times as long."""
    compiled = compile_plain_pattern(pattern)

    def cost(size: int) -> float:
        sample = "a" * size
        times = []
        for _ in range(7):
            started = time.thread_time()
            compiled.fullmatch(sample)
            times.append(time.thread_time() - started)
        return min(times)  # the minimum excludes the load of other processes

    compiled.fullmatch("")
    assert cost(800_000) < 90 * max(cost(50_000), 2e-5)


def test_unknown_arguments_of_formats_are_named() -> None:
    with pytest.raises(ValueError, match="calling region"):
        FORMATS["phone"](region="UK")
    with pytest.raises(ValueError, match="python-stdnum has no number"):
        FORMATS["check_digits"](of="xx.nothing")


@pytest.mark.parametrize("address", ["a@[127.0.0.1]", "a@[::1]", '"a b"@x.pt'.replace(" ", ""), "a@localhost"])
def test_unusual_email_addresses_that_are_valid(address: str) -> None:
    assert email.is_email(address)


@pytest.mark.parametrize("address", ["a@[127.0.0.1.1]", "a@[::1", "a@[a:b]", "a@b@localhos", "@", "a" * 321 + "@b.pt"])
def test_unusual_email_addresses_that_are_invalid(address: str) -> None:
    assert not email.is_email(address)


def test_surrogates_are_named_and_other_characters_pass() -> None:
    assert text.check_surrogate_characters("olá 😀") is None
    assert text.check_surrogate_characters("a\udc00") == FieldError(
        "surrogate_characters_not_allowed", {"code_point": "DC00"}
    )
