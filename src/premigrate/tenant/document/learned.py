"""What a document declares: objects with their fields, kinds and validations, in terms of the rule language."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from premigrate.tenant.document.merge_keywords import VALIDATORS_KEY
from premigrate.tenant.document.openapi_document import OpenApiDocument, extend_pointer

_MAX_DESCRIPTION = 200
"""The number of characters of a description that are kept."""
_TAG = re.compile(r"<[^>]*>")


class Validation(NamedTuple):
    """A documented validation (``x-validators``): its pointer, name and possible error codes, and its description."""

    at: str
    name: str
    codes: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class LearnedField:
    """A field of the type ``kind``, or with the object at the pointer ``object_at``; ``is_list`` means a list of those.

    ``about`` is its description, and ``constraints`` are further keys of the rule language. A field that is not
    ``is_known`` has no usable schema, and keeps the definition of the ruleset. ``default`` is the value that the
    document gives to an absent field.
    """

    at: str
    kind: str = "json"
    object_at: str = ""
    is_list: bool = False
    required: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)
    is_known: bool = True
    validations: tuple[Validation, ...] = ()
    default: object = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class LearnedObject:
    """An object.

    If ``select`` is set, the value of that field selects one of ``kinds``, which are pointers. The field may be absent
    if it is not ``select_required``; then ``select_default`` is its value, if any. With ``select_nullable``, null means
    the same as an absent value.
    """

    at: str
    name: str = ""
    description: str = ""
    fields: Mapping[str, LearnedField] = field(default_factory=dict)
    select: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    select_required: bool = True
    select_default: str = ""
    select_nullable: bool = False
    is_open: bool = False
    validations: tuple[Validation, ...] = ()


def read_description(schema: Mapping[str, Any]) -> str:
    """Return the first sentences of the description of a schema, as plain text on one line."""
    text = schema.get("description")
    plain = " ".join(html.unescape(_TAG.sub("", text)).split()) if isinstance(text, str) else ""
    if len(plain) <= _MAX_DESCRIPTION:
        return plain
    start = plain[:_MAX_DESCRIPTION]
    sentences, end, _ = start.rpartition(". ")
    return sentences + end.strip() if sentences else start.rpartition(" ")[0] or start


def read_validations(document: OpenApiDocument, schema: Mapping[str, Any], at: str) -> tuple[Validation, ...]:
    """Return the validations that a schema names; what cannot be read is noted."""
    validators = schema.get(VALIDATORS_KEY) or ()
    if not isinstance(validators, list | tuple):
        document.add_note(extend_pointer(at, VALIDATORS_KEY), "is not a list; omitted")
        return ()
    found = []
    for position, each in enumerate(validators):
        place = extend_pointer(at, VALIDATORS_KEY, str(position))
        codes = each.get("possible_errors") if isinstance(each, Mapping) else None
        if not isinstance(each, Mapping) or not isinstance(codes, list | tuple | type(None)):
            document.add_note(place, "does not describe a validation in a known form; omitted")
            continue
        name = each.get("name")
        text = each.get("description")
        found.append(
            Validation(
                place,
                name if isinstance(name, str) else "",
                tuple(map(str, codes or ())),
                text if isinstance(text, str) else "",
            )
        )
    return tuple(found)
