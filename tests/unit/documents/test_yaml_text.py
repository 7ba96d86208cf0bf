"""YAML follows the YAML 1.2 core schema; what JSON cannot express is refused with its position."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadPayloadText
from premigrate.results import Place

TEXTS = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x2000, exclude_characters="\x7f\x85", exclude_categories=["Cc", "Cs"]
    )
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter(lambda key: len(key) < 50), inner, max_size=4)
    ),
)


@given(JSON, st.sampled_from([None, 2]))
def test_json_is_yaml(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert read_yaml(text).data == read_json(text).data == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("True", True),
        ("FALSE", False),
        ("~", None),
        ("Null", None),
        ("12", 12),
        ("-0", 0),
        ("+3", 3),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2025-01-01", "2025-01-01"),
        ("1.50", 1.5),
        ("-.5e3", -500.0),
        ("1.", 1.0),
        ("1e5", 1e5),
        ("e5", "e5"),
        ("+45 12 34 56 78", "+45 12 34 56 78"),
        ("'07700900123'", "07700900123"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_scalars(text: str, value: object) -> None:
    data = read_yaml(f"key: {text}").data
    assert data == {"key": value}
    assert isinstance(data, dict)
    assert type(data["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: &x 1\nb: *x", 1, 4, "anchors and aliases"),
        ("a: [1]\nb: *x", 2, 4, "anchors and aliases"),
        ("a: !!int 3", 1, 4, "tags are not supported"),
        ("!thing\na: 1", 1, 1, "tags are not supported"),
        ("a: 1\nb: 0123", 2, 4, "put it in quotes"),
        ("a: 0x1F", 1, 4, "put it in quotes"),
        ("a: .inf", 1, 4, "put it in quotes"),
        ("a: .nan", 1, 4, "put it in quotes"),
        ("? [a]\n: 1", 1, 3, "a key must be a string"),
        ("? {a: 1}\n: 1", 1, 3, "a key must be a string"),
        ("a: 1\n---\nb: 2", 2, 1, "a second document"),
        ("a: [1", 1, 6, "not YAML"),
        ("\ta: 1", 1, 1, "not YAML"),
        ("a: 1\n  b: 2", 2, 4, "not YAML"),
        ("a: \x01", 1, 4, "a character that YAML does not allow"),
        ("", 0, 0, "the text is empty"),
        ("# only a remark\n", 0, 0, "the text is empty"),
        ("a: " + "9" * 5000, 1, 4, "too many digits to be read"),
        ("[" * 600 + "]" * 600, 1, 501, "nested too deeply"),
    ],
)
def test_refused(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(BadPayloadText, match=message) as caught:
        read_yaml(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_not_utf8() -> None:
    with pytest.raises(BadPayloadText, match="not UTF-8"):
        read_yaml(b"a: \xff")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a: 1\na: 2\n", (("a",),)), ("- b: 1\n  b: 2\n- c: 1\n", ((0, "b"),)), ("a: {x: 1}\nb: {x: 1}", ())],
)
def test_repeated_keys(text: str, expected: tuple[Place, ...]) -> None:
    assert read_yaml(text).duplicate_keys == expected


def test_byte_order_mark() -> None:
    document = read_yaml("\ufeffa: 1".encode())
    assert (document.had_bom, document.data) == (True, {"a": 1})


def test_alias_bomb_is_refused() -> None:
    lines = [
        "a: &a [x, x]",
        *(f"{name}: &{name} [*{before}, *{before}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
    with pytest.raises(BadPayloadText, match="anchors"):
        read_yaml("\n".join(lines))


@pytest.mark.parametrize("letter", ["\u0085", "\u2028", "\u2029"])
def test_line_breaks_of_yaml_1_1_are_refused(letter: str) -> None:
    with pytest.raises(BadPayloadText, match="write them as escapes in double quotes") as info:
        read_yaml(f'a: 1\nb: "x{letter}y"\n')
    assert (info.value.line, info.value.column) == (2, 6)
    assert read_yaml(f'b: "x\\u{ord(letter):04x}y"').data == {"b": f"x{letter}y"}
