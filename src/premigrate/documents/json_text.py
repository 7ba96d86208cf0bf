"""Turns the bytes of a JSON text into data, as strictly as the API's parser, or says where the text goes wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from premigrate.documents.document import Document
from premigrate.documents.duplicate_keys import Objects
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.documents.positions import Found
    from premigrate.results import Place

BOM = "\ufeff"
BOM_MISTAKE = str(json.JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", "", 0))
"""What the API's parser says of a body that begins with a byte order mark."""

_SPACE = " \t\r\n"
_HEAD = 4096  # characters by which a text is recognised that is no JSON
_ENDS = {("Expecting property name enclosed in double quotes", "}"): "object", ("Expecting value", "]"): "array"}
"""What Python says of a comma before the end of something; newer ones say what is in the way."""

_OUTSIDE_STRINGS = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(-?Infinity|NaN)'


def read_json(content: str | bytes) -> Document:
    """Parse JSON.

    Raises:
        BadPayloadText: the text is not UTF-8, is empty, or is not strict JSON; with line and column where known.

    """
    text = content if isinstance(content, str) else decode(content)
    had_bom = text.startswith(BOM)
    text = text.removeprefix(BOM)
    if not text.strip():
        raise BadPayloadText("there is nothing in it; a payload is a JSON object")
    objects = Objects()
    try:
        data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=objects.build)
    except json.JSONDecodeError as found:
        raise _mistake(in_any_python(found)) from None
    except _ConstantFoundError as error:
        raise BadPayloadText(
            f"not JSON: {error} is no JSON number; write null or a number", *_place_of_constant(text)
        ) from None
    except RecursionError:
        raise BadPayloadText("nested too deeply to be read; an account payload has fewer than ten levels") from None
    except ValueError:  # CPython's guard against integers of many thousand digits
        raise BadPayloadText("holds a number with more digits than can be read") from None
    return Document(data, had_bom, objects.places(data), text, _locate)


def with_text(document: Document, content: bytes) -> Document:
    """Give a document its text back, in which places are looked for."""
    return document._replace(text=decode(content).removeprefix(BOM), locate=_locate)


def in_any_python(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """Give the mistake in the words, and at the place, of the newest Python."""
    before = error.doc[: error.pos].rstrip(_SPACE)
    end = _ENDS.get((error.msg, error.doc[error.pos : error.pos + 1]))
    if end is None or not before.endswith(","):
        return error
    return json.JSONDecodeError(f"Illegal trailing comma before end of {end}", error.doc, len(before) - 1)


def _mistake(error: json.JSONDecodeError) -> BadPayloadText:
    """Say what is wrong: what the text is instead of JSON, or what is wrong at one place."""
    from premigrate.documents.foreign_formats import recognise  # most texts are sound
    from premigrate.documents.json_errors import explain

    what = recognise(error.doc[:_HEAD].encode("utf-8", "replace"))
    return BadPayloadText(what) if what else BadPayloadText(f"not JSON: {explain(error)}", error.lineno, error.colno)


def _locate(text: str, places: Iterable[Place], has_repeats: bool) -> Found:  # noqa: FBT001 - a Document calls it
    from premigrate.documents.json_positions import locate_json  # in good accounts no place is looked for

    return locate_json(text, places, has_repeats=has_repeats)


def decode(content: bytes) -> str:
    """Decode UTF-8, or say where it isn't."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        from premigrate.documents.foreign_formats import recognise

        if what := recognise(content, is_yaml=True):
            raise BadPayloadText(what) from None
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise BadPayloadText("not UTF-8 text; save the file in the UTF-8 encoding", line, column) from None


class _ConstantFoundError(Exception):
    """NaN or an infinity, which Python's parser takes and the API's does not."""


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantFoundError(name)


def _place_of_constant(text: str) -> tuple[int, int]:
    start = next(match.start(1) for match in re.finditer(_OUTSIDE_STRINGS, text, re.DOTALL) if match[1])
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
