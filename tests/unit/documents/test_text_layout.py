"""The layout of accounts in a text is detected from the content first, then from the file name."""

import pytest

from premigrate.documents.text_layout import detect_layout


@pytest.mark.parametrize(
    ("name", "head", "layout"),
    [
        ("a.json", b'{"a": 1}', "document"),
        ("a.json", b'{"a": 1}\n \n', "document"),
        ("a.json", b'{"a": 1}\n{"a": 2}', "lines"),
        ("a.json", b'\n {"a": 1}\r\n{', "lines"),
        ("a.json", b'{\n  "a": 1\n}', "document"),
        ("a.json", b'{"a": 1,\n"b": {}}', "document"),
        ("a.json", b"nonsense\n{}", "document"),
        ("a.json", b"", "document"),
        ("a.json", b" [1]", "array"),
        ("a.NDJSON", b"[1]", "array"),
        ("a.ndjson", b'{"a": 1}', "lines"),
        ("a.jsonl", b"nonsense", "lines"),
        ("a.jsonl", b'{"a": \n{"b": 1}', "lines"),
        ("a.jsonl", b'{\n  "a": 1\n}', "document"),
        ("a.jsonl.gz", b'{"payload": {\n  "a": 1}}', "document"),
        ("a.ndjson.zst", b"", "lines"),
        ("a.yaml.gz", b"[1]", "yaml"),
        ("a.YML", b'{"a": 1}\n{}', "yaml"),
        ("standard input", b'{"a": 1}\n{"a": 2}', "lines"),
    ],
)
def test_detected_layout(name: str, head: bytes, layout: str) -> None:
    assert detect_layout(name, head, is_all=True) == layout


def test_layout_of_an_incomplete_head() -> None:
    assert detect_layout("-", b'{"a": 1}\n', is_all=False) == "lines"
    assert detect_layout("-", b'{"a": 1}', is_all=False) == "document"
