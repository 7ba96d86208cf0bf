"""Parses JSON as strictly as the API, with precise error messages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from premigrate.documents.document import Document
from premigrate.documents.duplicate_keys import DuplicateKeyTracker
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.documents.source_map import LocatedValue
    from premigrate.results import Place

BOM_CHARACTER = "\ufeff"
BOM_ERROR = str(json.JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", "", 0))
"""The message of Python's ``json``, and so of the API, for a body that begins with a byte order mark."""

_SPACE = " \t\r\n"
_HEAD_SIZE = 4096  # characters that are checked for other formats
_CONTAINERS = {("Expecting property name enclosed in double quotes", "}"): "object", ("Expecting value", "]"): "array"}
"""Errors that older Pythons report after a trailing comma; newer ones report the comma itself."""

_OUTSIDE_STRINGS = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?Infinity|NaN)'


def read_json(content: str | bytes) -> Document:
    """Parse strict JSON (RFC 8259): NaN and Infinity are errors, duplicate keys are recorded.

    Raises:
        BadPayloadText: the text is not UTF-8, is empty, is not strict JSON, or exceeds a limit of the parser; with line
            and column if they are known.

    """
    text = content if isinstance(content, str) else decode_utf8(content)
    had_bom = text.startswith(BOM_CHARACTER)
    text = text.removeprefix(BOM_CHARACTER)
    if not text.strip():
        raise BadPayloadText("the text is empty; a payload must be a JSON object")
    objects = DuplicateKeyTracker()
    try:
        data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=objects.build_object)
    except json.JSONDecodeError as found:
        raise _syntax_error(normalise_error(found)) from None
    except _ConstantFoundError as error:
        raise BadPayloadText(
            f"not JSON: {error} is not a JSON number; write null or a number", *_place_of_constant(text)
        ) from None
    except RecursionError:
        raise BadPayloadText("nested too deeply to be read; an account payload has fewer than ten levels") from None
    except ValueError:  # CPython limits the number of digits of an integer
        raise BadPayloadText("a number has too many digits to be read") from None
    return Document(data, had_bom, objects.find_duplicates(data), text, _locate)


def attach_text(document: Document, content: bytes) -> Document:
    """Return a document with its text, so that it can locate places."""
    return document._replace(text=decode_utf8(content).removeprefix(BOM_CHARACTER), locate=_locate)


def normalise_error(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """Return an error with the message and position of Python 3.13 and later, whatever Python runs."""
    before = error.doc[: error.pos].rstrip(_SPACE)
    end = _CONTAINERS.get((error.msg, error.doc[error.pos : error.pos + 1]))
    if end is None or not before.endswith(","):
        return error
    return json.JSONDecodeError(f"Illegal trailing comma before end of {end}", error.doc, len(before) - 1)


def _syntax_error(error: json.JSONDecodeError) -> BadPayloadText:
    """Return the error for a text: its format if it is not JSON at all, otherwise the syntax error and its position."""
    from premigrate.documents.foreign_formats import (
        describe_foreign_format,  # imported here because most texts are valid
    )
    from premigrate.documents.json_errors import explain_json_error

    what = describe_foreign_format(error.doc[:_HEAD_SIZE].encode("utf-8", "replace"))
    return (
        BadPayloadText(what)
        if what
        else BadPayloadText(f"not JSON: {explain_json_error(error)}", error.lineno, error.colno)
    )


def _locate(text: str, places: Iterable[Place], has_repeats: bool) -> LocatedValue:  # noqa: FBT001 - signature of Document.locate
    from premigrate.documents.json_positions import locate_json  # not needed for valid accounts

    return locate_json(text, places, has_duplicate_keys=has_repeats)


def decode_utf8(content: bytes) -> str:
    """Decode UTF-8.

    Raises:
        BadPayloadText: the bytes are not UTF-8.

    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        from premigrate.documents.foreign_formats import describe_foreign_format

        if what := describe_foreign_format(content, is_yaml=True):
            raise BadPayloadText(what) from None
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise BadPayloadText("not UTF-8 text; save the file in the UTF-8 encoding", line, column) from None


class _ConstantFoundError(Exception):
    """The text contains NaN or Infinity, which Python's parser accepts by default but the API does not."""


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantFoundError(name)


def _place_of_constant(text: str) -> tuple[int, int]:
    start = next(match.start(1) for match in re.finditer(_OUTSIDE_STRINGS, text, re.DOTALL) if match[1])
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
