"""Files that hold no payloads are skipped only if neither their name nor their content is that of a payload file."""

import gzip
from pathlib import Path

import pytest

from premigrate.batch.chunks import ElementChunk, FailedChunk, SkippedChunk
from premigrate.batch.inputs import PAYLOAD_SUFFIXES
from premigrate.batch.non_payload_files import NOT_A_PAYLOAD_FILE, looks_like_json
from premigrate.batch.read_chunks import ChunkReader

OTHERS = [
    *(b"", b"# Payloads\n", b"[a link](there)\n", b"[![badge](x)]", b"[section]\nkey = 1\n", b"[[rule]]\n"),
    *(b"a: 1\n", b"\x89PNG\r\n", b"PAR1", b'"text"', b"null", b"-- a comment", b"<a/>"),
]
LIKE_JSON = [
    *(b"{", b"{}", b" \r\n\t{", b"\xef\xbb\xbf{}", b"{'a': 1}"),
    *(b"[", b"[]", b"[ {", b"[[1]]", b'["a"]', b"[-1]", b"[null]", b"[\n"),
    *("{}".encode("utf-16"), "[{}]".encode("utf-32")),
]


@pytest.mark.parametrize("head", LIKE_JSON)
def test_what_begins_like_json_may_hold_payloads(head: bytes) -> None:
    assert looks_like_json(head)


@pytest.mark.parametrize("head", OTHERS)
def test_other_texts_hold_none(head: bytes) -> None:
    assert not looks_like_json(head)


def kinds(*paths: Path, skips_others: bool = True) -> list[type]:
    reading = ChunkReader(skip_non_payloads=skips_others)
    found = [type(chunk) for chunk in reading.chunks(map(str, paths), "")]
    assert reading.skipped_count == found.count(SkippedChunk)
    return found


@pytest.mark.parametrize("name", ["README.md", "payload", ".gitkeep", "a.txt", "a.json.bak", "a.har", "a.json.bz2"])
def test_the_content_decides_where_the_name_says_nothing(name: str, tmp_path: Path) -> None:
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
        assert kinds(file) == [kind], "packed content is unpacked first"


def test_what_is_called_like_a_payload_file_is_never_skipped(tmp_path: Path) -> None:
    for number, ending in enumerate(PAYLOAD_SUFFIXES):
        for name in (f"{number}{ending}", f"{number}{ending.upper()}"):
            (tmp_path / name).write_bytes(b"# Payloads\n")
            assert SkippedChunk not in kinds(tmp_path / name)


def test_a_stream_that_is_damaged_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(gzip.compress(b"# Payloads\n")[:-4])
    assert FailedChunk in kinds(tmp_path / "x.bin")
    assert kinds(tmp_path / "README.md") == [FailedChunk]


def test_programs_that_name_a_file_hear_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"# Payloads\n")
    assert SkippedChunk not in kinds(tmp_path / "README.md", skips_others=False)


def test_the_notice_names_the_endings() -> None:
    assert all(
        ending in NOT_A_PAYLOAD_FILE
        for ending in (".json", ".ndjson", ".jsonl", ".yaml", ".yml", ".parquet", ".gz", ".zst")
    )
