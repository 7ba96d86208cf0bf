"""Values that are equal are written alike, and no others."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.engine.values import WRONG
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
    written = [",".join(map(comparison_key, each)) for each in (one, other)]
    if any(part == "" for part in (*one, *other)):
        return  # a blank is no value, and has no key
    same = all(
        a == b and isinstance(a, str | bool) == isinstance(b, str | bool) for a, b in zip(one, other, strict=True)
    )
    assert (written[0] == written[1]) == same, written


@given(st.tuples(VALUES, VALUES))
def test_keys_are_json(values: tuple[Any, ...]) -> None:
    told = [value for value in values if value != ""]
    read = json.loads(f"[{','.join(map(comparison_key, told))}]", parse_float=Decimal)
    assert read == told


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, Decimal("1.00")), (100, 1e2), (0.1, Decimal("0.1")), (0, Decimal("-0.0"))],
)
def test_a_number_is_what_it_counts(one: Any, other: Any) -> None:
    assert comparison_key(one) == comparison_key(other)


@pytest.mark.parametrize("value", ["", None, [], {}, ["a"], {"a": 1}, WRONG, float("nan"), float("inf")])
def test_what_can_not_be_compared_has_no_key(value: Any) -> None:
    assert not comparison_key(value)


def test_in_a_list_of_texts_numbers_are_texts() -> None:
    assert comparison_key(5, as_text=True) == comparison_key("5", as_text=True) != comparison_key(5)
    assert comparison_key(value=True, as_text=True) == "true"
    assert comparison_key(date(1959, 1, 1)) == '"1959-01-01"'


def test_a_number_may_be_longer_than_python_writes_out() -> None:
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
def test_ways_of_writing_make_no_difference(names: list[str], one: str, other: str) -> None:
    same = build_normalizer(names)
    assert same
    assert one != other
    assert same(one) == same(other)


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
def test_what_is_not_forgiven_makes_a_difference(names: list[str], one: str, other: str) -> None:
    same = build_normalizer(names)
    assert same
    assert same(one) != same(other)


def test_nothing_to_forgive_is_nothing_to_do() -> None:
    assert build_normalizer([]) is None


@settings(max_examples=1000)
@given(st.text())
def test_a_form_is_its_own_form(text: str) -> None:
    for name in (*NORMALIZERS, None):
        same = build_normalizer([name] if name else NORMALIZERS)
        assert same
        assert same(same(text)) == same(text), name
