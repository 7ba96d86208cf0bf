"""An array is split into its elements at any block size; errors stay local to one element."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents import array_elements
from premigrate.documents.array_elements import Element, read_elements
from premigrate.documents.json_errors import COMMENT_ERROR
from premigrate.exceptions import BadPayloadText

TEXTS = st.text(max_size=6) | st.sampled_from(['"', "\\", "}{", "][", '\\"', "],", "é", "\\\\", "{", "}"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
AFTER_END = "unexpected text after the end; delete it"
ENDS_INSIDE = "the text ends inside the array; it was cut short, or the closing ] is missing"
SPACES = st.text(" \t\r\n", max_size=4)


@pytest.fixture(params=[1, 1 << 14], ids=["bulk", "single"], autouse=True, scope="module")
def bulk_size(request: pytest.FixtureRequest) -> Iterator[None]:
    """Split elements in bulk or one by one; both must give the same results."""
    original = array_elements._BULK_SIZE
    array_elements._BULK_SIZE = request.param
    yield
    array_elements._BULK_SIZE = original


def split(content: bytes, block: int, longest: int = 1 << 20) -> list[Element | BadPayloadText]:
    return list(read_elements((content[at : at + block] for at in range(0, len(content), block)), longest))


@given(st.lists(st.tuples(SPACES, VALUES, SPACES), min_size=1, max_size=6), SPACES, st.integers(1, 50), st.data())
def test_elements_keep_their_value_and_position(
    given_values: list[tuple[str, Any, str]], padding: str, block: int, data: st.DataObject
) -> None:
    text, positions = f"{padding}[", []
    for position, (before, value, after) in enumerate(given_values):
        text += ("," if position else "") + before
        positions.append((text.count("\n") + 1, len(text) - text.rfind("\n")))
        written = json.dumps(value, indent=data.draw(st.sampled_from([None, 1])), ensure_ascii=data.draw(st.booleans()))
        text += written + after
    text += f"]{padding}"
    found = split(text.encode("utf-8", "surrogatepass"), block)
    assert [json.loads(each.text) for each in found if isinstance(each, Element)] == [each[1] for each in given_values]
    assert [each[1:3] for each in found if isinstance(each, Element)] == positions
    assert len(found) == len(given_values)


@pytest.mark.parametrize("block", [1, 3, 100])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", ["the array is empty; it must contain at least one account"]),
        (" [ ] ", ["the array is empty; it must contain at least one account"]),
        ('[{"a": 1,}, {"b": 2}]', ['{"a": 1,}', '{"b": 2}']),
        ('[{"a": 1}\n {"b": 2}]', ['{"a": 1}', "2:2 not JSON: a comma is missing before this", '{"b": 2}']),
        (
            '[{"a": {}}, 5, {"b": [{}, {}]}, "}", {"c": "}{"}]',
            ['{"a": {}}', "5", '{"b": [{}, {}]}', '"}"', '{"c": "}{"}'],
        ),
        ("[{},]", ["{}", "1:5 not JSON: a comma after the last element; delete it"]),
        ("[{},,{}]", ["{}", "1:5 not JSON: a comma with no value before it; delete it, or write the value", "{}"]),
        ("[{}", ["{}", f"1:4 not JSON: {ENDS_INSIDE}"]),
        ("[{}] x", ["{}", f"1:6 not JSON: {AFTER_END}; the text after the array is not checked"]),
        ('[ // {]"\n{"a": 1}]', [f"1:3 not JSON: {COMMENT_ERROR}", '{"a": 1}']),
        ('[{"a": 1}, /* }, " \n */ {"b": 2}]', ['{"a": 1}', f"1:12 not JSON: {COMMENT_ERROR}", '{"b": 2}']),
        ('[{"a": 1} # x\n, {"b": 2}]', ['{"a": 1}', f"1:11 not JSON: {COMMENT_ERROR}", '{"b": 2}']),
        ('[{"a": 1} // x', ['{"a": 1}', f"1:11 not JSON: {COMMENT_ERROR}", f"1:15 not JSON: {ENDS_INSIDE}"]),
        ('[nonsense, {"a": "]"}]', ["nonsense", '{"a": "]"}']),
        ('[{"a": [1}, {"b": 2}]', ['{"a": [1}', '{"b": 2}']),
        ('[\n{"a": "x},\n{"b": 2}\n]', ['{"a": "x}', '{"b": 2}']),
        ('[\n{"b": 2},\n{"a": "x}\n]', ['{"b": 2}', '{"a": "x}']),
        ('[\n  {\n    "a": {\n  },\n  {\n    "b": 2\n  }\n]', ['{\n    "a": {\n  }', '{\n    "b": 2\n  }']),
    ],
)
def test_errors_stay_local_to_one_element(text: str, expected: list[str], block: int) -> None:
    found = [
        each.text.decode() if isinstance(each, Element) else f"{each.line}:{each.column} {each}".removeprefix("0:0 ")
        for each in split(text.encode(), block)
    ]
    assert found == expected


def test_unterminated_element_is_reported() -> None:
    (first, error) = split(b'[{"a": 1}, {"b": {"c": 2}]', 100)
    assert isinstance(first, Element)
    assert isinstance(error, BadPayloadText)
    assert (error.line, error.column) == (1, 12)
    assert "has no end" in str(error)
    assert "the rest of the text is not checked" in str(error)
