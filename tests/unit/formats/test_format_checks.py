"""Checks of formats, each made in the test that uses it: what passes, what is suspicious, what is refused."""

from collections.abc import Callable

import pytest

from premigrate.formats import check_digits, country, cups, pattern, phone
from premigrate.formats.interfaces import FormatCheck, Invalid, PrefilteredCheck, Suspicious

WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2]
MAKERS: dict[str, Callable[[], FormatCheck]] = {
    "phone": lambda: phone.make_check(region="PT"),
    "phone of a region that shares its code": lambda: phone.make_check(region="CA"),
    "country": country.make_check,
    "digits": lambda: pattern.make_check(patterns=["[0-9]+"], tolerated=["x.*"], form="digits"),
    "letter": lambda: pattern.make_check(patterns=["a"], tolerated=["x"]),
    "letter only": lambda: pattern.make_check(patterns=["a"]),
    "cups": lambda: cups.make_check(prefix="PT"),
    "check digits": lambda: check_digits.make_check(of="pt.nif"),
    "bare check digits": lambda: check_digits.make_check(
        of="pt.nif", bare="[1-9][0-9]{8}", weights=WEIGHTS, modulus=11
    ),
}
READ_PAST = "more than a plain telephone number; the platform keeps the digits it can read"
NO_CHECK = "the check digit or the form is wrong"
MORE = "written with more than the bare number"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("phone", "912345678", None),
        ("phone", "912 345 678", None),
        ("phone", "+351 912 345 678", None),
        ("phone", " (91) 234-56.78 ", None),
        ("phone", "+45 32 12 34 56", "a number of another country"),
        ("phone", "+4532123456", "a number of another country"),
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
        ("check digits", "PT501442600", MORE),
        ("check digits", " 501442600 ", MORE),
        ("check digits", "\u00a0501442600\u2003", MORE),
        ("bare check digits", "501442600", None),
        ("bare check digits", "234254718", None),
        ("bare check digits", "501 442 600", MORE),
        ("cups", "PT0002000078632106DP", None),
    ],
)
def test_what_passes_passes_with_its_doubt(name: str, value: str, why: str | None) -> None:
    assert MAKERS[name]()(value) == (None if why is None else Suspicious(why))


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("phone", "x", "can't be read as a telephone number"),
        ("phone", "", "can't be read as a telephone number"),
        ("phone", "12345", "no numbering plan has such a number"),
        ("phone of a region that shares its code", "12", "no numbering plan has such a number"),
        ("country", "XX", "not a country code of ISO 3166-1"),
        ("country", "PTX", "not a country code of ISO 3166-1"),
        ("country", "\ufb01", "not a country code of ISO 3166-1"),  # one sign for the letters fi
        ("digits", "y", "not digits"),
        ("digits", "", "not digits"),
        ("letter only", "A", "not the usual form"),
        ("letter only", "", "not the usual form"),
        ("cups", "PT1", "not PT, sixteen digits and two letters"),
        ("cups", "ES0021000000000001GK", "not PT, sixteen digits and two letters"),
        ("cups", "", "not PT, sixteen digits and two letters"),
        ("cups", "PT\uff10", "holds characters outside A-Z and 0-9"),
        ("check digits", "501442601", NO_CHECK),
        ("check digits", "\uff1501442600", NO_CHECK),
        ("check digits", "", NO_CHECK),
        ("bare check digits", "501442601", NO_CHECK),
        ("bare check digits", "", NO_CHECK),
    ],
)
def test_what_is_refused_is_refused_for_a_reason(name: str, value: str, why: str) -> None:
    assert MAKERS[name]()(value) == Invalid(why)


@pytest.mark.parametrize("name", ["phone", "country", "digits", "letter only"])
def test_what_a_judge_is_sure_of_passes(name: str) -> None:
    check = MAKERS[name]()
    assert isinstance(check, PrefilteredCheck)
    sure = check.prefilter
    for text in ("912345678", "+351912345678", "PT", "12", "a"):
        if (
            text in sure
            if isinstance(sure, frozenset)
            else isinstance(sure, pattern.LazyPattern) and sure.fullmatch(text)
        ):
            assert check(text) is None
            break
    else:
        raise AssertionError("it is sure of nothing")


def test_check_letters_are_told() -> None:
    check = cups.make_check(prefix="PT")
    right = "PT0002000078632106DP"
    for wrong in ("PT0002000078632106AA", "pt0002000078632106dz", "PT0002000078632106DZ"):
        assert check(wrong) == Invalid("the check letters should be DP")
    for other in (right.lower(), f" {right[:6]} {right[6:9]}-{right[9:]}", f"{right}\n"):
        assert check(other) == Suspicious("not written in capitals without spaces")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("501442600", False),  # what is lacking is ten, of which the last digit counts
        ("234254718", False),
        ("501442601", True),
        ("234254711", True),  # the last digit but one
        ("034254718", True),
        ("2342547180", True),
    ],
)
def test_a_bare_number_that_is_right_is_no_matter_for_the_library(
    text: str, asks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = MAKERS["bare check digits"]()

    def never(name: str) -> object:
        raise AssertionError(name)

    monkeypatch.setattr(check_digits, "import_module", never)
    if asks:
        with pytest.raises(AssertionError):
            check(text)
    else:
        assert check(text) is None


@pytest.mark.parametrize("given", [("bare",), ("weights",), ("modulus",), ("bare", "weights"), ("weights", "modulus")])
def test_how_to_check_a_bare_number_is_told_in_full(given: tuple[str, ...]) -> None:
    whole = {"bare": "[1-9][0-9]{8}", "weights": WEIGHTS, "modulus": 11}
    with pytest.raises(ValueError, match="bare, weights and modulus are given together"):
        check_digits.make_check(of="pt.nif", **{name: whole[name] for name in given})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["xx.nothing", "util", "luhn"])
def test_a_number_that_the_library_does_not_know_in_full_is_told(name: str) -> None:
    with pytest.raises(ValueError, match=f"python-stdnum knows no number called '{name}'"):
        check_digits.make_check(of=name)


def test_patterns_of_a_judge_mean_ascii_and_any_letter() -> None:
    check = pattern.make_check(patterns=["a.b"], tolerated=["k.b"])
    assert check("a\nb") is None
    assert pattern.make_check(patterns=["a", "b"])("b") is None
    assert check("K\nB") == Suspicious("not written as the usual form")
    assert check("\u212a.b") == Invalid("not the usual form"), "the sign of the kelvin is no k"


@pytest.mark.parametrize(("patterns", "tolerated"), [(["a", "(a)"], []), (["a"], ["a", "(b)"])])
def test_patterns_of_a_judge_are_plain(patterns: list[str], tolerated: list[str]) -> None:
    with pytest.raises(ValueError, match="is not a plain pattern"):
        pattern.make_check(patterns=patterns, tolerated=tolerated)


def test_a_region_that_shares_its_code_and_is_not_the_first_has_no_simple_numbers() -> None:
    assert phone.unambiguous_numbers("CA") is None
    assert phone.unambiguous_numbers("US") is not None
    assert phone.unambiguous_numbers("XX") is None


@pytest.mark.parametrize(
    ("region", "text"),
    [("IT", "0612345678"), ("IT", "+390612345678"), ("NO", "02000"), ("BJ", "0195123456"), ("GB", "02079460000")],
)
def test_numbers_that_begin_with_zero_are_left_to_the_library(region: str, text: str) -> None:
    simple = phone.unambiguous_numbers(region)
    assert simple is not None
    assert not simple.fullmatch(text)


@pytest.mark.parametrize(
    ("region", "right", "wrong"),
    [
        ("PT", "912345678", ("91234567", "9123456789", "412345678")),
        ("IT", "3123456789", ("312345678", "31234567890123")),
        ("US", "2015550123", ("12015550123", "201555012", "20155501234", "01115550123")),
        ("DE", "15123456789", ("015123456789", "0015123456789", "151234567")),
    ],
)
def test_simple_numbers_are_as_long_as_their_kind(region: str, right: str, wrong: tuple[str, ...]) -> None:
    simple = phone.unambiguous_numbers(region)
    assert simple is not None
    assert simple.fullmatch(right)
    assert [text for text in wrong if simple.fullmatch(text)] == []


def test_an_example_of_a_number_is_valid() -> None:
    number = phone.example_number("PT")
    assert number is not None
    assert number.startswith("+351")
    assert phone.make_check(region="PT")(number) is None
    assert phone.example_number("XX") is None
