"""Other formats and common mistakes are named with a remedy, without words of parsers or of Python."""

import bz2
import gzip
import io
import json
import lzma
import re
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.batch.chunks import FailedChunk
from premigrate.batch.load_accounts import ReadFailure, load_chunk
from premigrate.batch.read_chunks import read_text
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadPayloadText

PARSER_WORDS = re.compile(
    r"Expecting|Extra data|Unterminated|delimiter|property name|\bdict\b|\bstr\b|NoneType|codec|decode|\bbyte 0x"
    r"|char \d|mapping values|block (?:end|mapping|sequence)|flow |scalar|\bnode\b|token|<stream|expected '"
)
"""Words of parsers and of Python, which no message may contain."""

ACCOUNT = '{"import_supplier": "X", "external_account_number": "A-1"}'


def problems(name: str, content: bytes) -> list[tuple[int, int, str]]:
    """Return line, column and message of each error in a file."""
    chunks = list(read_text(name, [content]))
    found = [each for chunk in chunks if not isinstance(chunk, FailedChunk) for each in load_chunk(chunk)]
    failures = [
        (chunk.error.line, chunk.error.column, str(chunk.error)) for chunk in chunks if isinstance(chunk, FailedChunk)
    ]
    return failures + [(each.line, each.column, each.message) for each in found if isinstance(each, ReadFailure)]


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, ACCOUNT)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("a.json")
        info.size = len(ACCOUNT)
        archive.addfile(info, io.BytesIO(ACCOUNT.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.yaml"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped("a.json"), "this is a ZIP archive; unpack it first"),
        (zipped("xl/workbook.xml"), "this is a spreadsheet"),
        (zipped("word/document.xml"), "this is an office document"),
        (lzma.compress(ACCOUNT.encode()), "compressed with xz; unpack it first"),
        (bz2.compress(ACCOUNT.encode()), "compressed with bzip2; unpack it first"),
        (bz2.compress(b""), "compressed with bzip2; unpack it first"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "this is a 7z archive; unpack it first"),
        (tarred(), "this is a tar archive; unpack it first"),
        (gzip.compress(tarred()), "this is a tar archive; unpack it first"),
        (gzip.compress(gzip.compress(ACCOUNT.encode())), "compressed with gzip twice"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "a file of Microsoft Office"),
        (b"PAR1\x15\x04", "give it a name that ends in .parquet"),
        (b"\0" * 100, "begins with zero bytes"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "this is a Git LFS pointer"),
        *[
            (ACCOUNT.encode(each), f"this is {each[:6].upper()} text; save it as UTF-8")
            for each in ("utf-16", "utf-32")
        ],
        *[(ACCOUNT.encode(each), "this is UTF-16 text; save it as UTF-8") for each in ("utf-16-le", "utf-16-be")],
        *[(ACCOUNT.encode(each), "this is UTF-32 text; save it as UTF-8") for each in ("utf-32-le", "utf-32-be")],
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # archives contain the current time
)
def test_binary_formats(name: str, content: bytes, message: str) -> None:
    ((line, column, reported),) = problems(name, content)
    assert message in reported
    assert (line, column) == (0, 0)


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "export.csv"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("external_account_number;given_name\nPT-1;Maria\n", "looks like CSV"),
        ("a,b,c\r\n1,2,3\r\n", "looks like CSV"),
        ("a\tb\n1\t2", "looks like CSV"),
        ('"a","b"\n"1, 2","3, 4"', "looks like CSV"),
        ("external_account_number;given_name", "looks like CSV"),
        ('<?xml version="1.0"?><accounts/>', "this is XML"),
        ("<accounts>\n</accounts>", "this is XML"),
        ("<!DOCTYPE html>\n<html>", "this is an HTML page"),
        ("\n  <HTML><body>", "this is an HTML page"),
        (f"<<<<<<< HEAD\n{ACCOUNT}\n", "an unfinished merge"),
        (f"```json\n{ACCOUNT}\n```", "a Markdown code block"),
        (f"const account = {ACCOUNT};", "this is program code"),
        ("import_supplier: X\nexternal_account_number: A-1\n", "looks like YAML; give it a name that ends in .yaml"),
        ("---\nimport_supplier: X\n", "looks like YAML"),
    ],
)
def test_other_text_formats(name: str, content: str, message: str) -> None:
    (problem,) = problems(name, content.encode())
    assert message in problem[2]
    (with_bom,) = problems(name, b"\xef\xbb\xbf" + content.encode())
    assert message in with_bom[2]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (f"// made today\n{ACCOUNT}", 1, 1, "a comment, which JSON does not allow; delete it"),
        (f"/* made\n today */ {ACCOUNT}", 1, 1, "a comment"),
        (f"# made today\n{ACCOUNT}", 1, 1, "a comment"),
        ('{"a": 1, // one\n "b": 2}', 1, 10, "a comment"),
        ('{"a": 1 # one\n}', 1, 9, "a comment"),
        ('{"a": /* one */ 1}', 1, 7, "a comment"),
        ('{"a": 1} // one', 1, 10, "a comment"),
        ('{"a": 1,\n}', 1, 8, "a comma after the last entry of an object; delete it"),
        ('{"a": [1, ]}', 1, 9, "a comma after the last element of an array; delete it"),
        ('{\n "a": 1\n}\n{\n "a": 2\n}', 4, 1, "a second object begins here; put several accounts into one array"),
        ('{"a": 1}{"a": 2}', 1, 9, "a second object begins here"),
        ('{"a": 1},\n{"a": 2}', 1, 9, "a comma after the end; put several accounts into one array"),
        ('{"a": 1}}', 1, 9, "an extra closing brace or bracket"),
        ("{'a': 1}", 1, 2, "straight double quotes"),
        ("{\u201ca\u201d: 1}", 1, 2, "straight double quotes"),
        ("{\"a\": 'x'}", 1, 7, "straight double quotes"),
        ("{a: 1}", 1, 2, "a key without quotes"),
        ('{"a": x}', 1, 7, "a value without quotes"),
        ('{"a": True}', 1, 7, "true, false and null must be in lower case"),
        ('{"a": None}', 1, 7, "true, false and null must be in lower case"),
        ('{"a": 1,5}', 1, 9, "decimal numbers with a point"),
        ('{"a": 007}', 1, 8, "leading zeros"),
        ('{"a": 1.}', 1, 8, "write digits after it"),
        ('{"a": .5}', 1, 7, "a number must begin with a digit"),
        ('{"a" = 1}', 1, 6, "write a colon"),
        ('{"a" 1}', 1, 6, "a colon is missing"),
        ('{"a"}', 1, 5, "a key without a value"),
        ('{"a": }', 1, 7, "a value is missing"),
        ('{"a": 1 "b": 2}', 1, 9, "a comma is missing"),
        ('{"a": 1; "b": 2}', 1, 8, "a semicolon"),
        ('{"a": "say "x""}', 1, 13, 'inside a string, write a double quote as \\"'),
        ('{"a": [1}', 1, 9, "} cannot close the array"),
        ('{"a": "x\ny"}', 1, 9, "a line break or tab inside a string"),
        ('{"a": "C:\\data"}', 1, 10, "write two backslashes"),
        ('{"a": "\\u12"}', 1, 9, "four hexadecimal digits"),
        ('{"a": "x}', 1, 7, "its closing double quote is missing"),
        ('{"a": [1, 2', 1, 12, "it was cut short"),
        ('{"a": 1,\n<<<<<<< HEAD\n"b": 2}', 2, 1, "an unfinished merge"),
        ("not json", 1, 1, "a JSON payload must begin with { or ["),
    ],
)
def test_mistakes_in_json(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(BadPayloadText) as caught:
        read_json(text)
    assert message in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "put values with a colon in quotes"),
        ("a: @x", "in quotes"),
        ("a:\n\t- 1", "indent with spaces"),
        ("a: [1, 2", "a comma or a closing bracket is missing"),
        ("a: 'x", "its closing quote is missing"),
        ('a: "\\q"', "an unknown escape sequence"),
        ("a:\n  b: 1\n c: 2", "the indentation differs"),
        ("a: - b", "a list cannot begin here"),
        ("a: ]", "a value is missing"),
        ("a: 1\n...\nb: 1\n", "write several accounts as a list"),
    ],
)
def test_mistakes_in_yaml(text: str, message: str) -> None:
    with pytest.raises(BadPayloadText) as caught:
        read_yaml(text)
    assert message in str(caught.value)
    assert not PARSER_WORDS.search(str(caught.value))


PIECES = st.sampled_from(
    [*"{}[],:\"'\\a1 \n\t#-|>&*!%@\ufeff\0é0.e<=;", "//", "/*", "null", "True", "---", '"a": 1', ACCOUNT]
)
NAMES = st.sampled_from(["a.json", "a.ndjson", "a.yaml", "a.json.gz", "a.txt"])


@settings(max_examples=400)
@given(NAMES, st.lists(PIECES, max_size=12).map("".join).map(str.encode) | st.binary(max_size=40))
def test_messages_contain_no_parser_words(name: str, content: bytes) -> None:
    for _, _, message in problems(name, content):
        assert not PARSER_WORDS.search(message), message


@settings(max_examples=200)
@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), min_size=1), st.sampled_from([None, 1]))
def test_valid_json_is_never_mistaken_for_another_format(accounts: list[dict[str, str]], indent: int | None) -> None:
    for value in (accounts, accounts[0]):
        assert problems("a.json", json.dumps(value, indent=indent, ensure_ascii=False).encode()) == []
