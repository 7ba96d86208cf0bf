"""Reads an entry of a HAR export as a recorded call of the account import."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from premigrate.compare.har_body import read_body_text
from premigrate.compare.recorded_call import (
    REFUSED,
    VERDICT_STATUSES,
    InvalidRecordingError,
    RecordedCall,
    parse_body,
    parse_call_time,
    parse_status,
)
from premigrate.documents.fast_json import read_json_fast
from premigrate.exceptions import BadPayloadText

_PATHS = re.compile(
    r"/data-import/(?:accounts(?:/validate)?|validate-account|account-import-process/create-or-update)/?"
)
_OTHER = "other calls"
_METHODS = ("POST", "PUT", "PATCH")


def read_har_entry(entry: Any, *, needs_time: bool = True) -> RecordedCall | str:  # noqa: ANN401 - any JSON
    """Read an entry that is a validate or process call of the account import; for others, return why they are left out.

    If the response does not depend on the payload, as for a redirect or an aborted call, only the status is read.
    ``needs_time``: whether the time of the call is needed.

    Raises:
        InvalidRecordingError: it is such a call, but the payload, the status or the body of the response is missing or
            invalid, or a needed time is invalid.

    """
    request, response = _part(entry, "request"), _part(entry, "response")
    path = _path(request.get("url"))
    method = str(request.get("method")).upper()
    if method not in _METHODS or not _PATHS.search(path) or not _PATHS.fullmatch(_tail(path)):
        return _OTHER
    status = parse_status(response.get("status"))
    if status is None:
        raise InvalidRecordingError("response.status is missing")
    if status not in VERDICT_STATUSES:
        return RecordedCall(None, max(status, 0), None, None)
    text = read_body_text(_part(request, "postData"))
    if text is None:
        raise InvalidRecordingError("request.postData.text is missing; export the HAR with request bodies")
    try:
        payload = read_json_fast(text.encode("utf-8", "surrogatepass")).data
    except BadPayloadText as error:
        raise InvalidRecordingError(f"the request body is not a payload: {error}") from None
    content = _part(response, "content") if status == REFUSED else {}
    body = parse_body(read_body_text(content), status, "response.content.text (export the HAR with content)")
    return RecordedCall(
        payload, status, body, parse_call_time(entry.get("startedDateTime"), "startedDateTime", needed=needs_time)
    )


def _part(node: Any, key: str) -> dict[str, Any]:  # noqa: ANN401
    part = node.get(key) if isinstance(node, dict) else None
    return part if isinstance(part, dict) else {}


def _path(url: object) -> str:
    try:
        return urlsplit(url).path if isinstance(url, str) else ""
    except ValueError:
        return ""


def _tail(path: str) -> str:
    """Return a path from ``/data-import/`` on: what is before it differs between tenants."""
    return path[path.rfind("/data-import/") :]
