"""Equal values have equal keys, and different values have different keys."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.engine.values import INVALID
from premigrate.formats.keys import comparison_key
from premigrate.formats.normalize import NORMALIZERS, build_normalizer

VALUES = st.one_of(
    st.text(max_size=4),
    st.sampled_from(['"', '","', "1", "1e0", "true", "\\", "\x00"]),
    st.booleans(),
    st.integers(-20, 2000),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-100, max_value=100, places=2),
)


@given(st.tuples(VALUES, VALUES), st.tuples(VALUES, VALUES))
def test_keys_are_equal_if_and_only_if_the_values_are(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    keys = [",".join(map(comparison_key, each)) for each in (one, other)]
    if any(part == "" for part in (*one, *other)):
        return  # a blank text has no key
    are_equal = all(
        a == b and isinstance(a, str | bool) == isinstance(b, str | bool) for a, b in zip(one, other, strict=True)
    )
    assert (keys[0] == keys[1]) == are_equal, keys


@given(st.tuples(VALUES, VALUES))
def test_keys_are_json(values: tuple[Any, ...]) -> None:
    present = [value for value in values if value != ""]
    parsed = json.loads(f"[{','.join(map(comparison_key, present))}]", parse_float=Decimal)
    assert parsed == present


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, Decimal("1.00")), (100, 1e2), (0.1, Decimal("0.1")), (0, Decimal("-0.0"))],
)
def test_equal_numbers_have_equal_keys(one: Any, other: Any) -> None:
    assert comparison_key(one) == comparison_key(other)


@pytest.mark.parametrize("value", ["", None, [], {}, ["a"], {"a": 1}, INVALID, float("nan"), float("inf")])
def test_values_that_cannot_be_compared_have_no_key(value: Any) -> None:
    assert not comparison_key(value)


def test_numbers_as_texts() -> None:
    assert comparison_key(5, as_text=True) == comparison_key("5", as_text=True) != comparison_key(5)
    assert comparison_key(value=True, as_text=True) == "true"
    assert comparison_key(date(1959, 1, 1)) == '"1959-01-01"'


def test_numbers_beyond_the_digit_limit_of_python() -> None:
    assert comparison_key(10**5000) == comparison_key(Decimal("1E+5000")) == "1e5000"
    assert comparison_key(10**5000, as_text=True) == '"1e5000"'


@pytest.mark.parametrize(
    ("names", "one", "other"),
    [
        (["case"], "straße", "STRASSE"),
        (["case"], "\u0130", "i\u0307"),
        (["encoding"], "e\u0301", "\u00e9"),
        (["spaces"], " a \t\u00a0 b ", "a b"),
        (["separators"], "PT-0002 0000\u00a066", "PT0002000066"),
        (["spaces", "case", "encoding"], "JOSE\u0301  da", "jos\u00e9 da"),
    ],
)
def test_normalizers_ignore_spelling(names: list[str], one: str, other: str) -> None:
    normalize = build_normalizer(names)
    assert normalize
    assert one != other
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(
    ("names", "one", "other"),
    [
        (["case"], "é", "e"),
        (["case"], "\u0131", "i"),
        (["encoding"], "A", "a"),
        (["spaces"], "ab", "a b"),
        (["case"], "a-b", "ab"),
    ],
)
def test_normalizers_keep_other_differences(names: list[str], one: str, other: str) -> None:
    normalize = build_normalizer(names)
    assert normalize
    assert normalize(one) != normalize(other)


def test_no_names_give_no_normalizer() -> None:
    assert build_normalizer([]) is None


@settings(max_examples=1000)
@given(st.text())
def test_normalization_is_idempotent(text: str) -> None:
    for name in (*NORMALIZERS, None):
        normalize = build_normalizer([name] if name else NORMALIZERS)
        assert normalize
        assert normalize(normalize(text)) == normalize(text), name
