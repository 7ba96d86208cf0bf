"""Turns the bytes of a JSON text into data, as strictly as the API's parser, or says where the text goes wrong."""

import json
import re
from dataclasses import dataclass
from typing import NoReturn

from premigrate.errors import BadPayloadText, Place
from premigrate.source.repeats import Objects

_BOM = "\ufeff"
_OUTSIDE_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a JSON text, and what can't be seen in the data.

    ``had_bom``: the text began with a byte order mark, which the API refuses in a body. ``repeated``: the keys that an
    object gives more than once, each as its place from the top of the text.
    """

    data: object
    had_bom: bool = False
    repeated: tuple[Place, ...] = ()

    def accounts(self) -> list["Document"]:
        """Take an array of accounts apart; one account is itself. A byte order mark is the file's, of no account."""
        if not isinstance(self.data, list):
            return [Document(self.data, repeated=self.repeated)]
        repeated: dict[str | int, list[Place]] = {}
        for position, *place in self.repeated:
            repeated.setdefault(position, []).append(tuple(place))
        return [Document(item, repeated=tuple(repeated.get(index, ()))) for index, item in enumerate(self.data)]


def read_json(content: str | bytes) -> Document:
    """Parse JSON.

    Raises:
        BadPayloadText: the text is not UTF-8, is empty, or is not strict JSON; with line and column where known.

    """
    text = content if isinstance(content, str) else _decode(content)
    had_bom = text.startswith(_BOM)
    text = text.removeprefix(_BOM)
    if not text.strip():
        raise BadPayloadText("there is nothing in it; a payload is a JSON object")
    objects = Objects()
    try:
        data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=objects.build)
    except json.JSONDecodeError as error:
        raise BadPayloadText(f"not JSON: {error.msg}", error.lineno, error.colno) from None
    except _ConstantFoundError as error:
        raise BadPayloadText(f"not JSON: {error} is no JSON number", *_place_of_constant(text)) from None
    except RecursionError:
        raise BadPayloadText("nested too deeply to be read; an account payload has fewer than ten levels") from None
    except ValueError:  # CPython's guard against integers of many thousand digits
        raise BadPayloadText("holds a number with more digits than can be read") from None
    return Document(data, had_bom, objects.places(data))


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise BadPayloadText("not UTF-8 text; save the file in the UTF-8 encoding", line, column) from None


class _ConstantFoundError(Exception):
    """NaN or an infinity, which Python's parser takes and the API's does not."""


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantFoundError(name)


def _place_of_constant(text: str) -> tuple[int, int]:
    start = next(match.start(1) for match in _OUTSIDE_STRINGS.finditer(text) if match[1])
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
