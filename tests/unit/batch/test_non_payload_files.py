"""Files without payloads are skipped only if neither their name nor their content suggests a payload file."""

import gzip
from pathlib import Path

import pytest

from premigrate.batch.chunks import ElementChunk, FailedChunk, SkippedChunk
from premigrate.batch.inputs import PAYLOAD_SUFFIXES
from premigrate.batch.non_payload_files import NOT_A_PAYLOAD_FILE, looks_like_json
from premigrate.batch.read_chunks import ChunkReader

NOT_JSON = [
    *(b"", b"# Payloads\n", b"[a link](there)\n", b"[![badge](x)]", b"[section]\nkey = 1\n", b"[[rule]]\n"),
    *(b"a: 1\n", b"\x89PNG\r\n", b"PAR1", b'"text"', b"null", b"-- a comment", b"<a/>"),
]
JSON_LIKE = [
    *(b"{", b"{}", b" \r\n\t{", b"\xef\xbb\xbf{}", b"{'a': 1}"),
    *(b"[", b"[]", b"[ {", b"[[1]]", b'["a"]', b"[-1]", b"[null]", b"[\n"),
    *("{}".encode("utf-16"), "[{}]".encode("utf-32")),
]


@pytest.mark.parametrize("head", JSON_LIKE)
def test_content_that_begins_like_json(head: bytes) -> None:
    assert looks_like_json(head)


@pytest.mark.parametrize("head", NOT_JSON)
def test_content_that_does_not_begin_like_json(head: bytes) -> None:
    assert not looks_like_json(head)


def kinds(*paths: Path, skip_non_payloads: bool = True) -> list[type]:
    reader = ChunkReader(skip_non_payloads=skip_non_payloads)
    found = [type(chunk) for chunk in reader.chunks(map(str, paths), "")]
    assert reader.skipped_count == found.count(SkippedChunk)
    return found


@pytest.mark.parametrize("name", ["README.md", "payload", ".gitkeep", "a.txt", "a.json.bak", "a.har", "a.json.bz2"])
def test_content_decides_for_unknown_suffixes(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    for content, kind in (
        (b"# Payloads\n", SkippedChunk),
        (b"", SkippedChunk),
        (b'{"a": 1}', ElementChunk),
        (b'{"a": 1', ElementChunk),
    ):
        file.write_bytes(content)
        assert kinds(file) == [kind]
        file.write_bytes(gzip.compress(content))
        assert kinds(file) == [kind], "compressed content is decompressed first"


def test_payload_suffixes_are_never_skipped(tmp_path: Path) -> None:
    for number, suffix in enumerate(PAYLOAD_SUFFIXES):
        for name in (f"{number}{suffix}", f"{number}{suffix.upper()}"):
            (tmp_path / name).write_bytes(b"# Payloads\n")
            assert SkippedChunk not in kinds(tmp_path / name)


def test_damaged_stream_and_missing_file_are_reported(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(gzip.compress(b"# Payloads\n")[:-4])
    assert FailedChunk in kinds(tmp_path / "x.bin")
    assert kinds(tmp_path / "README.md") == [FailedChunk]


def test_api_does_not_skip_files(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"# Payloads\n")
    assert SkippedChunk not in kinds(tmp_path / "README.md", skip_non_payloads=False)


def test_notice_lists_the_suffixes() -> None:
    assert all(
        suffix in NOT_A_PAYLOAD_FILE
        for suffix in (".json", ".ndjson", ".jsonl", ".yaml", ".yml", ".parquet", ".gz", ".zst")
    )
