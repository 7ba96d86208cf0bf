"""Looks at payloads that are usual in every way: a parser in C checks their shapes, and written code the rest."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import msgspec

from premigrate.plan.shapes import Anything, Choice, Items, Kind, Nested, Shape, Shapes, Text, Truth, Whole
from premigrate.running.struct_words import STRUCT_WORDS
from premigrate.running.words import SURPRISES, WORDS

if TYPE_CHECKING:
    from premigrate.plan import Written
    from premigrate.running.usual import UsualReader


class Unusual(Exception):
    """There is something in the payload that written code knows nothing of."""


_REASONS = (Unusual, msgspec.ValidationError, RecursionError, *SURPRISES)


class Look:
    """Looks at the accounts of a plan. ``root`` is the name of the object that an account is."""

    def __init__(self, written: Written, root: str) -> None:
        types = make_types(written.shapes)
        self._type = types[root]
        looks: dict[Any, Any] = {}
        words = {
            **WORDS,
            **STRUCT_WORDS,
            "Unusual": Unusual,
            "UNSET": msgspec.UNSET,
            "looks": looks,
            "empties": _empties(written.shapes, types),
        }
        space = written.bind("look_", words)
        for name, made in types.items():
            looks[made] = _calling(looks, made, space, f"look_{name}")
        self._space, self._first = space, f"look_{root}"

    def __call__(self, account: dict[Any, Any], reader: UsualReader) -> bool:
        """Look at an account; tells whether it is usual. Else the reader has to read it, from the beginning."""
        start = len(reader.events)
        try:
            self._space[self._first](msgspec.convert(account, self._type), None, reader)
        except _REASONS:
            del reader.events[start:]
            return False
        return True


def _calling(looks: dict[Any, Any], made: Any, space: dict[str, Any], name: str) -> Any:  # noqa: ANN401
    """Make what calls a function that is not compiled yet, and then gives its place to it."""

    def call(*arguments: object) -> None:
        space[name](*arguments)
        looks[made] = space[name]

    return call


def _empties(shapes: Shapes, types: dict[str, Any]) -> dict[Any, Any]:
    """Make an empty object of each shape that has nothing it must have."""
    may_be_empty = (name for name, shape in shapes.items() if not any(member.required for member in shape.members))
    return {types[name]: types[name]() for name in may_be_empty}


def make_types(shapes: Shapes) -> dict[str, Any]:
    """Make the type of each shape."""
    types: dict[str, Any] = {}
    for name, shape in shapes.items():
        types[name] = _make(name, shape, types)
    return types


def _make(name: str, shape: Shape, types: dict[str, Any]) -> Any:  # noqa: ANN401
    fields: list[Any] = []
    for member in shape.members:
        kind = _type_of(member.kind, types)
        kind = Optional[kind] if member.nullable else kind  # noqa: UP045 - some are no types to be joined by |
        absent = msgspec.UNSET if isinstance(member.kind, Anything) and not member.nullable else None
        fields.append((member.name, kind) if member.required else (member.name, kind, absent))
    key, value = shape.tag or (None, None)
    return msgspec.defstruct(
        name,
        fields,
        kw_only=True,
        forbid_unknown_fields=not shape.is_open,
        gc=False,
        tag_field=key,
        tag=value,
        namespace={key: value} if key else None,
    )


def _type_of(kind: Kind, types: dict[str, Any]) -> Any:  # noqa: ANN401, PLR0911
    match kind:
        case Text(longest=longest):
            return Annotated[str, msgspec.Meta(min_length=1, max_length=longest)]
        case Choice(values=values):
            return Literal[values] if values else Annotated[str, msgspec.Meta(max_length=0, min_length=1)]
        case Whole(least=least, most=most):
            return Annotated[int, msgspec.Meta(ge=least, le=most)]
        case Truth():
            return bool
        case Anything():
            return Any
        case Items(item=item, least=least):
            return Annotated[list[_type_of(item, types)], msgspec.Meta(min_length=least)]  # type: ignore[misc]
        case Nested(names=names):
            return reduce(or_, (types[name] for name in names))
