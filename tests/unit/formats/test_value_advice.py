"""Advice on values that look unintended, just on either side of its limits."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.formats import numbers, text, value_advice

TOO_LARGE = ("integer_too_large_for_float",)
NOISE = ("float_noise",)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("x", ()),
        ("x y", ()),
        (" x", ("trimmed_whitespace",)),
        ("x\n", ("trimmed_whitespace",)),
        ("\u00a0x", ("trimmed_whitespace",)),
        ("", ("blank_text",)),
        (" \t", ("blank_text",)),
        (5, ("number_for_text",)),
        (1.5, ("number_for_text",)),
        (2**53 + 1, ("number_for_text", *TOO_LARGE)),
        (str(2**53 + 1), ()),
    ],
)
def test_text(raw: object, expected: tuple[str, ...]) -> None:
    value = text.text_parser(blank=True)(raw)
    assert value_advice.text_advice(blank=True)(raw, value) == expected
    declared = tuple(code for code in expected if code != "blank_text")
    assert value_advice.text_advice(blank=False)(raw, value) == declared


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (2**53, ()),
        (-(2**53), ()),
        (2**53 + 1, TOO_LARGE),
        (-(2**53) - 1, TOO_LARGE),
        pytest.param(10**5000, TOO_LARGE, id="huge"),
        (1e300, ()),
        (True, ()),
        (str(2**60), ()),
        ({"a": 2**60}, ()),
    ],
)
def test_integer(raw: object, expected: tuple[str, ...]) -> None:
    assert value_advice.integer_advice(raw, raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (19.9899999999, NOISE),
        (100.0000000001, NOISE),
        (-100.0000000001, NOISE),
        (0.1 + 0.2, NOISE),
        (5e-324, NOISE),
        (Decimal("19.9899999999"), NOISE),
        (Decimal("0.0100009"), NOISE),
        (19.99, ()),
        (20.0, ()),
        (1e22, ()),
        (0.0, ()),
        (0.125, ()),
        (0.123456789, ()),
        (0.010001, ()),
        (Decimal("0.0100010"), ()),
        (Decimal("19.9900000000"), ()),
        (Decimal("1E-999999"), ()),
        ("19.9899999999", ()),
        (20, ()),
        (2**53 + 1, TOO_LARGE),
    ],
)
def test_decimal(raw: object, expected: tuple[str, ...]) -> None:
    value = numbers.decimal_parser(max_digits=None, decimal_places=None, nullable=False)(raw)
    assert isinstance(value, Decimal)
    assert value_advice.decimal_advice(raw, value) == expected


def test_blank_decimal() -> None:
    assert value_advice.decimal_advice(" ", None) == ()


@given(st.decimals(-(10**10), 10**10, places=10))
def test_float_noise_matches_exact_arithmetic_in_any_context(value: Decimal) -> None:
    distance = abs(value - value.quantize(Decimal("0.01")))
    with decimal.localcontext(prec=1):
        assert value_advice.decimal_advice(value, value) == (NOISE if 0 < distance < Decimal("0.000001") else ())
