"""Reads recorded calls from files: pairs of payload and response in JSON or NDJSON, and HAR exports."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from premigrate.batch.chunks import Chunk
from premigrate.batch.inputs import CHANGED_MESSAGE, PAYLOAD_SUFFIXES, find_sources, watch_for_changes
from premigrate.batch.load_accounts import LoadedAccount, Notice, ReadFailure, load_chunk
from premigrate.batch.own_reports import OWN_REPORT_NOTICE, is_own_report
from premigrate.batch.read_chunks import SafeStream, read_text
from premigrate.compare.har import read_har_entry
from premigrate.compare.recorded_call import InvalidRecordingError, RecordedCall, Recording, parse_body, parse_call_time
from premigrate.documents.compression import BLOCK_SIZE
from premigrate.documents.fast_json import read_json_fast
from premigrate.documents.ndjson import MAX_ACCOUNT_SIZE
from premigrate.documents.nested_array import read_elements_at
from premigrate.documents.text_layout import COMPRESSED_SUFFIXES, UTF8_BOM
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from premigrate.batch.display_paths import DisplayPaths

HAR = ".har"
RECORDING_ENDINGS = (*PAYLOAD_SUFFIXES, HAR, *(f"{HAR}{packed}" for packed in COMPRESSED_SUFFIXES))
_LONGEST_ENTRY = 4 * MAX_ACCOUNT_SIZE  # other calls in an export may have long responses: images, scripts
_IS_HAR = re.compile(rb'\s*\{\s*"log"\s*:\s*\{')
_IS_ARRAY = re.compile(rb"\s*\[\s*\{")
_WANTED = "a recorded call is an object with payload, status and response"


class SkippedCall(NamedTuple):
    """A recorded call that cannot be compared, and the reason."""

    reason: str


RecordingItem: TypeAlias = Recording | SkippedCall | ReadFailure | Notice


def read_recordings(
    paths: Iterable[str], stdin_name: str, shown: DisplayPaths | None = None, *, needs_time: bool = True
) -> Iterator[RecordingItem]:
    """Read all recordings at these paths, in order; unreadable input is yielded as an item, not raised.

    ``shown`` is how paths are displayed. ``needs_time``: count a call with an invalid time as unreadable.
    """
    for source in find_sources(paths, stdin_name, RECORDING_ENDINGS, shown):
        if source.skip_reason:
            yield Notice(source.skip_reason, source.name)
            continue
        try:
            with source.open() as file:
                has_changed = watch_for_changes(file)
                yield from _read(source.name, file, needs_time=needs_time, is_found=source.is_discovered)
                if has_changed():
                    yield ReadFailure(source.name, 0, 0, CHANGED_MESSAGE)
        except OSError as error:
            yield ReadFailure(source.name, 0, 0, error.strerror or "cannot be read")


def _read(name: str, file: BinaryIO, *, needs_time: bool = True, is_found: bool = False) -> Iterator[RecordingItem]:
    sound = SafeStream(iter(lambda: file.read(BLOCK_SIZE), b""))
    blocks = iter(sound)
    head = b""
    while len(head) < BLOCK_SIZE and (block := next(blocks, None)) is not None:
        head += block
    bare = head.removeprefix(UTF8_BOM)
    if is_found and is_own_report(bare):
        yield Notice(OWN_REPORT_NOTICE, name)
        return
    whole = chain([bare], blocks, _raise_failure(sound))
    if _is_har(name, bare):
        yield from _entries(name, whole, needs_time=needs_time)
    else:
        yield from _pairs(read_text(name, whole), needs_time=needs_time)


def _raise_failure(sound: SafeStream) -> Iterator[bytes]:
    """Raise the error that ended a stream early, after all blocks before it were read."""
    if sound.failure:
        raise sound.failure
    yield from ()


def _is_har(name: str, head: bytes) -> bool:
    """Return whether this is a HAR export; an array of exports is read like recorded pairs."""
    name = name.lower()
    for ending in COMPRESSED_SUFFIXES:
        name = name.removesuffix(ending)
    return (name.endswith(HAR) and not _IS_ARRAY.match(head)) or _IS_HAR.match(head) is not None


def _entries(name: str, blocks: Iterable[bytes], *, needs_time: bool) -> Iterator[RecordingItem]:
    """Read a HAR export entry by entry."""
    position = 0
    for element in read_elements_at(("log", "entries"), blocks, _LONGEST_ENTRY):
        if isinstance(element, BadPayloadText):
            yield ReadFailure(name, element.line, element.column, f"the HAR export is incomplete: {element}")
            continue
        text, line, column, _ = element
        try:
            yield _entry(read_json_fast(text).data, (name, position, line, column), needs_time=needs_time)
        except BadPayloadText as error:
            yield ReadFailure(name, line, column, f"entry {position}: {error}")
        position += 1


def _entry(entry: object, where: tuple[str, int, int, int], *, needs_time: bool) -> RecordingItem:
    """Read an entry of an export; ``where`` is its file, position, line and column."""
    name, position, line, column = where
    try:
        recorded = read_har_entry(entry, needs_time=needs_time)
    except InvalidRecordingError as error:
        return ReadFailure(name, line, column, f"entry {position}: {error}")
    return SkippedCall(recorded) if isinstance(recorded, str) else Recording(name, position, line, *recorded)


def _pairs(chunks: Iterable[Chunk], *, needs_time: bool) -> Iterator[RecordingItem]:
    """Read recorded pairs, and HAR exports among them."""
    positions = count()
    for chunk in chunks:
        for found in load_chunk(chunk):
            if isinstance(found, ReadFailure):
                yield found
            elif isinstance(found, LoadedAccount) and (entries := _entries_in(found.document.data)) is not None:
                for entry in entries:
                    where = found.file, next(positions), found.line, found.column
                    yield _entry(entry, where, needs_time=needs_time)
            elif isinstance(found, LoadedAccount):
                yield _pair(found, needs_time=needs_time)


def _entries_in(data: object) -> list[Any] | None:
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else None


def _pair(opened: LoadedAccount, *, needs_time: bool) -> RecordingItem:
    try:
        recorded = _read_pair(opened.document.data, needs_time=needs_time)
    except InvalidRecordingError as error:
        return ReadFailure(opened.file, opened.line, opened.column, str(error), position=opened.position)
    return Recording(opened.file, opened.position, opened.line, *recorded)


def _read_pair(data: Any, *, needs_time: bool) -> RecordedCall:  # noqa: ANN401 - any JSON
    if not isinstance(data, dict):
        raise InvalidRecordingError(f"not a recorded call; {_WANTED}")
    missing = [key for key in ("payload", "status") if key not in data]
    if missing:
        raise InvalidRecordingError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; {_WANTED}"
        )
    status = data["status"]
    if not isinstance(status, int) or isinstance(status, bool):
        raise InvalidRecordingError("status must be a number, such as 200 or 400")
    body = parse_body(data.get("response"), status, "response")
    return RecordedCall(data["payload"], status, body, parse_call_time(data.get("as_of"), "as_of", needed=needs_time))
