"""Format checks: what passes, what is suspicious, and what is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.formats import check_digits, country, cups, pattern, phone
from premigrate.formats.interfaces import FormatCheck, Invalid, PrefilteredCheck, Suspicious

MAKERS: dict[str, Callable[[], FormatCheck]] = {
    "phone": lambda: phone.make_check(region="PT"),
    "phone of a region that shares its code": lambda: phone.make_check(region="CA"),
    "country": country.make_check,
    "digits": lambda: pattern.make_check(patterns=["[0-9]+"], tolerated=["x.*"], form="digits"),
    "letter": lambda: pattern.make_check(patterns=["a"], tolerated=["x"]),
    "letter only": lambda: pattern.make_check(patterns=["a"]),
    "cups": lambda: cups.make_check(prefix="PT"),
    "check digits": lambda: check_digits.make_check(of="pt.nif"),
}
READ_PAST = "more than a telephone number; the API keeps only the digits that it recognizes"
MORE = "written with characters besides the number"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("phone", "912345678", None),
        ("phone", "912 345 678", None),
        ("phone", "+351 912 345 678", None),
        ("phone", " (91) 234-56.78 ", None),
        ("phone", "+45 32 12 34 56", None),
        ("phone", "+4532123456", None),
        ("phone", " +4532123456", None),
        ("phone", "00 45 32 12 34 56", "a number of another country"),
        ("phone", "+45 32 12 34 56 ext. 5", READ_PAST),
        ("phone", "912345678 ext. 5", READ_PAST),
        ("phone", "tel:912345678", READ_PAST),
        ("phone of a region that shares its code", "5062345678", None),
        ("phone of a region that shares its code", "+1 506 234 5678", None),
        ("phone of a region that shares its code", "2015550123", "a number of another country"),
        ("country", "PT", None),
        ("country", " pt", "not written as two capital letters"),
        ("country", "Pt", "not written as two capital letters"),
        ("digits", "12", None),
        ("digits", "X\n1", "not written as digits"),
        ("letter", "X", "not written as the usual form"),
        ("letter only", "a", None),
        ("check digits", "501442600", None),
        ("check digits", "501 442 600", MORE),
        ("check digits", "PT501442600", MORE),
        ("check digits", " 501442600 ", MORE),
        ("check digits", "\u00a0501442600\u2003", MORE),
        ("cups", "PT0002000078632106DP", None),
    ],
)
def test_accepted_and_suspicious_values(name: str, value: str, reason: str | None) -> None:
    assert MAKERS[name]()(value) == (None if reason is None else Suspicious(reason))


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("phone", "x", Invalid()),
        ("phone", "", Invalid()),
        ("phone", "12345", Invalid()),
        ("phone of a region that shares its code", "12", Invalid()),
        ("country", "XX", Invalid()),
        ("country", "PTX", Invalid()),
        ("country", "\ufb01", Invalid()),  # the ligature fi
        ("digits", "y", Invalid()),
        ("digits", "", Invalid()),
        ("digits", "1\u2013", Invalid("this one has a character outside ASCII")),
        ("letter only", "A", Invalid()),
        ("letter only", "", Invalid()),
        ("cups", "PT1", Invalid()),
        ("cups", "ES0021000000000001GK", Invalid()),
        ("cups", "", Invalid()),
        ("cups", "PT\uff10", Invalid("this one has characters other than A-Z and 0-9")),
        ("cups", "PT0002000078632106DX", Invalid(correction="the check letters should be DP")),
        ("check digits", "501442601", Invalid()),
        ("check digits", "\uff1501442600", Invalid("this one has the wrong form")),
        ("check digits", "", Invalid("this one has the wrong form")),
        ("check digits", "50144260", Invalid("this one has the wrong length")),
    ],
)
def test_refused_values(name: str, value: str, verdict: Invalid) -> None:
    assert MAKERS[name]()(value) == verdict


@pytest.mark.parametrize("name", ["phone", "country", "digits", "letter only"])
def test_values_that_match_the_prefilter_pass(name: str) -> None:
    check = MAKERS[name]()
    assert isinstance(check, PrefilteredCheck)
    prefilter = check.prefilter
    for text in ("912345678", "+351912345678", "PT", "12", "a"):
        if (
            text in prefilter
            if isinstance(prefilter, frozenset)
            else isinstance(prefilter, pattern.LazyPattern) and prefilter.fullmatch(text)
        ):
            assert check(text) is None
            break
    else:
        raise AssertionError("the prefilter matches none of the texts")


def test_expected_check_letters_are_reported() -> None:
    check = cups.make_check(prefix="PT")
    valid = "PT0002000078632106DP"
    for invalid in ("PT0002000078632106AA", "pt0002000078632106dz", "PT0002000078632106DZ"):
        assert check(invalid) == Invalid(correction="the check letters should be DP")
    for other in (valid.lower(), f" {valid[:6]} {valid[6:9]}-{valid[9:]}", f"{valid}\n"):
        assert check(other) == Suspicious("written with spaces, hyphens or lower-case letters")


@pytest.mark.parametrize("name", ["xx.nothing", "util", "luhn"])
def test_unknown_kind_of_number_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"python-stdnum has no number '{name}'"):
        check_digits.make_check(of=name)


def test_patterns_are_ascii_and_a_dot_matches_line_breaks() -> None:
    check = pattern.make_check(patterns=["a.b"], tolerated=["k.b"])
    assert check("a\nb") is None
    assert pattern.make_check(patterns=["a", "b"])("b") is None
    assert check("K\nB") == Suspicious("not written as the usual form")
    assert check("\u212a.b") == Invalid("this one has a character outside ASCII"), "the Kelvin sign is not a k"


@pytest.mark.parametrize(("patterns", "tolerated"), [(["a", "(a)"], []), (["a"], ["a", "(b)"])])
def test_patterns_must_be_plain(patterns: list[str], tolerated: list[str]) -> None:
    with pytest.raises(ValueError, match="is not a plain pattern"):
        pattern.make_check(patterns=patterns, tolerated=tolerated)


def test_secondary_region_of_a_code_has_no_unambiguous_numbers() -> None:
    assert phone.unambiguous_numbers("CA") is None
    assert phone.unambiguous_numbers("US") is not None
    assert phone.unambiguous_numbers("XX") is None


@pytest.mark.parametrize(
    ("region", "text"),
    [("IT", "0612345678"), ("IT", "+390612345678"), ("NO", "02000"), ("BJ", "0195123456"), ("GB", "002079460000")],
)
def test_numbers_whose_zero_is_no_plain_prefix_are_left_to_the_library(region: str, text: str) -> None:
    unambiguous = phone.unambiguous_numbers(region)
    assert unambiguous is not None
    assert not unambiguous.fullmatch(text)


@pytest.mark.parametrize(
    ("region", "valid", "invalid"),
    [
        ("PT", "912345678", ("91234567", "9123456789", "412345678")),
        ("IT", "3123456789", ("312345678", "31234567890123")),
        ("US", "2015550123", ("12015550123", "201555012", "20155501234", "01115550123")),
        ("DE", "15123456789", ("01512345", "0015123456789", "151234567")),
    ],
)
def test_unambiguous_numbers_have_the_length_of_their_kind(region: str, valid: str, invalid: tuple[str, ...]) -> None:
    unambiguous = phone.unambiguous_numbers(region)
    assert unambiguous is not None
    assert unambiguous.fullmatch(valid)
    assert [text for text in invalid if unambiguous.fullmatch(text)] == []


def test_example_number_is_valid() -> None:
    number = phone.example_number("PT")
    assert number is not None
    assert number.startswith("+351")
    assert phone.make_check(region="PT")(number) is None
    assert phone.example_number("XX") is None


NIF = {"pattern": "[1-9][0-9]{8}", "lengths": [9], "weights": [2, 3, 4, 5, 6, 7, 8, 9], "moduli": [11, 10]}


@given(st.from_regex(r"[0-9]{8,10}", fullmatch=True))
def test_texts_that_are_certain_are_valid_for_the_library_too(digits: str) -> None:
    exact, by_library = check_digits.make_check(of="pt.nif", certain=NIF), check_digits.make_check(of="pt.nif")
    for last in "0123456789":
        assert exact(digits[:-1] + last) == by_library(digits[:-1] + last)


def test_certain_texts_are_not_checked_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    check = check_digits.make_check(of="pt.nif", certain=NIF)
    monkeypatch.setattr("stdnum.pt.nif.validate", lambda _: "checked")
    assert check("501442600") is None
    assert check("501 442 600") == Suspicious(MORE)


@pytest.mark.parametrize("change", [{"pattern": "("}, {"moduli": []}, {"lengths": [20]}])
def test_certain_needs_a_pattern_and_check_digits(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"plain pattern|moduli|weight"):
        check_digits.make_check(of="pt.nif", certain={**NIF, **change})
