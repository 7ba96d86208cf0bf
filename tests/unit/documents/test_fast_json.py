"""The fast JSON reader gives the same data, repeated keys and errors as the exact one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.fast_json import read_json_fast
from premigrate.documents.json_text import read_json
from premigrate.exceptions import BadPayloadText


class Object(list[tuple[str, Any]]):
    """A JSON object as written: pairs, with keys that may repeat."""


KEYS = st.sampled_from(["a", "b", "", "payload", '"', "a:1", '"a":', "é", ":", "\\"])
TEXTS = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from(
    ['"a": 1, "a": 2', '":', ": ", "\\u003a", "\\", '\\":', "\ud800", "\u2028"]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([-0.0, 1e300, 2**63, 2**64, -(2**63) - 1, 10**40, 1e-320])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(KEYS, inner), max_size=4).map(Object),
    max_leaves=20,
)
SPACE = st.sampled_from(["", " ", "  ", "\t", "\n", "\r\n"])


def write_text(text: str, draw: st.DrawFn) -> str:
    """Write a text as JSON, with one of its characters escaped in one of several ways."""
    plain = json.dumps(text, ensure_ascii=draw(st.booleans()))
    escaped = draw(st.sampled_from(["", ":", '"', "a"]))
    if escaped == '"':
        return plain.replace('\\"', "\\u0022")
    return plain.replace(escaped, f"\\u{ord(escaped):04{draw(st.sampled_from('xX'))}}") if escaped else plain


def write(value: Any, draw: st.DrawFn) -> str:
    def space() -> str:
        return draw(SPACE)

    if isinstance(value, Object):
        inner = [
            f"{space()}{write_text(key, draw)}{space()}:{space()}{write(each, draw)}{space()}" for key, each in value
        ]
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(f"{space()}{write(each, draw)}{space()}" for each in value) + "]"
    return write_text(value, draw) if isinstance(value, str) else json.dumps(value)


@st.composite
def json_texts(draw: st.DrawFn) -> bytes:
    text = draw(SPACE) + write(draw(VALUES), draw) + draw(SPACE)
    return text.encode("utf-8", "surrogatepass")


def outcome(read: Any, content: bytes) -> object:
    try:
        document = read(content)
    except BadPayloadText as error:
        return str(error), error.line, error.column
    return (
        repr(document.data),
        document.had_bom,
        document.duplicate_keys,
    )  # repr distinguishes 1, 1.0 and True, and 0.0 and -0.0


def assert_same(content: bytes) -> None:
    assert outcome(read_json_fast, content) == outcome(read_json, content)


@given(json_texts())
def test_valid_json(content: bytes) -> None:
    assert_same(content)


@given(json_texts(), st.integers(0, 400), st.binary(max_size=3))
def test_corrupted_json(content: bytes, offset: int, junk: bytes) -> None:
    cut = offset % (len(content) + 1)
    assert_same(content[:cut] + junk + content[cut:])
    assert_same(content[:cut])
    assert_same(content[:cut] + content[cut + 1 :])


@given(st.lists(st.sampled_from(['"', "\\", ":", "a", "{", "}", "[", "]", ",", " ", "1", "u003a", "e", "-", "."])))
def test_json_like_text(pieces: list[str]) -> None:
    assert_same("".join(pieces).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"\xef\xbb\xbf{}",
        b'{"a": NaN}',
        b"-Infinity",
        b"1e400",
        b"-1e400",
        b'"\\ud800"',
        b'"\\ud800\\u0041"',
        b'{"\\ud800": 1}',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"a\tb"',
        b'"\\x"',
        b"01",
        b"1.",
        b"-",
        b"1" * 5000,
        b"123456789012345678901234567890",
        b"[1,]",
        b'{"a":1,}',
        b"1 1",
        b"\x001",
        b'{"a":1,"a":2}',
        b'{"a" :1, "a" :2, "b": "x"}',
        b'{"a": "x", "a": "\\u003a"}',
        b'{"a": "x", "a": "\\"\\u003A"}',
        b'{"a": {"b": 1}, "a": ":"}',
        b'{"a": {"b": ":"}, "a": "::"}',
        b'{"a": 1, "\\u0061": 2}',
    ],
)
def test_texts_that_parsers_treat_differently(content: bytes) -> None:
    assert_same(content)


@pytest.mark.parametrize("levels", [10, 499, 500, 501, 900, 2000, 100_000])
@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]"), (b"[ ", b" ]")])
def test_deeply_nested_texts(levels: int, left: bytes, right: bytes) -> None:
    content = left * levels + b"1" + right * levels
    if 500 <= levels <= 2000:  # the limit of the exact reader depends on the call stack
        kinds = [type(outcome(read, content)[0]) for read in (read_json_fast, read_json)]  # type: ignore[index]
        assert kinds == [str, str]
    else:
        assert_same(content)


def test_typical_account_takes_the_fast_path(monkeypatch: pytest.MonkeyPatch, account: dict[str, Any]) -> None:
    from premigrate.documents import fast_json

    monkeypatch.setattr(fast_json, "read_json", None)
    for text in (json.dumps(account), json.dumps(account, indent=2), json.dumps(account, separators=(",", ":"))):
        assert read_json_fast(text.encode()).data == account
