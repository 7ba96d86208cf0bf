"""Each value of a JSON or YAML text is mapped to its position, however the text is written."""

import json
import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadPayloadText
from premigrate.results import Place

KEYS = st.text(max_size=6)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
DECODER = json.JSONDecoder()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


def places_of(value: Any, place: Place = ()) -> list[Place]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(below for step, inner in steps for below in places_of(inner, (*place, step)))]


def is_whole(piece: str) -> bool:
    """Return whether a piece is one whole value, or the opening bracket of an object or list."""
    return piece in {"{", "["} or DECODER.raw_decode(piece)[1] == len(piece)


def value_at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_json_spans_hold_the_values(value: Any, indent: Any, ascii_only: bool, line: str) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).replace("\n", line)
    document = read_json(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    source_map = document.source_map(places_of(document.data))
    for place in places_of(document.data):
        span = source_map.span(place)
        assert source_map.has(place)
        assert DECODER.raw_decode(document.text, span.start)[0] == value_at(document.data, place)
        assert is_whole(source_map.text(span.start, span.end))
        key = source_map.text(span.key_start, span.start).strip()
        assert not key or json.loads(key.rstrip(": \t\r\n")) == place[-1]
        line_range = source_map.line_range(span.start, span.end)
        lines = document.text.split("\n")
        assert lines[line_range.line - 1][line_range.column - 1] == document.text[span.start]
        assert line_range.end_column > 1


class Object(list[tuple[str, Any]]):
    """A JSON object as written: pairs, with keys that may repeat."""


REPEATING = st.recursive(
    st.just(None),
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(st.sampled_from("ab:"), inner)).map(Object),
    max_leaves=30,
)


def write(value: Any, number: Iterator[int], space: str) -> str:
    """Write values as JSON, with a distinct number for each scalar."""
    if isinstance(value, Object):
        inner = (f"{json.dumps(key)}{space}:{space}{write(each, number, space)}" for key, each in value)
        return f"{{{space}{f'{space},'.join(inner)}{space}}}"
    if isinstance(value, list):
        return f"[{space}{f'{space},'.join(write(each, number, space) for each in value)}{space}]"
    return str(next(number))


@given(REPEATING, st.sampled_from(["", " ", "\r\n\t"]), st.data())
def test_last_value_of_a_repeated_key_is_located(value: Any, space: str, data: st.DataObject) -> None:
    document = read_json(write(value, count(), space))
    places = places_of(document.data)
    source_map = document.source_map(places)
    for place in places:
        assert DECODER.raw_decode(document.text, source_map.span(place).start)[0] == value_at(document.data, place)
    requested = [
        (*place, *data.draw(st.sampled_from([(), ("x",), (9, "a")]))) for place in data.draw(st.permutations(places))
    ]
    subset = requested[: data.draw(st.integers(0, len(requested)))]
    for each in subset:
        assert document.source_map(subset).resolve(each) == source_map.resolve(each)


@given(
    st.recursive(st.text("abc de", min_size=1), lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner))
)
def test_yaml_spans_hold_the_values(value: Any) -> None:
    document = read_yaml(yaml.safe_dump(value, default_style='"', allow_unicode=True))
    assert document.data == value
    source_map = document.source_map(places_of(value))
    for place in places_of(value):
        span = source_map.span(place)
        assert source_map.has(place)
        if isinstance(value_at(value, place), str):
            assert read_yaml(source_map.text(span.start, span.end)).data == value_at(value, place)


@pytest.mark.parametrize(
    ("text", "place", "line", "column", "source"),
    [
        ('{"a": 1}', ("a",), 1, 7, "1"),
        ('\ufeff{"a":\r\n  "\u00e9\U0001f600", "b": 2}', ("b",), 2, 14, "2"),
        ('{"a": {"b": 1}}', ("a", "c", "d"), 1, 7, "{"),
        ('{"a": 1}', ("x", 0), 1, 1, "{"),
        ('{"a": 1, "a": [2]}', ("a",), 1, 15, "["),
        ('{"a": {"b": 1}, "a": {"c": 2}}', ("a", "b"), 1, 22, "{"),
        (r'{"\u0061\"": "}", "x": "\\"}', ('a"',), 1, 14, '"}"'),
        ("[[], [[], 5]]", (1, 1), 1, 11, "5"),
        ('  "alone"', (), 1, 3, '"alone"'),
    ],
)
def test_json_places(text: str, place: Place, line: int, column: int, source: str) -> None:
    document = read_json(text)
    source_map = document.source_map([place])
    span = source_map.span(place)
    assert source_map.text(span.start, span.end) == source
    assert source_map.line_range(span.start, span.end)[:2] == (line, column)


@pytest.mark.parametrize(
    ("text", "place", "line", "column"),
    [
        ("a:\n  - x: 1\n    y: two\n", ("a", 0, "y"), 3, 8),
        ("a: |\n  long\n  text\nb: 1\n", ("b",), 4, 4),
        ("{a: [1, {b: c}]}", ("a", 1, "b"), 1, 13),
        ("'it''s': \"\\u00e9\"\nz: 0", ("z",), 2, 4),
        ("a:\nb: 1", ("a",), 1, 3),
        ('a: "x\u00a0\u200by"\nb: 1\n', ("b",), 2, 4),
    ],
)
def test_yaml_places(text: str, place: Place, line: int, column: int) -> None:
    source_map = read_yaml(text).source_map([place])
    span = source_map.span(place)
    assert source_map.line_range(span.start, span.end)[:2] == (line, column)


def test_document_without_text_has_no_positions() -> None:
    assert not Document({"a": 1}).source_map([("a",)]).has(("a",))


def test_deep_and_wide_texts() -> None:
    deep = '{"a":' * 900 + "1" + "}" * 900
    place = ("a",) * 900
    assert read_json(deep).source_map([place]).has(place)
    wide = json.dumps(list(range(10_000)))
    source_map = read_json(wide).source_map([(9_999,)])
    span = source_map.span((9_999,))
    assert source_map.text(span.start, span.end) == "9999"


def test_deepest_readable_text_is_mapped_from_a_deeper_stack() -> None:
    def is_mapped_from(callers: int) -> bool:
        return is_mapped_from(callers - 1) if callers else document.source_map([("b",)]).has(("b",))

    levels = sys.getrecursionlimit()
    while True:
        try:
            document = read_json('{"a":' + "[" * levels + '"]"' + "]" * levels + ',"b":1}')
            break
        except BadPayloadText:
            levels -= 1
    assert is_mapped_from(20)


def test_values_below_an_overridden_key_are_not_found() -> None:
    text = '{"a": {"b": {"c": 1}, "b": {"d": 2}}, "a": {"b": {"d": 3}}}'
    source_map = read_json(text).source_map([("a", "b", "c"), ("a", "b", "d")])
    assert not source_map.has(("a", "b", "c"))
    span = source_map.span(("a", "b", "d"))
    assert (text[span.start : span.end], span.start) == ("3", text.rindex("3"))
