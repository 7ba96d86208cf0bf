"""Turns an entry of a HAR export into what was recorded of a call, or into the reason why it is none of ours."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import urlsplit

from premigrate.bulk.recorded import Recorded, SpoiltRecordError, body_of, day_of
from premigrate.errors import BadPayloadText
from premigrate.source.quick_json import read_quickly

_PATHS = re.compile(
    r"/data-import/(?:accounts(?:/validate)?|validate-account|account-import-process/create-or-update)/?"
)
_OTHER = "other calls"
_METHODS = ("POST", "PUT", "PATCH")


def read_entry(entry: Any) -> Recorded | str:  # noqa: ANN401 - any JSON
    """Read an entry, as far as it is a validate or process call of the account import.

    Raises:
        SpoiltRecordError: it is one, and payload or answer are not in it.

    """
    request, response = _part(entry, "request"), _part(entry, "response")
    path = _path(request.get("url"))
    if request.get("method") not in _METHODS or not _PATHS.search(path) or not _PATHS.fullmatch(_tail(path)):
        return _OTHER
    status = response.get("status")
    if not isinstance(status, int):
        raise SpoiltRecordError("response.status is missing")
    text = _text(_part(request, "postData"))
    if text is None:
        raise SpoiltRecordError("there is no request.postData.text; export the HAR with what was sent")
    try:
        payload = read_quickly(text.encode("utf-8", "surrogatepass")).data
    except BadPayloadText as error:
        raise SpoiltRecordError(f"what was sent is no payload: {error}") from None
    body = body_of(_text(_part(response, "content")), status, "response.content.text (export the HAR with content)")
    return Recorded(payload, status, body, day_of(entry.get("startedDateTime"), "startedDateTime"))


def _part(node: Any, key: str) -> dict[str, Any]:  # noqa: ANN401
    part = node.get(key) if isinstance(node, dict) else None
    return part if isinstance(part, dict) else {}


def _path(url: object) -> str:
    try:
        return urlsplit(url).path if isinstance(url, str) else ""
    except ValueError:
        return ""


def _tail(path: str) -> str:
    """Tell a path from data-import on: what is before it differs between tenants."""
    return path[path.rfind("/data-import/") :]


def _text(content: dict[str, Any]) -> str | None:
    """Read a text, which may be written in base64."""
    text = content.get("text")
    if not isinstance(text, str):
        return None
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise SpoiltRecordError("a body says that it is base64, and is not, or not of UTF-8 text") from None
