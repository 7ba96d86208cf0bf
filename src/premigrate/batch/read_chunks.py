"""Reads inputs as chunks, block by block; errors are yielded as chunks, not raised."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from premigrate.batch.chunks import Chunk, ElementChunk, FailedChunk, LineChunk, Piece, SkippedChunk, YamlChunk
from premigrate.batch.inputs import (
    CHANGED_MESSAGE,
    PAYLOAD_SUFFIXES,
    STDIN,
    TABLE_SUFFIXES,
    find_sources,
    watch_for_changes,
)
from premigrate.batch.non_payload_files import NOT_A_PAYLOAD_FILE
from premigrate.batch.own_reports import OWN_REPORT_NOTICE, is_own_report
from premigrate.documents.compression import BLOCK_SIZE, decompress
from premigrate.documents.foreign_formats import describe_foreign_format
from premigrate.documents.ndjson import MAX_ACCOUNT_SIZE, LineRun, read_lines, too_long_message
from premigrate.documents.text_layout import UTF8_BOM, detect_layout
from premigrate.exceptions import BadPayloadText
from premigrate.optional_deps import is_pre_commit_hook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.batch.inputs import Source
    from premigrate.documents.text_layout import TextLayout

_MAX_PIECES = 1000
_MAX_YAML_SIZE = 4 * MAX_ACCOUNT_SIZE  # limit of the whole file, because YAML is not split into accounts


class ChunkReader:
    """Reads inputs as chunks.

    ``bytes_read`` is the number of bytes read so far, before decompression. ``skip_non_payloads`` skips files that are
    named on the command line but are not payload files, instead of reporting them as invalid JSON; ``skipped_count``
    counts them. ``column`` is the payload column of Parquet files, and ``shown`` the display paths.
    """

    def __init__(
        self, column: str | None = None, shown: DisplayPaths | None = None, *, skip_non_payloads: bool = False
    ) -> None:
        self._column, self._shown, self._skips_others = column, shown, skip_non_payloads
        self.bytes_read = self.skipped_count = 0

    def chunks(self, paths: Iterable[str], stdin_name: str) -> Iterator[Chunk]:
        """Read the inputs at these paths, in order."""
        for source in find_sources(paths, stdin_name, display_paths=self._shown):
            if source.skip_reason:
                yield SkippedChunk(source.name, source.skip_reason)
                continue
            try:
                if source.name.lower().endswith(TABLE_SUFFIXES):
                    yield from self._table(source)
                else:
                    yield from self._text(source)
            except OSError as error:
                yield FailedChunk(source.name, BadPayloadText(error.strerror or "cannot be read"))
            except BadPayloadText as error:
                yield FailedChunk(source.name, error)
            except ValueError:  # such as an embedded null character in the path
                yield FailedChunk(
                    source.name, BadPayloadText("the path contains a character that is not allowed in paths")
                )
            except MemoryError:
                yield FailedChunk(source.name, BadPayloadText("there is not enough memory to read it"))

    def _text(self, source: Source) -> Iterator[Chunk]:
        with source.open() as file:
            has_changed = watch_for_changes(file)
            may_skip = self._skips_others and _has_other_suffix(source)
            for chunk in read_text(source.name, self._blocks(file), may_skip=may_skip, is_found=source.is_discovered):
                self.skipped_count += isinstance(chunk, SkippedChunk) and chunk.reason == NOT_A_PAYLOAD_FILE
                yield chunk
            if has_changed():
                yield FailedChunk(source.name, BadPayloadText(CHANGED_MESSAGE))

    def _blocks(self, file: BinaryIO) -> Iterator[bytes]:
        while block := file.read(BLOCK_SIZE):
            self.bytes_read += len(block)
            yield block

    def _table(self, source: Source) -> Iterator[Chunk]:
        from os import stat

        from premigrate.batch.parquet import read_parquet

        yield from read_parquet(source, self._column)
        self.bytes_read += stat(source.path).st_size  # noqa: PTH116 - pathlib is slow to import


def _has_other_suffix(source: Source) -> bool:
    """Return whether a file was named on the command line, but does not have a suffix of payload files."""
    return not source.is_discovered and source.path != STDIN and not source.name.lower().endswith(PAYLOAD_SUFFIXES)


def _is_no_payload(head: bytes) -> bool:
    from premigrate.batch.non_payload_files import looks_like_json

    return not looks_like_json(head)


class SafeStream:
    """The decompressed blocks of a stream. It ends at the first error, which is then in ``failure``."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = blocks
        self.failure: BadPayloadText | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from decompress(self._blocks)
        except BadPayloadText as error:
            self.failure = error
        except OSError as error:
            self.failure = BadPayloadText(error.strerror or "cannot be read")


class OpenedText(NamedTuple):
    """A text whose layout is known.

    ``mark`` is its byte order mark, or empty; ``blocks`` are the text without it. ``stream`` says whether it failed.
    """

    layout: TextLayout
    mark: bytes
    blocks: Iterator[bytes]
    stream: SafeStream


def open_text(
    name: str, blocks: Iterable[bytes], *, may_skip: bool = False, is_found: bool = False
) -> OpenedText | SkippedChunk | FailedChunk:
    """Open a text that may be compressed, and detect its layout. The arguments are those of `read_text`."""
    sound = SafeStream(blocks)
    blocks = iter(sound)
    head = b""
    is_all = False
    while len(head) < BLOCK_SIZE and not is_all:
        block = next(blocks, None)
        head, is_all = head + (block or b""), block is None
    if may_skip and not sound.failure and _is_no_payload(head):
        what = None if is_pre_commit_hook() else describe_foreign_format(head)
        return FailedChunk(name, BadPayloadText(what)) if what else SkippedChunk(name, NOT_A_PAYLOAD_FILE)
    bare = head.removeprefix(UTF8_BOM)
    if is_found and is_own_report(bare):
        return SkippedChunk(name, OWN_REPORT_NOTICE)
    form = detect_layout(name, bare, is_all=is_all)
    if what := describe_foreign_format(head, is_yaml=form == "yaml"):
        return FailedChunk(name, BadPayloadText(what))
    return OpenedText(form, head[: len(head) - len(bare)], chain([bare], blocks), sound)


def read_text(name: str, blocks: Iterable[bytes], *, may_skip: bool = False, is_found: bool = False) -> Iterator[Chunk]:
    """Read a text that may be compressed.

    With ``may_skip``, a text that does not begin like JSON is skipped; outside of a pre-commit hook, known formats such
    as an archive or CSV are still reported. Reports of premigrate that were found in a folder (``is_found``) are
    skipped, too.
    """
    opened = open_text(name, blocks, may_skip=may_skip, is_found=is_found)
    if not isinstance(opened, OpenedText):
        yield opened
        return
    form, mark, rest, sound = opened
    match form:
        case "lines":
            yield from _line_chunks(name, rest, mark)
        case "array":
            yield from _element_chunks(name, rest, mark, sound)
        case _:
            yield from _whole_text(name, form, chain([mark], rest), sound)
    if sound.failure:
        yield FailedChunk(name, sound.failure)


def _line_chunks(name: str, blocks: Iterable[bytes], mark: bytes) -> Iterator[Chunk]:
    """Collect lines into chunks. The byte order mark of the file is kept with the first account."""
    for run in read_lines(blocks):
        if mark and isinstance(run, LineRun):
            first = next((index for index, text in enumerate(run.texts) if text.strip()), None)
            if first is not None:
                run.texts[first], mark = mark + run.texts[first], b""
        yield LineChunk(name, run) if isinstance(run, LineRun) else FailedChunk(name, run)


def _element_chunks(name: str, blocks: Iterable[bytes], mark: bytes, sound: SafeStream) -> Iterator[Chunk]:
    """Collect elements into chunks. The byte order mark of the file is kept with the first element.

    A chunk is yielded only once the next element is known, because an account may be the only one of its array.
    """
    from premigrate.documents.array_elements import Element, read_elements

    pending: list[Piece] = []
    size = index = 0
    for element in read_elements(blocks):
        if isinstance(element, Element):
            if pending and (size >= BLOCK_SIZE or len(pending) >= _MAX_PIECES):
                yield ElementChunk(name, tuple(pending), index)
                index, size, pending = index + len(pending), 0, []
            pending.append(Piece(mark + element.text, element.line, element.column))
            mark = b""
            size += len(element.text)
            continue
        if sound.failure:
            break  # the array is cut short by the read error, which is reported instead
        if pending:
            yield ElementChunk(name, tuple(pending), index)
            index, size, pending = index + len(pending), 0, []
        yield FailedChunk(name, element)
    if pending:
        yield ElementChunk(name, tuple(pending), index, int(index == 0 and len(pending) == 1))


def _whole_text(name: str, form: str, blocks: Iterable[bytes], sound: SafeStream) -> Iterator[Chunk]:
    longest = _MAX_YAML_SIZE if form == "yaml" else MAX_ACCOUNT_SIZE
    pending: list[bytes] = []
    size = 0
    for block in blocks:
        pending.append(block)
        size += len(block)
        if size > longest:
            yield FailedChunk(
                name,
                BadPayloadText(
                    f"{too_long_message('text', longest)}; write several accounts as an array, or one per line"
                ),
            )
            return
    text = b"".join(pending)
    if sound.failure:
        return
    yield YamlChunk(name, text) if form == "yaml" else ElementChunk(name, (Piece(text, 1, 1),), 0, 1)
