"""Turns the data of an OpenAPI document into schemas that are whole: references followed, allOf added up."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from premigrate.exceptions import BadDocument
from premigrate.tenant.model import Note

_MOST_STEPS = 100
"""References one after the other before they are taken for a circle without end."""

_POSITION = re.compile(r"\d{1,9}")

Schema = Mapping[str, Any]


class Found(NamedTuple):
    """A schema and the JSON pointer of where it stands; ``named`` is the component's name, if it has one."""

    schema: Schema
    at: str
    named: str = ""


@dataclass
class Document:
    """An OpenAPI document; ``notes`` collects what can't be used of it."""

    data: Mapping[str, Any]
    notes: list[Note] = field(default_factory=list)

    def note(self, at: str, message: str) -> None:
        """Note something once."""
        note = Note(at, message)
        if note not in self.notes:
            self.notes.append(note)

    def follow(self, schema: object, at: str) -> Found | None:
        """Follow a schema's reference to what stands there; None, with a note, if there is no schema."""
        named = ""
        for _ in range(_MOST_STEPS):
            if not isinstance(schema, Mapping):
                self.note(at, f"is no schema but {_word(schema)}; left as it is in the rules")
                return None
            said = schema.get("$ref")
            if said is None:
                return Found(schema, at, named)
            target = self.at(said) if isinstance(said, str) else None
            if target is None:
                self.note(at, f"refers to {said!r}, which is not in the document; left as it is in the rules")
                return None
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            at, named = str(said).removeprefix("#"), str(said).rpartition("/")[2]
            schema = {**target, **beside} if isinstance(target, Mapping) and beside else target
        self.note(at, "refers to itself without end; left as it is in the rules")
        return None

    def at(self, reference: str) -> object | None:
        """Find what a reference within the document leads to; None if nothing is there, or it leads outside."""
        if not reference.startswith("#/"):
            return None
        here: Any = self.data
        for part in reference.removeprefix("#/").split("/"):
            step = _unescape(part)
            if isinstance(here, Mapping) and step in here:
                here = here[step]
            elif isinstance(here, list) and _POSITION.fullmatch(step) and int(step) < len(here):
                here = here[int(step)]
            else:
                return None
        found: object = here
        return found


def make_document(data: object) -> Document:
    """Look at the top of a document.

    Raises:
        BadDocument: it is no OpenAPI document of version 3.

    """
    if not isinstance(data, Mapping):
        raise BadDocument(f"this is no OpenAPI document but {_word(data)}; fetch the tenant's schema as YAML or JSON")
    version = data.get("openapi")
    if "swagger" in data:
        raise BadDocument(f"this is Swagger {data['swagger']}, the forerunner of OpenAPI; OpenAPI 3.0 or 3.1 is read")
    if version is None:
        near = "it looks like an account payload; " if "import_supplier" in data or "payload" in data else ""
        raise BadDocument(f"this is no OpenAPI document: {near}it doesn't say which version of openapi it is")
    if not str(version).startswith("3."):
        raise BadDocument(f"this is OpenAPI {version}; 3.0 and 3.1 are read")
    if not isinstance(data.get("paths"), Mapping):
        raise BadDocument("this OpenAPI document has no paths, so nothing tells what the account import takes")
    return Document(_without_halves(data))


def _without_halves(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace halves of pairs of code units, which JSON can hold and no file of rules."""
    try:
        text = json.dumps(data, ensure_ascii=False)
    except RecursionError:
        raise BadDocument("nested too deeply to be read; no OpenAPI document of an import is like that") from None
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        whole: Mapping[str, Any] = json.loads(text.encode("utf-8", "replace"))
        return whole
    return data


def pointer(at: str, *steps: str) -> str:
    """Go on from a JSON pointer."""
    return "/".join([at, *(step.replace("~", "~0").replace("/", "~1") for step in steps)])


def _unescape(part: str) -> str:
    from urllib.parse import unquote

    return unquote(part).replace("~1", "/").replace("~0", "~")


def _word(value: object) -> str:
    words = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "empty"}
    return words.get(type(value), "a number")
