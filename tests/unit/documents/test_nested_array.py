"""Arrays inside objects are split as a parser would read them, at any block size."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.array_elements import Element
from premigrate.documents.nested_array import read_elements_at
from premigrate.exceptions import BadPayloadText
from tests.property.test_validation import JSON as ANY

KEYS = ("log", "entries")
JSON = ANY.map(lambda value: json.loads(json.dumps(value, default=str).replace("NaN", "0").replace("Infinity", "0")))
OTHER_ENTRIES = st.dictionaries(st.text(max_size=5).filter(lambda key: key not in KEYS), JSON, max_size=3)


def blocks(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def read(text: bytes, size: int = 7) -> tuple[list[object], list[BadPayloadText]]:
    found = list(read_elements_at(KEYS, blocks(text, size)))
    elements = [json.loads(each.text) for each in found if isinstance(each, Element)]
    return elements, [each for each in found if isinstance(each, BadPayloadText)]


@given(
    OTHER_ENTRIES,
    OTHER_ENTRIES,
    OTHER_ENTRIES,
    st.lists(JSON, max_size=5),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
)
def test_other_keys_make_no_difference(  # noqa: PLR0917
    before: dict[str, object],
    after: dict[str, object],
    outer: dict[str, object],
    entries: list[object],
    size: int,
    indent: int | None,
) -> None:
    log = {**before, "entries": entries, **{f"{key}'": value for key, value in after.items()}}
    text = json.dumps({**outer, "log": log, "then": outer}, indent=indent).encode()
    assert read(text, size) == (entries, [])


@given(st.lists(JSON, max_size=4), st.integers(1, 40), st.data())
def test_truncated_text_is_reported(entries: list[object], size: int, data: st.DataObject) -> None:
    text = json.dumps({"log": {"version": "1.2", "entries": entries, "comment": "x"}}).encode()
    cut = data.draw(st.integers(0, len(text) - 1))
    found, problems = read(text[:cut], size)
    assert len(problems) == 1
    assert found == entries[: len(found)]


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        (b"", "cut short", 1),
        (b"7", "expected an object in braces", 1),
        (b"{7}", "a number in place of a key", 2),
        (b'{"a" 1}', "a colon is missing", 6),
        (b'{"a": }', "a value is missing before this", 7),
        (b'{"a": ?}', "true, false or null", 7),
        (b'{"a": 1 "log": 1}', "a comma is missing", 9),
        (b'{"a": 1, 2}', "a number in place of a key", 10),
        (b'{"\\x": 1}', "a key that is not a string", 6),
        (b'{"log": []}', "expected an object in braces", 9),
        (b'{"log": {"entries": 5}}', "log.entries is not an array", 21),
        (b'{"log": {"entries": [1] 2}}', "a comma is missing", 25),
        (b'{"log": {"entries": [1], 2}}', "a number in place of a key", 26),
    ],
)
def test_errors_have_a_position(text: bytes, message: str, column: int) -> None:
    for size in (1, 5, 99):
        *_, problem = read(text, size)[1]
        assert message in str(problem)
        assert (problem.line, problem.column) == (1, column)


def test_too_long_value_before_the_array_is_reported() -> None:
    text = b'{"a": [%b], "log": {"entries": []}}' % (b"1," * 3000)
    (problem,) = read_elements_at(KEYS, blocks(text, 100), 1000)
    assert "a value of more than 0 MiB before the array" in str(problem)
