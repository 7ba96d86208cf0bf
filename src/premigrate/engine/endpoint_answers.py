"""Turns what is known of a request or an import into an answer of the endpoints, status and body."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from premigrate.engine.program import Answer
from premigrate.results import ImportStatus, Response

_UTC = "+00:00"


def render_answer(answer: Answer, values: Mapping[str, Any] | None = None) -> Response:
    """Write an answer. ``values`` are those of its body, and those that the text of its code mentions."""
    given = dict(values or {})
    said = {**given, "code": answer.code, "detail": answer.detail.format_map(given)}
    return Response(answer.status, {key: _filled(value, said) for key, value in answer.body.items()})


def render_import_status(answer: Answer, found: ImportStatus) -> Response:
    """Write how far an import is, with the keys that the profile has."""
    error, event = found.latest_error, found.latest_event
    values = {
        "status": found.status,
        "kraken_identifier": found.kraken_identifier,
        "created_at": write_time(found.created_at),
        "modified_at": write_time(found.modified_at),
        "error_code": error and error.code,
        "error_detail": error and error.detail,
        "event": event and event.event,
        "occurred_at": event and write_time(event.occurred_at),
    }
    return render_answer(answer, values)


def write_time(moment: datetime) -> str:
    """Write a time as the framework does: that of UTC ends with Z, any other with its offset."""
    written = moment.isoformat()
    return written.removesuffix(_UTC) + "Z" if written.endswith(_UTC) else written


def _filled(part: object, values: Mapping[str, Any]) -> object:
    """Put values where the body has texts in angle brackets; a table that gets none of its values is null."""
    if isinstance(part, dict):
        wanted = [slot for slot in _slots(part) if values.get(slot) is not None]
        return {key: _filled(value, values) for key, value in part.items()} if wanted or not _slots(part) else None
    slot = _slot(part)
    return part if slot is None else values.get(slot)


def _slots(part: object) -> list[str]:
    if isinstance(part, dict):
        return [slot for value in part.values() for slot in _slots(value)]
    slot = _slot(part)
    return [] if slot is None else [slot]


def _slot(part: object) -> str | None:
    return part[1:-1] if isinstance(part, str) and part.startswith("<") and part.endswith(">") else None
