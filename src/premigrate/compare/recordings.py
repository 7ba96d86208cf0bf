"""Reads recorded calls from files: pairs of payload and response in JSON or NDJSON, and HAR exports."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from premigrate.batch.chunks import Chunk
from premigrate.batch.inputs import CHANGED, ENDINGS, find_sources, watch
from premigrate.batch.load_accounts import Missed, Opened, Remark, open_chunk
from premigrate.batch.own_reports import is_own_report
from premigrate.batch.read_chunks import OWN_REPORT, Sound, read_text
from premigrate.compare.har import read_entry
from premigrate.compare.recorded_call import Recorded, Recording, SpoiltRecordError, body_of, time_of
from premigrate.documents.array_members import read_elements_at
from premigrate.documents.compression import BLOCK
from premigrate.documents.detection import BOM, PACKED
from premigrate.documents.fast_json import read_quickly
from premigrate.documents.ndjson import LONGEST
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from premigrate.batch.display_paths import ShownPaths

HAR = ".har"
RECORDING_ENDINGS = (*ENDINGS, HAR, *(f"{HAR}{packed}" for packed in PACKED))
_LONGEST_ENTRY = 4 * LONGEST  # other calls in an export may have long responses: images, scripts
_IS_HAR = re.compile(rb'\s*\{\s*"log"\s*:\s*\{')
_IS_ARRAY = re.compile(rb"\s*\[\s*\{")
_WANTED = "a recorded pair is an object with payload, status and response"


class LeftOut(NamedTuple):
    """A recorded call that can't be compared, and the reason."""

    reason: str


Found: TypeAlias = Recording | LeftOut | Missed | Remark


def read_recordings(
    paths: Iterable[str], stdin_name: str, shown: ShownPaths | None = None, *, needs_time: bool = True
) -> Iterator[Found]:
    """Read all recordings at these paths, in order; unreadable input is yielded as an item, not raised.

    ``shown`` is how paths are displayed. ``needs_time``: count a call with an invalid time as unreadable.
    """
    for source in find_sources(paths, stdin_name, RECORDING_ENDINGS, shown):
        if source.skipped:
            yield Remark(source.skipped, source.name)
            continue
        try:
            with source.open() as file:
                has_changed = watch(file)
                yield from _read(source.name, file, needs_time=needs_time, is_found=source.is_found)
                if has_changed():
                    yield Missed(source.name, 0, 0, CHANGED)
        except OSError as error:
            yield Missed(source.name, 0, 0, error.strerror or "can't be read")


def _read(name: str, file: BinaryIO, *, needs_time: bool = True, is_found: bool = False) -> Iterator[Found]:
    sound = Sound(iter(lambda: file.read(BLOCK), b""))
    blocks = iter(sound)
    head = b""
    while len(head) < BLOCK and (block := next(blocks, None)) is not None:
        head += block
    bare = head.removeprefix(BOM)
    if is_found and is_own_report(bare):
        yield Remark(OWN_REPORT, name)
        return
    whole = chain([bare], blocks, _raise_failure(sound))
    if _is_har(name, bare):
        yield from _entries(name, whole, needs_time=needs_time)
    else:
        yield from _pairs(read_text(name, whole), needs_time=needs_time)


def _raise_failure(sound: Sound) -> Iterator[bytes]:
    """Raise the error that ended a stream early, after all blocks before it were read."""
    if sound.failure:
        raise sound.failure
    yield from ()


def _is_har(name: str, head: bytes) -> bool:
    """Return whether this is a HAR export; an array of exports is read like recorded pairs."""
    name = name.lower()
    for ending in PACKED:
        name = name.removesuffix(ending)
    return (name.endswith(HAR) and not _IS_ARRAY.match(head)) or _IS_HAR.match(head) is not None


def _entries(name: str, blocks: Iterable[bytes], *, needs_time: bool) -> Iterator[Found]:
    """Read a HAR export entry by entry."""
    position = 0
    for element in read_elements_at(("log", "entries"), blocks, _LONGEST_ENTRY):
        if isinstance(element, BadPayloadText):
            yield Missed(name, element.line, element.column, f"this is no complete HAR export: {element}")
            continue
        text, line, column = element
        try:
            yield _entry(read_quickly(text).data, (name, position, line, column), needs_time=needs_time)
        except BadPayloadText as error:
            yield Missed(name, line, column, f"entry {position}: {error}")
        position += 1


def _entry(entry: object, where: tuple[str, int, int, int], *, needs_time: bool) -> Found:
    """Read an entry of an export; ``where`` is its file, position, line and column."""
    name, position, line, column = where
    try:
        recorded = read_entry(entry, needs_time=needs_time)
    except SpoiltRecordError as error:
        return Missed(name, line, column, f"entry {position}: {error}")
    return LeftOut(recorded) if isinstance(recorded, str) else Recording(name, position, line, *recorded)


def _pairs(chunks: Iterable[Chunk], *, needs_time: bool) -> Iterator[Found]:
    """Read recorded pairs, and HAR exports among them."""
    positions = count()
    for chunk in chunks:
        for found in open_chunk(chunk):
            if isinstance(found, Missed):
                yield found
            elif isinstance(found, Opened) and (entries := _entries_in(found.document.data)) is not None:
                for entry in entries:
                    where = found.file, next(positions), found.line, found.column
                    yield _entry(entry, where, needs_time=needs_time)
            elif isinstance(found, Opened):
                yield _pair(found, needs_time=needs_time)


def _entries_in(data: object) -> list[Any] | None:
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else None


def _pair(opened: Opened, *, needs_time: bool) -> Found:
    try:
        recorded = _read_pair(opened.document.data, needs_time=needs_time)
    except SpoiltRecordError as error:
        return Missed(opened.file, opened.line, opened.column, str(error), position=opened.position)
    return Recording(opened.file, opened.position, opened.line, *recorded)


def _read_pair(data: Any, *, needs_time: bool) -> Recorded:  # noqa: ANN401 - any JSON
    if not isinstance(data, dict):
        raise SpoiltRecordError(f"{_WANTED}; this is none")
    missing = [key for key in ("payload", "status") if key not in data]
    if missing:
        raise SpoiltRecordError(f"{' and '.join(missing)} missing; {_WANTED}")
    status = data["status"]
    if not isinstance(status, int) or isinstance(status, bool):
        raise SpoiltRecordError("status must be a number, such as 200 or 400")
    body = body_of(data.get("response"), status, "response")
    return Recorded(data["payload"], status, body, time_of(data.get("as_of"), "as_of", needed=needs_time))
