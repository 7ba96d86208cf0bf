"""Repeated keys are located, and an array is split into accounts with their repeated keys."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.document import Document
from premigrate.documents.json_errors import TRUNCATED_ERROR
from premigrate.documents.json_text import read_json
from premigrate.exceptions import BadPayloadText
from premigrate.results import Place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": {"a": 2}}', ()),
        ('[{"a": 1}, {"a": 1}]', ()),
        ('{"a": 1, "a": 2}', (("a",),)),
        ('{"a": 1, "b": 0, "a": 2, "b": 0, "a": 3}', (("a",), ("b",))),
        (r'{"a": 1, "\u0061": 2}', (("a",),)),
        ('{"": 1, "": 2}', (("",),)),
        ('{"a": "\\"a\\": 1", "b": "\\"a\\": 1"}', ()),
        ('[0, {"x": [{"a": 1, "a": 1}]}]', ((1, "x", 0, "a"),)),
        ('{"y": {"b": 1, "b": 1}, "x": {"a": 1, "a": 1}}', (("y", "b"), ("x", "a"))),
        ('{"a": {"b": 1, "b": 1}, "a": {"c": 1}}', (("a",),)),
    ],
)
def test_repeated_keys(text: str, expected: tuple[Place, ...]) -> None:
    document = read_json(text)
    assert document.duplicate_keys == expected
    assert document.data == json.loads(text)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ('{"a": 1,}', "a comma after the last entry of an object; delete it", 1, 8),
        ('{"a": 1 ,\n}', "a comma after the last entry of an object; delete it", 1, 9),
        ('{"a": [1,\r\n\t]}', "a comma after the last element of an array; delete it", 1, 9),
        ('{"a": [{"b": 2},],}', "a comma after the last element of an array; delete it", 1, 16),
        ("{,}", "a comma with nothing before it; delete it", 1, 2),
        ('{"a": [,]}', "a comma with no value before it; delete it, or write the value", 1, 8),
        ('{"a": [1,}', "a value is missing before this", 1, 10),
        ('{"a": 1,]', "expected a key in double quotes", 1, 9),
        ('{"a": 1,', TRUNCATED_ERROR, 1, 9),
        ('{"a": 1,,}', "a comma with nothing before it; delete it", 1, 9),
        ('{"a": "1,]', "this string does not end; its closing double quote is missing", 1, 7),
    ],
)
def test_errors_do_not_depend_on_the_python_version(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(BadPayloadText) as caught:
        read_json(text)
    assert (str(caught.value), caught.value.line, caught.value.column) == (f"not JSON: {message}", line, column)


def test_repeated_key_in_deeply_nested_objects() -> None:
    document = read_json('{"a":' * 400 + '{"b":1,"b":2}' + "}" * 400)
    assert document.duplicate_keys == (("a",) * 400 + ("b",),)


def test_array_is_split_with_the_metadata_of_each_account() -> None:
    text = '\ufeff[{"a": 1, "a": 2}, {}, [{"b": 1, "b": 1}], {"c": {"d": 1, "d": 1}}]'
    document = read_json(text)
    assert document.had_bom
    assert document.split_accounts() == [
        Document({"a": 2}, duplicate_keys=(("a",),), file_had_bom=True),
        Document({}),
        Document([{"b": 1}], duplicate_keys=((0, "b"),)),
        Document({"c": {"d": 1}}, duplicate_keys=(("c", "d"),)),
    ]
    alone = Document({"a": 2}, duplicate_keys=(("a",),), file_had_bom=True)
    assert read_json('\ufeff{"a": 1, "a": 2}').split_accounts() == [alone]
    assert read_json("5").split_accounts() == [Document(5)]


class Object(list[tuple[str, Any]]):
    """A JSON object as written: pairs, with keys that may repeat."""


KEYS = st.sampled_from(["a", "b", "ä", "", "payload", '"', "a:1"])
TEXTS = st.recursive(
    st.none() | st.integers() | st.sampled_from(["a", '{"a": 1, "a": 2}']),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(KEYS, inner), max_size=4).map(Object),
    max_leaves=25,
)


def to_json(value: Any, *, ascii_only: bool) -> str:
    if isinstance(value, Object):
        pairs = ((json.dumps(key, ensure_ascii=ascii_only), item) for key, item in value)
        return "{" + ",".join(f"{key} : {to_json(item, ascii_only=ascii_only)}" for key, item in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(to_json(item, ascii_only=ascii_only) for item in value) + "]"
    return json.dumps(value)


def repeated_keys(value: Any, place: Place = ()) -> list[Place]:
    """Find repeated keys by recursion; only the last value of a repeated key is searched."""
    if isinstance(value, Object):
        keys = [key for key, _ in value]
        last = dict(value)
        here = [(*place, key) for key in last if keys.count(key) > 1]
        return here + [found for key, item in last.items() for found in repeated_keys(item, (*place, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in repeated_keys(item, (*place, index))]
    return []


@given(TEXTS, st.booleans())
def test_repeated_keys_match_a_recursive_search(value: Any, ascii_only: bool) -> None:
    text = to_json(value, ascii_only=ascii_only)
    document = read_json(text)
    assert list(document.duplicate_keys) == repeated_keys(value)
    assert document.data == json.loads(text)
    parts = document.split_accounts()
    if isinstance(value, list) and not isinstance(value, Object):
        rejoined = [(index, *place) for index, part in enumerate(parts) for place in part.duplicate_keys]
        assert rejoined == list(document.duplicate_keys)
