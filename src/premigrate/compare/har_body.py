"""Reads the body of a request or response in a HAR export, which may be encoded in base64."""

import base64
import json
from typing import Any

from premigrate.compare.recorded_call import InvalidRecordingError

_STANDARD = str.maketrans("-_", "+/")
_BLANKS = dict.fromkeys(map(ord, " \t\r\n="))


def read_body_text(content: dict[str, Any]) -> str | None:
    """Return the text of a body; None if there is none.

    Firefox has marked plain text as base64, so a text that is not valid base64 is returned as it is if it is JSON.

    Raises:
        InvalidRecordingError: the text is marked as base64, but is neither base64 of UTF-8 text nor JSON.

    """
    text = content.get("text")
    if not isinstance(text, str):
        return None
    if str(content.get("encoding")).lower() != "base64":
        return text
    try:
        return _decode(text)
    except ValueError:
        if _is_json(text):
            return text
    raise InvalidRecordingError("a body is marked as base64, but is neither base64 of UTF-8 text nor JSON")


def _decode(text: str) -> str:
    """Decode base64 in either alphabet of RFC 4648, with or without padding and line breaks. Raises ValueError."""
    bare = text.translate(_BLANKS).translate(_STANDARD)
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8-sig")


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True
