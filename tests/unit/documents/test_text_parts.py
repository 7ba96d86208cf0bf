"""Texts are split into accounts and what is between them; joined, the parts are the text again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.batch.chunks import ElementChunk, LineChunk
from premigrate.batch.read_chunks import read_text
from premigrate.documents import text_parts
from premigrate.documents.text_layout import TextLayout, detect_layout
from premigrate.documents.text_parts import split_text

ACCOUNTS = st.sampled_from(['{"a": 1}', '{"b": "}, {"}', "{}", '{\n"c": "ø"\n}', "[1]", "3", '"x"', '{"d": '])
BETWEEN = st.sampled_from(["", " ", ",", "\n", ",\n  ", "\r\n", ", ,", "/* c */", "]"])
TEXTS = st.lists(st.tuples(BETWEEN, ACCOUNTS, BETWEEN), max_size=6).map(
    lambda parts: "".join(before + account + after for before, account, after in parts)
)


def blocks_of(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(TEXTS, st.sampled_from(["lines", "array", "document", "yaml"]), st.integers(1, 40))
def test_joined_parts_are_the_text(text: str, layout: TextLayout, size: int) -> None:
    content = (f"[{text}]" if layout == "array" else text).encode()
    parts = list(split_text(layout, blocks_of(content, size)))
    assert b"".join(part.text for part in parts) == content


@given(TEXTS, st.booleans(), st.integers(1, 40))
def test_accounts_are_those_of_a_check(text: str, is_array: bool, size: int) -> None:
    content = (f"[{text}]" if is_array else text).encode()
    layout = detect_layout("a.json", content, is_all=True)
    if layout not in {"lines", "array"}:
        return
    found = [(part.text, part.line) for part in split_text(layout, blocks_of(content, size)) if part.is_account]
    expected = []
    for chunk in read_text("a.json", blocks_of(content, size)):
        if isinstance(chunk, LineChunk):
            expected += [(line.rstrip(), number) for line, number, _ in chunk.lines.records()]
        elif isinstance(chunk, ElementChunk):
            expected += [(piece.text, piece.line) for piece in chunk.elements]
    assert found == expected


@pytest.mark.parametrize("layout", ["lines", "array", "document", "yaml"])
def test_text_that_is_too_long_is_no_account(layout: TextLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_parts, "MAX_ACCOUNT_SIZE", 100)
    monkeypatch.setattr(text_parts, "_MAX_YAML_SIZE", 100)
    account = json.dumps({"a": "x" * 300}).encode()
    content = {"lines": account + b"\n{}", "array": b"[" + account + b"]"}.get(layout, account)
    parts = list(split_text(layout, blocks_of(content, 50)))
    assert b"".join(part.text for part in parts) == content
    accounts = [part.text for part in parts if part.is_account]
    assert accounts == {"lines": [b"{}"], "array": [account]}.get(layout, [])
