"""Reads inputs as chunks, block by block; errors are yielded as chunks, not raised."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from premigrate.batch.chunks import Broken, Chunk, Lined, Piece, Pieces, Skipped, Yaml
from premigrate.batch.inputs import CHANGED, ENDINGS, STDIN, TABLES, find_sources, watch
from premigrate.batch.other_files import NOTICE
from premigrate.batch.own_reports import is_own_report
from premigrate.documents.compression import BLOCK, unpack
from premigrate.documents.detection import BOM, form_of
from premigrate.documents.foreign_formats import recognise
from premigrate.documents.ndjson import LONGEST, Lines, read_lines, too_long
from premigrate.exceptions import BadPayloadText
from premigrate.optional_deps import runs_in_hook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from premigrate.batch.display_paths import ShownPaths
    from premigrate.batch.inputs import Source

OWN_REPORT = "skipped: a report of premigrate; name the file to check it"
_MAX_PIECES = 1000
_MAX_YAML_SIZE = 4 * LONGEST  # limit of the whole file, because YAML is not split into accounts


class Reading:
    """Reads inputs as chunks.

    ``bytes_read`` is the number of bytes read so far, before decompression. ``skips_others`` skips files that are named
    on the command line but are not payload files, instead of reporting them as invalid JSON; ``skipped`` counts them.
    ``column`` is the payload column of Parquet files, and ``shown`` the display paths.
    """

    def __init__(
        self, column: str | None = None, shown: ShownPaths | None = None, *, skips_others: bool = False
    ) -> None:
        self._column, self._shown, self._skips_others = column, shown, skips_others
        self.bytes_read = self.skipped = 0

    def chunks(self, paths: Iterable[str], stdin_name: str) -> Iterator[Chunk]:
        """Read the inputs at these paths, in order."""
        for source in find_sources(paths, stdin_name, shown=self._shown):
            if source.skipped:
                yield Skipped(source.name, source.skipped)
                continue
            try:
                if source.name.lower().endswith(TABLES):
                    yield from self._table(source)
                else:
                    yield from self._text(source)
            except OSError as error:
                yield Broken(source.name, BadPayloadText(error.strerror or "can't be read"))
            except BadPayloadText as error:
                yield Broken(source.name, error)
            except ValueError:  # such as an embedded null character in the path
                yield Broken(source.name, BadPayloadText("no path can hold such a character"))
            except MemoryError:
                yield Broken(source.name, BadPayloadText("there is not enough memory to read it"))

    def _text(self, source: Source) -> Iterator[Chunk]:
        with source.open() as file:
            has_changed = watch(file)
            may_skip = self._skips_others and _has_other_suffix(source)
            for chunk in read_text(source.name, self._blocks(file), may_skip=may_skip, is_found=source.is_found):
                self.skipped += isinstance(chunk, Skipped) and chunk.reason == NOTICE
                yield chunk
            if has_changed():
                yield Broken(source.name, BadPayloadText(CHANGED))

    def _blocks(self, file: BinaryIO) -> Iterator[bytes]:
        while block := file.read(BLOCK):
            self.bytes_read += len(block)
            yield block

    def _table(self, source: Source) -> Iterator[Chunk]:
        from os import stat

        from premigrate.batch.parquet import read_table

        yield from read_table(source, self._column)
        self.bytes_read += stat(source.path).st_size  # noqa: PTH116 - pathlib is slow to import


def _has_other_suffix(source: Source) -> bool:
    """Return whether a file was named on the command line, but does not have a suffix of payload files."""
    return not source.is_found and source.path != STDIN and not source.name.lower().endswith(ENDINGS)


def _is_no_payload(head: bytes) -> bool:
    from premigrate.batch.other_files import begins_like_json

    return not begins_like_json(head)


class Sound:
    """The decompressed blocks of a stream. It ends at the first error, which is then in ``failure``."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = blocks
        self.failure: BadPayloadText | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from unpack(self._blocks)
        except BadPayloadText as error:
            self.failure = error
        except OSError as error:
            self.failure = BadPayloadText(error.strerror or "can't be read")


def read_text(name: str, packed: Iterable[bytes], *, may_skip: bool = False, is_found: bool = False) -> Iterator[Chunk]:
    """Read a text that may be compressed.

    With ``may_skip``, a text that does not begin like JSON is skipped; outside of a pre-commit hook, known formats such
    as an archive or CSV are still reported. Reports of premigrate that were found in a folder (``is_found``) are
    skipped, too.
    """
    sound = Sound(packed)
    blocks = iter(sound)
    head = b""
    is_all = False
    while len(head) < BLOCK and not is_all:
        block = next(blocks, None)
        head, is_all = head + (block or b""), block is None
    if may_skip and not sound.failure and _is_no_payload(head):
        what = None if runs_in_hook() else recognise(head)
        yield Broken(name, BadPayloadText(what)) if what else Skipped(name, NOTICE)
        return
    bare = head.removeprefix(BOM)
    if is_found and is_own_report(bare):
        yield Skipped(name, OWN_REPORT)
        return
    form = form_of(name, bare, is_all=is_all)
    if what := recognise(head, is_yaml=form == "yaml"):
        yield Broken(name, BadPayloadText(what))
        return
    mark = head[: len(head) - len(bare)]
    rest = chain([bare if form in {"lines", "array"} else head], blocks)
    match form:
        case "lines":
            yield from _line_chunks(name, rest, mark)
        case "array":
            yield from _element_chunks(name, rest, mark, sound)
        case _:
            yield from _whole_text(name, form, rest, sound)
    if sound.failure:
        yield Broken(name, sound.failure)


def _line_chunks(name: str, blocks: Iterable[bytes], mark: bytes) -> Iterator[Chunk]:
    """Collect lines into chunks. The byte order mark of the file is kept with the first account."""
    for run in read_lines(blocks):
        if mark and isinstance(run, Lines):
            first = next((index for index, text in enumerate(run.texts) if text.strip()), None)
            if first is not None:
                run.texts[first], mark = mark + run.texts[first], b""
        yield Lined(name, run) if isinstance(run, Lines) else Broken(name, run)


def _element_chunks(name: str, blocks: Iterable[bytes], mark: bytes, sound: Sound) -> Iterator[Chunk]:
    """Collect elements into chunks. The byte order mark of the file is kept with the first element.

    A chunk is yielded only once the next element is known, because an account may be the only one of its array.
    """
    from premigrate.documents.array_elements import Element, read_elements

    pending: list[Piece] = []
    size = index = 0
    for element in read_elements(blocks):
        if isinstance(element, Element):
            if pending and (size >= BLOCK or len(pending) >= _MAX_PIECES):
                yield Pieces(name, tuple(pending), index)
                index, size, pending = index + len(pending), 0, []
            pending.append(Piece(mark + element.text, element.line, element.column))
            mark = b""
            size += len(element.text)
            continue
        if sound.failure:
            break  # the array is cut short by the read error, which is reported instead
        if pending:
            yield Pieces(name, tuple(pending), index)
            index, size, pending = index + len(pending), 0, []
        yield Broken(name, element)
    if pending:
        yield Pieces(name, tuple(pending), index, int(index == 0 and len(pending) == 1))


def _whole_text(name: str, form: str, blocks: Iterable[bytes], sound: Sound) -> Iterator[Chunk]:
    longest = _MAX_YAML_SIZE if form == "yaml" else LONGEST
    pending: list[bytes] = []
    size = 0
    for block in blocks:
        pending.append(block)
        size += len(block)
        if size > longest:
            yield Broken(name, BadPayloadText(f"{too_long('text', longest)}; several go into an array, or one a line"))
            return
    text = b"".join(pending)
    if sound.failure:
        return
    yield Yaml(name, text) if form == "yaml" else Pieces(name, (Piece(text, 1, 1),), 0, 1)
