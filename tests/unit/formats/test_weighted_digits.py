"""Numbers that end in weighted check digits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.formats.interfaces import Invalid, Suspicious
from premigrate.formats.weighted_digits import describe_form, make_check

PRIMES = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43]
MPAN: dict[str, Any] = {"lengths": [13], "weights": PRIMES, "moduli": [11, 10]}
MPRN: dict[str, Any] = {
    "lengths": [6, 7, 8, 9, 10],
    "weights": [1, 2, 3, 4, 5, 6, 7, 8],
    "moduli": [11],
    "check_digits": 2,
    "from_right": True,
}
EAN13: dict[str, Any] = {"lengths": [13], "weights": [1, 3] * 6, "moduli": [10], "complement": True}


@pytest.mark.parametrize(
    ("arguments", "number"), [(MPAN, "1200060176720"), (MPRN, "9353824109"), (EAN13, "4006381333931")]
)
def test_known_numbers_are_valid(arguments: dict[str, Any], number: str) -> None:
    check = make_check(**arguments)
    assert check(number) is None
    assert isinstance(check(f" {number[:2]} {number[2:]}"), Suspicious)
    size = arguments.get("check_digits", 1)
    right = number[-size:]
    wrong = f"{number[:-size]}{(int(right) + 1) % 10**size:0{size}}"
    assert check(wrong) == Invalid(correction=f"the check {'digit' if size == 1 else 'digits'} should be {right}")


def test_form_is_described() -> None:
    assert describe_form(**MPAN) == "13 digits, the last of which is a check digit"
    assert describe_form(**MPRN) == "6 to 10 digits, the last 2 are check digits"


@pytest.mark.parametrize("text", ["", " ", "12000601767", "120006017672a", "\uff11200060176720", "1200060176720\n1"])
def test_other_texts_are_invalid(text: str) -> None:
    assert isinstance(make_check(**MPAN)(text), Invalid)


def test_number_whose_remainder_has_too_many_digits_is_invalid() -> None:
    check = make_check(lengths=[2], weights=[1], moduli=[11], complement=True)
    assert check("10") == Invalid()
    assert check("29") is None


@given(st.integers(0, 10**12 - 1))
def test_exactly_one_check_digit_is_valid(number: int) -> None:
    check = make_check(**MPAN)
    valid = [digit for digit in range(10) if check(f"{number:012}{digit}") is None]
    total = sum(int(digit) * weight for digit, weight in zip(f"{number:012}", PRIMES, strict=True))
    assert valid == [total % 11 % 10]


@given(st.text("0123456789", min_size=4, max_size=8))
def test_check_digits_are_counted_from_the_right(digits: str) -> None:
    check = make_check(**MPRN)
    total = sum(int(digit) * position for position, digit in enumerate(reversed(digits), 1))
    assert check(f"{digits}{total % 11:02}") is None
    assert isinstance(check(f"{digits}{(total + 1) % 11:02}"), Invalid)


@given(st.text(max_size=20))
def test_no_text_is_an_exception(text: str) -> None:
    make_check(**MPRN)(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({**MPAN, "weights": PRIMES[1:]}, "there must be a weight for each of the 12 digits before the check digits"),
        ({**MPAN, "lengths": [1]}, "lengths must be larger"),
        ({**MPAN, "lengths": []}, "lengths must be larger"),
        ({**MPAN, "check_digits": 0}, "lengths must be larger"),
        ({**MPAN, "moduli": []}, "moduli must be at least 2"),
        ({**MPAN, "moduli": [1]}, "moduli must be at least 2"),
    ],
)
def test_mistakes_in_the_arguments(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_check(**arguments)
