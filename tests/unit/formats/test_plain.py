"""Which values of Python are those that a JSON text gives, and what is made of the others, at the edges."""

import json
from decimal import Decimal
from typing import Any

import pytest

from premigrate.formats.plain import (
    NotPlainError,
    Unserializable,
    check_key,
    check_plain,
    is_json,
    server_type_name,
    to_plain,
    to_server_value,
)

LONGEST, LONGER = 10**4300 - 1, 10**4300  # the longest integers that Python writes out, and one that is too long


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("a", "a"),
        ("", ""),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-5, "-5"),
        (0.0, "0.0"),
        (-0.5, "-0.5"),
        (1e300, "1e+300"),
        (5e-324, "5e-324"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (-float("inf"), "-Infinity"),
    ],
)
def test_keys_are_those_that_json_writes(key: object, written: str) -> None:
    assert to_plain({key: 1}) == {written: 1}
    assert list(json.loads(json.dumps({key: 1}))) == [written]


def test_of_keys_that_are_written_alike_the_last_counts() -> None:
    assert to_plain({"1": "a", 1: "b"}) == json.loads(json.dumps({"1": "a", 1: "b"})) == {"1": "b"}


@pytest.mark.parametrize("sign", [1, -1])
def test_integers_are_so_long_at_most(sign: int) -> None:
    for value, is_short in ((sign * LONGEST, True), (sign * LONGER, False)):
        assert is_json(value) is is_json([value]) is is_json({"a": value}) is is_short
        made = to_plain({value: 1})
        assert isinstance(made, dict) is is_short
        assert isinstance(made, Unserializable) is not is_short
    assert repr(to_plain({LONGER: 1})) == "dict with keys of the type int"


@pytest.mark.parametrize("value", [None, "", "x", True, False, 0, -1.5, [], {}, [[], {}], {"a": [None, 1]}])
def test_what_a_text_gives_is_left_as_it_is(value: Any) -> None:
    assert is_json(value)
    assert to_plain(value) == to_server_value(value) == value
    assert type(to_plain(value)) is type(value)
    check_plain(value)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), Unserializable("set"), Decimal(1), (), object()]
)
def test_what_strict_json_has_not(value: object) -> None:
    for holder in (value, [value], {"a": value}, [1, [value, 1]], {"a": {"b": value}, "c": 1}):
        assert not is_json(holder)


def test_lists_may_come_twice_but_not_within_themselves() -> None:
    twice: Any = [[1], {"a": 1}]
    assert is_json([twice, twice, {"a": twice, "b": twice}])
    within: list[Any] = [1]
    within.append([{"a": within}])
    assert not is_json(within)
    made: Any = to_plain((within, within))
    assert made[0] is made[1] is made[0][1][0]["a"]
    shared: list[Any] = [Decimal("1.5")]
    assert to_server_value([shared, {"a": shared}]) == [[1.5], {"a": [1.5]}]


@pytest.mark.parametrize(
    ("exact", "read"),
    [
        ("5", 5),
        ("-0", 0),
        ("5.0", 5.0),
        ("5E+2", 500.0),
        ("1E-7", 1e-7),
        ("Infinity", float("inf")),
        ("-Infinity", -float("inf")),
        ("1E+400", float("inf")),
    ],
)
def test_exact_numbers_are_read_as_the_server_does(exact: str, read: float) -> None:
    value = Decimal(exact)
    for made in (to_server_value(value), to_plain(value, exact=False)):
        assert made == read
        assert type(made) is type(read)
    assert to_server_value(value, exact=True) is value
    assert type(to_plain(value)) is Decimal
    assert server_type_name(value) == type(read).__name__
    within: Any = to_server_value([value], exact=True)
    assert type(within[0]) is type(read), "within a list or an object, none is kept"


@pytest.mark.parametrize("value", ["NaN", "-NaN", "sNaN"])
def test_exact_numbers_that_are_none_are_read_as_floats_that_are_none(value: str) -> None:
    made = to_server_value(Decimal(value))
    assert type(made) is float
    assert made != made  # noqa: PLR0124 - so are those only


@pytest.mark.parametrize("value", [set(), (), b"", object, {1: 1}, {"a": 1, None: 2}])
def test_what_no_text_gives_is_not_plain(value: object) -> None:
    with pytest.raises(NotPlainError):
        check_plain(value)
    twice = [1]
    for holder in (value, [value], {"a": value}, [[1], {"a": [value]}], [value, twice, twice]):
        with pytest.raises(NotPlainError):
            to_server_value(holder)


def test_only_texts_are_plain_keys() -> None:
    check_key("a")
    check_plain({"a": object()})  # what is in it does not matter there
    for key in (1, None, True, ("a",)):
        with pytest.raises(NotPlainError):
            check_key(key)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Unserializable("set"), "set"),
        ("x", "str"),
        (1, "int"),
        (1.5, "float"),
        (None, "NoneType"),
        ([], "list"),
        ({}, "dict"),
    ],
)
def test_types_have_the_names_that_the_server_gives_them(value: object, name: str) -> None:
    assert server_type_name(value) == name
