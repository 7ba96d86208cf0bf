"""Which Python values are those that JSON yields, and how the others are converted."""

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

LONGEST, LONGER = 10**4300 - 1, 10**4300  # the longest integer that Python converts to text, and a longer one


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
def test_keys_are_written_as_json_writes_them(key: object, written: str) -> None:
    assert to_plain({key: 1}) == {written: 1}
    assert list(json.loads(json.dumps({key: 1}))) == [written]


def test_last_of_equal_keys_counts() -> None:
    assert to_plain({"1": "a", 1: "b"}) == json.loads(json.dumps({"1": "a", 1: "b"})) == {"1": "b"}


@pytest.mark.parametrize("sign", [1, -1])
def test_length_limit_of_integers(sign: int) -> None:
    for value, is_short in ((sign * LONGEST, True), (sign * LONGER, False)):
        assert is_json(value) is is_json([value]) is is_json({"a": value}) is is_short
        converted = to_plain({value: 1})
        assert isinstance(converted, dict) is is_short
        assert isinstance(converted, Unserializable) is not is_short
    assert repr(to_plain({LONGER: 1})) == "dict with keys of the type int"


@pytest.mark.parametrize("value", [None, "", "x", True, False, 0, -1.5, [], {}, [[], {}], {"a": [None, 1]}])
def test_json_values_are_unchanged(value: Any) -> None:
    assert is_json(value)
    assert to_plain(value) == to_server_value(value) == value
    assert type(to_plain(value)) is type(value)
    check_plain(value)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), Unserializable("set"), Decimal(1), (), object()]
)
def test_values_that_strict_json_does_not_have(value: object) -> None:
    for holder in (value, [value], {"a": value}, [1, [value, 1]], {"a": {"b": value}, "c": 1}):
        assert not is_json(holder)


def test_lists_may_be_shared_but_not_recursive() -> None:
    twice: Any = [[1], {"a": 1}]
    assert is_json([twice, twice, {"a": twice, "b": twice}])
    within: list[Any] = [1]
    within.append([{"a": within}])
    assert not is_json(within)
    converted: Any = to_plain((within, within))
    assert converted[0] is converted[1] is converted[0][1][0]["a"]
    shared: list[Any] = [Decimal("1.5")]
    assert to_server_value([shared, {"a": shared}]) == [[1.5], {"a": [1.5]}]


@pytest.mark.parametrize(
    ("exact", "expected"),
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
def test_decimals_are_read_as_the_server_reads_them(exact: str, expected: float) -> None:
    value = Decimal(exact)
    for converted in (to_server_value(value), to_plain(value, exact=False)):
        assert converted == expected
        assert type(converted) is type(expected)
    assert to_server_value(value, exact=True) is value
    assert type(to_plain(value)) is Decimal
    assert server_type_name(value) == type(expected).__name__
    within: Any = to_server_value([value], exact=True)
    assert type(within[0]) is type(expected), "decimals in lists and objects are converted"


@pytest.mark.parametrize("value", ["NaN", "-NaN", "sNaN"])
def test_nan_decimals_become_nan_floats(value: str) -> None:
    converted = to_server_value(Decimal(value))
    assert type(converted) is float
    assert converted != converted  # noqa: PLR0124 - true for NaN only


@pytest.mark.parametrize("value", [set(), (), b"", object, {1: 1}, {"a": 1, None: 2}])
def test_values_that_json_does_not_yield_are_not_plain(value: object) -> None:
    with pytest.raises(NotPlainError):
        check_plain(value)
    twice = [1]
    for holder in (value, [value], {"a": value}, [[1], {"a": [value]}], [value, twice, twice]):
        with pytest.raises(NotPlainError):
            to_server_value(holder)


def test_only_texts_are_plain_keys() -> None:
    check_key("a")
    check_plain({"a": object()})  # values are not checked
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
def test_type_names_are_those_of_the_server(value: object, name: str) -> None:
    assert server_type_name(value) == name
