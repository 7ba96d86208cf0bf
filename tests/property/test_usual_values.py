"""What passes for usual is read by the exact readers to the same value, and judged by the exact judges to be right."""

import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pt import nif

from premigrate.formats import Misread, Sure, country, pattern
from premigrate.formats.check_digits import judge
from premigrate.formats.email import LONGEST, USUAL, is_email
from premigrate.formats.json_value import is_plain_json
from premigrate.formats.numbers import decimal_of, decimal_reader
from premigrate.formats.oddities import in_decimal

BARE = judge(of="pt.nif", bare="[1-9][0-9]{8}", weights=[9, 8, 7, 6, 5, 4, 3, 2], modulus=11)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


@given(st.from_regex(USUAL._pattern, fullmatch=True) | st.emails() | st.text("aZ9.-_+@", max_size=20))
def test_usual_addresses_are_addresses(text: str) -> None:
    if USUAL.fullmatch(text) and len(text) <= LONGEST:
        assert is_email(text)


@given(st.floats() | st.integers() | st.decimals(places=2, allow_nan=False, allow_infinity=False).map(float), st.data())
def test_usual_numbers_are_read_alike(raw: float, data: st.DataObject) -> None:
    places = data.draw(st.integers(0, 6))
    whole = data.draw(st.integers(1, 15))
    try:
        found = decimal_of(raw, 10**whole, places)
    except ValueError:
        return
    read = decimal_reader(max_digits=whole + places, decimal_places=places, nullable=False)(raw)
    assert not isinstance(read, Misread)
    assert repr(found) == repr(read)
    assert in_decimal(raw, read) == ()


@pytest.mark.parametrize(("raw", "text"), [(20.0, "20.0"), (1.25, "1.25"), (0.1, "0.1"), (7, "7"), (-3.5, "-3.5")])
def test_amounts_of_money_are_usual(raw: float, text: str) -> None:
    assert decimal_of(raw, 10**8, 2) == Decimal(text)


@given(JSON)
def test_plain_json_can_be_written(value: object) -> None:
    if is_plain_json(value):
        json.dumps(value, allow_nan=False)


@given(st.text("0123456789 PT", max_size=11) | st.from_regex("[0-9]{9}", fullmatch=True))
def test_a_bare_number_is_right_only_if_the_library_says_so(text: str) -> None:
    if BARE(text) is None:
        assert nif.is_valid(text)


def test_bare_numbers_are_judged_as_by_the_library() -> None:
    rng = random.Random("nif")  # noqa: S311 - to be repeated, not to be secret
    numbers = [f"{rng.randrange(10**9):09}" for _ in range(20_000)]
    told = judge(of="pt.nif")
    assert [BARE(number) for number in numbers] == [told(number) for number in numbers]
    assert any(BARE(number) is None for number in numbers)


@pytest.mark.parametrize("given_parts", [{"bare": "[0-9]{2}"}, {"weights": [1]}, {"bare": "[0-9]{2}", "modulus": 11}])
def test_the_parts_of_a_bare_number_come_together(given_parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="given together"):
        judge(of="pt.nif", **given_parts)  # type: ignore[arg-type]


@given(st.text(max_size=3) | st.sampled_from(["PT", "DK", "pt", "XX"]))
def test_of_what_a_judge_is_sure_it_has_nothing_to_say(text: str) -> None:
    countries = country.judge()
    assert isinstance(countries, Sure)
    assert isinstance(countries.sure, frozenset)
    if text in countries.sure:
        assert countries(text) is None
    codes = pattern.judge(patterns=["[0-9]{2}", "A.*"], tolerated=["[0-9]{3}"])
    assert isinstance(codes, Sure)
    assert isinstance(codes.sure, pattern.Pattern)
    assert (codes.sure.fullmatch(text) is not None) == (codes(text) is None)
