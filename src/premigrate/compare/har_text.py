"""Reads the text of a request or an answer in a HAR export, which may be written in base64."""

import base64
import json
from typing import Any

from premigrate.compare.recorded_call import SpoiltRecordError

_STANDARD = str.maketrans("-_", "+/")
_BLANKS = dict.fromkeys(map(ord, " \t\r\n="))


def text_of(content: dict[str, Any]) -> str | None:
    """Read the text; None if there is none.

    Firefox has marked plain texts as base64, so one that can't be base64 counts as it stands if it is JSON.

    Raises:
        SpoiltRecordError: it is marked as base64, and is neither that nor JSON.

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
    raise SpoiltRecordError("a body says that it is base64, and is not, or not of UTF-8 text; nor is it JSON")


def _decode(text: str) -> str:
    """Decode either alphabet of base64, in lines or not, with its padding or without. Raises ValueError."""
    bare = text.translate(_BLANKS).translate(_STANDARD)
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8-sig")


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True
