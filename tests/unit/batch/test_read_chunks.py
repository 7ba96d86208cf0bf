"""Read errors and changed files are reported after all that could be read before them."""

import errno
import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from premigrate.batch.chunks import FailedChunk, LineChunk
from premigrate.batch.inputs import CHANGED_MESSAGE
from premigrate.batch.load_accounts import ReadFailure
from premigrate.batch.read_chunks import ChunkReader, read_text
from premigrate.compare.recordings import read_recordings
from premigrate.documents.compression import BLOCK_SIZE

LINE = json.dumps({"import_supplier": "X" * 1000}).encode() + b"\n"
MANY = LINE * (3 * BLOCK_SIZE // len(LINE))


def problems(*paths: Path | str) -> list[tuple[str, str]]:
    chunks = ChunkReader().chunks(map(str, paths), "")
    return [(Path(each.file).name, str(each.error)) for each in chunks if isinstance(each, FailedChunk)]


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shorten(path: Path) -> None:
    os.truncate(path, BLOCK_SIZE)


def rewrite(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(b" " * size)


CHANGES: list[Callable[[Path], None]] = [append, shorten, rewrite]


@pytest.mark.parametrize("change", CHANGES)
def test_file_changed_while_reading_is_reported(change: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_bytes(MANY)
    chunks = ChunkReader().chunks([str(path)], "")
    assert isinstance(next(chunks), LineChunk)
    change(path)
    *_, last = chunks
    assert isinstance(last, FailedChunk)
    assert str(last.error) == CHANGED_MESSAGE


def test_changed_compressed_files_tables_and_recordings_are_reported(tmp_path: Path) -> None:
    compressed, table, recording = tmp_path / "x.ndjson.gz", tmp_path / "x.parquet", tmp_path / "x.ndjson"
    compressed.write_bytes(gzip.compress(MANY, 0))
    parquet.write_table(pa.table({"payload": [LINE.decode()] * 1000}), table)
    for path in (compressed, table):
        chunks = ChunkReader().chunks([str(path)], "")
        next(chunks)
        append(path)
        *_, last = chunks
        assert isinstance(last, FailedChunk)
        assert str(last.error) == CHANGED_MESSAGE
    recording.write_bytes(MANY)
    found = read_recordings([str(recording)], "")
    next(found)
    append(recording)
    *_, failure = found
    assert isinstance(failure, ReadFailure)
    assert failure.message == CHANGED_MESSAGE


def test_replaced_or_removed_file_is_read_unchanged(tmp_path: Path) -> None:
    path, other = tmp_path / "x.ndjson", tmp_path / "other"
    for change in (lambda: other.replace(path), path.unlink):
        path.write_bytes(MANY)
        other.write_bytes(LINE)
        chunks = ChunkReader().chunks([str(path)], "")
        first = next(chunks)
        change()
        found = [first, *chunks]
        assert all(isinstance(each, LineChunk) for each in found)
        assert sum(len(each.lines.texts) for each in found if isinstance(each, LineChunk)) == MANY.count(b"\n")


def test_lines_before_a_disk_error_are_kept() -> None:
    def blocks() -> Iterator[bytes]:
        yield LINE * 2
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    first, second = read_text("x.ndjson", blocks())
    assert isinstance(first, LineChunk)
    assert isinstance(second, FailedChunk)
    assert (len(first.lines.texts), str(second.error)) == (2, "Input/output error")
    assert problems("/proc/self/mem") == [("mem", "Input/output error")]


def test_broken_links_and_pipes_in_a_folder_are_reported(tmp_path: Path) -> None:
    (tmp_path / "circle.json").symlink_to("circle.json")
    (tmp_path / "gone.json").symlink_to("nowhere.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "whole.json").mkdir()
    (tmp_path / "whole.json" / "a.ndjson").write_bytes(LINE)
    assert problems(tmp_path) == [
        ("circle.json", "Too many levels of symbolic links"),
        ("gone.json", "No such file or directory"),
        ("pipe.json", "a pipe or a device; pass its own path to read it"),
    ]


def test_file_names_that_are_not_utf8_or_very_long(tmp_path: Path) -> None:
    for name in (b"\xff\n.json", b"n" * 250 + b".json"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"{")
    found = list(ChunkReader().chunks([str(tmp_path)], ""))
    assert [os.fsencode(Path(each.file).name)[:2] for each in found] == [b"nn", b"\xff\n"]
