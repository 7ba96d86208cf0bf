"""Renders the responses of the endpoints (status code and body) from their templates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from premigrate.engine.program import ResponseTemplate
from premigrate.results import ImportStatus, Response

_UTC = "+00:00"


def render_endpoint_response(template: ResponseTemplate, values: Mapping[str, Any] | None = None) -> Response:
    """Render a response.

    Args:
        template: the template of the response.
        values: the values of the placeholders in the body and in the detail text.

    """
    params = dict(values or {})
    replacements = {**params, "code": template.code, "detail": template.detail.format_map(params)}
    return Response(template.status, {key: _substitute(value, replacements) for key, value in template.body.items()})


def render_import_status(template: ResponseTemplate, status: ImportStatus) -> Response:
    """Render the response about the status of an import, with the keys of the template."""
    error, event = status.latest_error, status.latest_event
    values = {
        "status": status.status,
        "kraken_identifier": status.kraken_identifier,
        "created_at": format_datetime(status.created_at),
        "modified_at": format_datetime(status.modified_at),
        "error_code": error and error.code,
        "error_detail": error and error.detail,
        "event": event and event.event,
        "occurred_at": event and format_datetime(event.occurred_at),
    }
    return render_endpoint_response(template, values)


def format_datetime(value: datetime) -> str:
    """Return a datetime as DRF writes it: UTC ends with ``Z``, any other time zone with its offset."""
    text = value.isoformat()
    return text.removesuffix(_UTC) + "Z" if text.endswith(_UTC) else text


def _substitute(part: object, values: Mapping[str, Any]) -> object:
    """Replace the placeholders of a body; an object is null if every placeholder that stands in it has no value.

    An object without placeholders of its own is null if those of the objects in it have no value.
    """
    if not isinstance(part, dict):
        name = _placeholder(part)
        return part if name is None else values.get(name)
    own = [name for name in map(_placeholder, part.values()) if name is not None]
    names = own or _placeholders(part)
    if names and all(values.get(name) is None for name in names):
        return None
    return {key: _substitute(value, values) for key, value in part.items()}


def _placeholders(part: object) -> list[str]:
    if isinstance(part, dict):
        return [name for value in part.values() for name in _placeholders(value)]
    name = _placeholder(part)
    return [] if name is None else [name]


def _placeholder(part: object) -> str | None:
    return part[1:-1] if isinstance(part, str) and part.startswith("<") and part.endswith(">") else None
