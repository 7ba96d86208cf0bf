"""Resolves references within an OpenAPI document, and collects notes on what cannot be used."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from premigrate.exceptions import BadDocument
from premigrate.tenant.model import DocumentNote

_MAX_REFERENCES = 100
"""Length of a chain of references that counts as circular."""

_STRUCTURE = {"properties", "required", "allOf", "oneOf", "anyOf", "additionalProperties"}
"""Keywords beside a reference that make another object of the schema."""

_INDEX = re.compile(r"\d{1,9}")

Schema = Mapping[str, Any]


class ResolvedSchema(NamedTuple):
    """A resolved schema, its JSON pointer, and the last segment of the reference to it, if any (``name``)."""

    schema: Schema
    at: str
    name: str = ""


@dataclass
class OpenApiDocument:
    """An OpenAPI document; ``notes`` collects what in it is ignored or approximated, and why."""

    data: Mapping[str, Any]
    notes: list[DocumentNote] = field(default_factory=list)
    _children: dict[str, list[str]] | None = None

    def add_note(self, at: str, message: str) -> None:
        """Add a note, unless it was added before."""
        note = DocumentNote(at, message)
        if note not in self.notes:
            self.notes.append(note)

    def resolve(self, schema: object, at: str) -> ResolvedSchema | None:
        """Resolve the references of a schema; return None and add a note if they do not lead to a schema."""
        named = ""
        for _ in range(_MAX_REFERENCES):
            if not isinstance(schema, Mapping):
                self.add_note(at, f"is not a schema but {_type(schema)}; the rules are not changed")
                return None
            reference = schema.get("$ref")
            if reference is None:
                return ResolvedSchema(schema, at, named)
            target = self.lookup(reference) if isinstance(reference, str) else None
            if target is None:
                self.add_note(at, f"refers to {reference!r}, which is not in the document; the rules are not changed")
                return None
            siblings = {key: value for key, value in schema.items() if key != "$ref"}
            if _STRUCTURE & siblings.keys():
                return ResolvedSchema({"allOf": [{"$ref": reference}, siblings]}, at, named)
            at, named = str(reference).removeprefix("#"), str(reference).rpartition("/")[2]
            schema = {**target, **siblings} if isinstance(target, Mapping) and siblings else target
        self.add_note(at, "refers to itself endlessly; the rules are not changed")
        return None

    def children_of(self, at: str) -> tuple[str, ...]:
        """Return references to the schemas of the document that include the schema at a pointer by allOf."""
        if self._children is None:
            self._children = {}
            components = self.data.get("components")
            schemas = components.get("schemas") if isinstance(components, Mapping) else None
            for name, schema in schemas.items() if isinstance(schemas, Mapping) else ():
                parts = schema.get("allOf") if isinstance(schema, Mapping) else None
                for part in parts if isinstance(parts, list) else ():
                    parent = part.get("$ref") if isinstance(part, Mapping) else None
                    own = "#" + extend_pointer("/components/schemas", str(name))
                    self._children.setdefault(str(parent).removeprefix("#"), []).append(own)
        return tuple(self._children.get(at, ()))

    def lookup(self, reference: str) -> object | None:
        """Resolve a reference within the document; None if there is no such value, or it is in another document."""
        if not reference.startswith("#/"):
            return None
        here: Any = self.data
        for part in reference.removeprefix("#/").split("/"):
            step = _unescape(part)
            if isinstance(here, Mapping) and step in here:
                here = here[step]
            elif isinstance(here, list) and _INDEX.fullmatch(step) and int(step) < len(here):
                here = here[int(step)]
            else:
                return None
        found: object = here
        return found


def parse_document(data: object) -> OpenApiDocument:
    """Check the top level of a parsed document.

    Raises:
        BadDocument: it is not an OpenAPI 3 document with paths.

    """
    if not isinstance(data, Mapping):
        raise BadDocument(
            f"this is not an OpenAPI document but {_type(data)}; download the tenant's document as YAML or JSON"
        )
    version = data.get("openapi")
    if "swagger" in data:
        raise BadDocument(f"this is Swagger {data['swagger']}; only OpenAPI 3.0 and 3.1 are supported")
    if version is None:
        near = "it looks like an account payload; " if "import_supplier" in data or "payload" in data else ""
        raise BadDocument(f"this is not an OpenAPI document: {near}the key openapi with the version is missing")
    if not str(version).startswith("3."):
        raise BadDocument(f"this is OpenAPI {version}; only 3.0 and 3.1 are supported")
    if not isinstance(data.get("paths"), Mapping):
        raise BadDocument("this OpenAPI document has no paths, so it does not describe the account import")
    return OpenApiDocument(_without_surrogates(data))


def _without_surrogates(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace lone surrogates, which JSON can contain and a TOML file cannot."""
    try:
        text = json.dumps(data, ensure_ascii=False)
    except RecursionError:
        raise BadDocument("nested too deeply for an OpenAPI document of an account import") from None
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        encodable: Mapping[str, Any] = json.loads(text.encode("utf-8", "replace"))
        return encodable
    return data


def extend_pointer(at: str, *steps: str) -> str:
    """Append steps to a JSON pointer, escaped as in RFC 6901."""
    return "/".join([at, *(step.replace("~", "~0").replace("/", "~1") for step in steps)])


def _unescape(part: str) -> str:
    from urllib.parse import unquote

    return unquote(part).replace("~1", "/").replace("~0", "~")


def _type(value: object) -> str:
    """Return the JSON type of a value for a message."""
    words = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "empty"}
    return words.get(type(value), "a number")
