"""Reads the nodes of a document: what it says of each place of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tests.documents.kinds import Alternative, find_kinds
from tests.documents.nodes import Anything, Field, Fields, Items, Kinds, Limits, Node, Value
from tests.documents.references import Part, References, every, first

_DECIMAL = re.compile(r"\^-\?\\d\{0,(\d+)\}\(\?:\\\.\\d\{0,(\d+)\}\)\?\$")
_TEXTS = {"email": "email", "date": "date", "date-time": "datetime", "decimal": "decimal", "time": "time"}
_FORMATS = {**_TEXTS, "uuid": "uuid", "uri": "uri"}
_SAMPLES = {"integer": 1, "number": 1.5, "boolean": True, "array": [], "object": {}}


class SchemaReader:
    """Reads the schemas of one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.references = References(document)

    def account(self, path: str) -> Node:
        """Return the account in the request of a path, which may be wrapped in ``payload``."""
        item = self.references.resolve(self.references.document["paths"][path])
        body = self.references.resolve(item["post"]["requestBody"])
        at = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/post/requestBody/content/application~1json/schema"
        node = self.node(at, body["content"]["application/json"]["schema"])
        return node.fields["payload"].node if isinstance(node, Fields) and "payload" in node.fields else node

    def node(self, at: str, schema: dict[str, Any]) -> Node:
        return self._node(self.references.parts(at, schema), self.nullable(schema))

    def nullable(self, schema: dict[str, Any], through: tuple[str, ...] = ()) -> bool | None:
        """Return whether null is valid; None if nothing is said."""
        types = schema.get("type", ())
        nulls = "null" in types if isinstance(types, list) else types == "null"
        listed = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if nulls or schema.get("nullable") is True or (listed and None in listed):
            return True
        said = [False] if "type" in schema or listed or "properties" in schema else []
        below = [*schema.get("allOf", ())]
        if "$ref" in schema and schema["$ref"] not in through:
            below.append(self.references.target(schema["$ref"]))
            through = (*through, schema["$ref"])
        said += [each for each in (self.nullable(part, through) for part in below) if each is not None]
        for key in ("oneOf", "anyOf"):
            if key in schema:
                said.append(any(self.nullable(each, through) for each in schema[key]))
        return all(said) if said else None

    def _node(self, parts: list[Part], nullable: bool | None = False) -> Node:  # noqa: FBT002 - most are not
        pointers = tuple(pointer for part in parts for pointer in (part.at, *part.through))
        alternatives = self._alternatives(parts)
        if len(alternatives) == 1:
            return self._node([*_without_alternatives(parts), *alternatives[0].parts], nullable)
        if alternatives and all(_listed(each.parts) for each in alternatives):
            values = tuple(value for each in alternatives for value in _listed(each.parts))
            return Value(pointers, nullable, "choice", choices=_without_null(values), default=first(parts, "default"))
        if alternatives or (first(parts, "discriminator") and any("properties" in part.keys for part in parts)):
            return self._kinds(parts, alternatives, pointers, nullable)
        if values := _listed(parts):
            return Value(pointers, nullable, "choice", choices=_without_null(values), default=first(parts, "default"))
        return self._plain(parts, pointers, nullable)

    def _plain(self, parts: list[Part], pointers: tuple[str, ...], nullable: bool | None) -> Node:
        types = {each for said in every(parts, "type") for each in (said if isinstance(said, list) else [said])}
        is_null = types == {"null"}
        types -= {"null"}
        if not types and any("properties" in part.keys for part in parts):
            types = {"object"}
        if len(types) != 1:
            if first(parts, "x-broken"):
                return Anything(pointers, nullable, is_broken=True)
            return Anything(pointers, nullable, None if is_null else _SAMPLES.get(min(types, default=""), "abc"))
        match types.pop():
            case "object":
                return self._object(parts, pointers, nullable)
            case "array":
                found = ((f"{part.at}/items", part.keys["items"]) for part in parts if "items" in part.keys)
                at, schema = next(found, ("", {}))
                item = Field(partial(self.node, at, schema))
                least, most = every(parts, "minItems"), every(parts, "maxItems")
                return Items(pointers, nullable, item, max(least, default=0), min(most, default=None))
            case name:
                kind = _FORMATS.get(first(parts, "format"), "text") if name == "string" else name
                return Value(pointers, nullable, kind, _limits(parts, kind), default=first(parts, "default"))

    def _object(self, parts: list[Part], pointers: tuple[str, ...], nullable: bool | None) -> Node:
        required = {name for names in every(parts, "required") for name in names}
        schemas: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for part in parts:
            for name, schema in part.keys.get("properties", {}).items():
                if isinstance(schema, dict):
                    schemas.setdefault(name, []).append((f"{part.at}/properties/{name}", schema))
        fields = {name: self._field(found, name in required) for name, found in schemas.items()}
        more = next(
            (part for part in parts if part.keys.get("additionalProperties") not in (None, True, False, {})), None
        )
        others = None
        if more:
            read = partial(self.node, f"{more.at}/additionalProperties", more.keys["additionalProperties"])
            others = Field(read, required=False)
        return Fields(pointers, nullable, fields, others)

    def _field(self, found: Sequence[tuple[str, dict[str, Any]]], required: bool) -> Field:
        parts = [part for at, schema in found for part in self.references.parts(at, schema)]
        nullable = self.nullable({"allOf": [schema for _, schema in found]})
        is_read_only = first(parts, "readOnly") is True
        return Field(partial(self._node, parts, nullable), required and not is_read_only, is_read_only)

    def _alternatives(self, parts: list[Part]) -> list[Alternative]:
        """Return the alternatives of the first ``oneOf`` or ``anyOf``, without those that are null."""
        for part in parts:
            for key in ("oneOf", "anyOf"):
                found = [
                    Alternative(each.get("$ref", ""), self.references.parts(f"{part.at}/{key}/{index}", each), each)
                    for index, each in enumerate(part.keys.get(key, ()))
                ]
                if any(_says_more(each.parts) for each in found):
                    return [each for each in found if not _is_null(each.parts)]
        return []

    def _kinds(
        self, parts: list[Part], alternatives: list[Alternative], pointers: tuple[str, ...], nullable: bool | None
    ) -> Node:
        common = _without_alternatives(parts)
        found = find_kinds(self.references, parts, alternatives, partial(self._choices, common))
        if found is None:
            return Anything(pointers, nullable, like=self._node([*common, *alternatives[0].parts]))
        tag, schemas = found
        kinds = {}
        for value, each in schemas.items():
            kinds[value] = Field(partial(self._node, [*common, *each.parts]))
        return self._about_tag(Kinds(pointers, nullable, tag, kinds))

    def _about_tag(self, kinds: Kinds) -> Kinds:
        """Add what the kinds say of their tag; of nested kinds, the innermost say it."""
        objects = [each for field in kinds.kinds.values() for each in _innermost(field.node, kinds.tag)]
        tags = [each.fields.get(kinds.tag) if isinstance(each, Fields) else None for each in objects]
        required = {bool(tag and tag.required) for tag in tags}
        nodes = [tag.node if tag else None for tag in tags]
        defaults = {node.default for node in nodes if isinstance(node, Value) and node.default is not None}
        return replace(
            kinds,
            required=required.pop() if len(required) == 1 else None,
            default=defaults.pop() if len(defaults) == 1 and defaults <= kinds.kinds.keys() else None,
            tag_nullable=any(node is not None and node.nullable is not False for node in nodes),
            is_declared=all(isinstance(node, Value) and node.kind in {"choice", "text"} for node in nodes),
        )

    def _choices(self, common: list[Part], alternative: Alternative, name: str) -> tuple[Any, ...]:
        """Return the values that an alternative lists for a field, which may have kinds itself."""
        innermost = _innermost(self._node([*common, *alternative.parts]), name)
        fields = [each.fields.get(name) if isinstance(each, Fields) else None for each in innermost]
        nodes = [field.node if field else None for field in fields]
        lists = [node.choices if isinstance(node, Value) else () for node in nodes]
        return tuple(value for each in lists for value in each) if all(lists) else ()


def _innermost(node: Node, tag: str) -> list[Node]:
    if isinstance(node, Kinds):
        return [each for field in node.kinds.values() for each in _innermost(field.node, tag)]
    return [node]


def _without_alternatives(parts: list[Part]) -> list[Part]:
    """Return the parts without the first ``oneOf`` or ``anyOf``, and its discriminator."""
    kept, is_found = [], False
    for part in parts:
        has = {"oneOf", "anyOf", "discriminator"} & part.keys.keys()
        if has and not is_found:
            is_found = True
            keys = {key: value for key, value in part.keys.items() if key not in has}
            kept.append(replace(part, keys=keys))
        else:
            kept.append(part)
    return kept


def _listed(parts: list[Part]) -> tuple[Any, ...]:
    """Return the values that enum and const list; several lists must all hold."""
    lists = [*every(parts, "enum"), *([value] for value in every(parts, "const"))]
    if not lists or first(parts, "type") == "boolean":
        return ()
    return tuple(value for value in lists[0] if all(value in each for each in lists))


def _without_null(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _says_more(parts: list[Part]) -> bool:
    """Return whether an alternative says more than what is required together."""
    return any(part.keys.keys() - {"required", "description", "title"} for part in parts)


def _is_null(parts: list[Part]) -> bool:
    return first(parts, "type") in ("null", ["null"]) or _listed(parts) == (None,)


def _limits(parts: list[Part], kind: str) -> Limits:
    if kind in {"text", "email"}:
        longest, shortest = every(parts, "maxLength"), every(parts, "minLength")
        return Limits(min(longest, default=None), max(shortest, default=0), first(parts, "pattern"))
    if kind == "decimal":
        found = _DECIMAL.fullmatch(first(parts, "pattern") or "")
        return Limits(digits=(int(found[1]) + int(found[2]), int(found[2])) if found else None)
    if kind in {"integer", "number"}:
        return _bounds(parts)
    return Limits()


def _bounds(parts: list[Part]) -> Limits:
    """Return the bounds of a number: of 3.0 with exclusiveMinimum as a flag, or of 3.1 where it is the bound."""
    least: list[tuple[float, bool]] = []
    most: list[tuple[float, bool]] = []
    for part in parts:
        keys: Mapping[str, Any] = part.keys
        for bounds, key, flag in ((least, "minimum", "exclusiveMinimum"), (most, "maximum", "exclusiveMaximum")):
            bound, exclusive = keys.get(key), keys.get(flag)
            if bound is not None:
                bounds.append((bound, exclusive is True))
            if exclusive is not None and not isinstance(exclusive, bool):
                bounds.append((exclusive, True))
    low = max(least) if least else (None, False)
    high = min(most, key=lambda each: (each[0], not each[1])) if most else (None, False)
    return Limits(least=low[0], most=high[0], exclusive=(low[1], high[1]))
