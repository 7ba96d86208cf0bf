"""Looks at payloads that are usual in every way: a parser in C checks their shapes, and written code the rest."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import msgspec

from premigrate.plan.shapes import (
    Anything,
    Choice,
    Day,
    Items,
    Kind,
    Nested,
    Number,
    Shape,
    Shapes,
    Text,
    Truth,
    Whole,
    may_be_null,
    without_types,
)
from premigrate.running.around import WRAPPER
from premigrate.running.narrowing import Narrowing
from premigrate.running.struct_words import STRUCT_WORDS
from premigrate.running.words import SURPRISES, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.plan import Written
    from premigrate.running.usual import UsualReader


class Unusual(Exception):
    """There is something in the payload that written code knows nothing of."""


_REASONS = (Unusual, RecursionError, *SURPRISES)
_OTHERWISE = ("unknown field", "missing required field", "got `null`", "`str` of length >= 1")
"""What the parser says where an object has not the keys it should have, or nothing at one of them."""


class Look:
    """Looks at the accounts of a plan. ``kinds`` are the types of what it takes: an account, and a wrapped one.

    Args:
        written: what was written for the plan.
        root: the name of the object that an account is.
        narrow: the shapes that accounts are expected to have, if they are narrower than those of the plan.
        is_typed: whether it looks only at what was read from JSON texts without odd letters, so that no value can be of
            a type that JSON doesn't know, and no text can hold what must not be in a text.

    """

    def __init__(self, written: Written, root: str, narrow: Shapes | None = None, *, is_typed: bool = False) -> None:
        self._shapes, self._narrow = written.shapes, narrow or written.shapes
        if not is_typed:
            self._narrow = without_types(self._narrow)
        types = make_types(self._narrow, self._shapes)
        wrapped = msgspec.defstruct(WRAPPER, [(WRAPPER, types[root])], forbid_unknown_fields=True, gc=False)
        self.kinds = types[root], wrapped
        for kind in self.kinds:  # made known before threads do so at once: that crashes msgspec
            msgspec.json.Decoder(kind)
        looks: dict[Any, Any] = {}
        words = {
            **WORDS,
            **STRUCT_WORDS,
            "Unusual": Unusual,
            "UNSET": msgspec.UNSET,
            "looks": looks,
            "empties": _empties(self._narrow, types),
        }
        narrowing = Narrowing(written.functions, self._shapes, self._narrow, is_typed=is_typed)
        space = written.bind("look_", words, narrowing.compile if narrow else None)
        for name, made in types.items():
            looks[made] = _calling(looks, made, space, f"look_{name}")
        self._space, self._first = space, f"look_{root}"

    def __call__(self, account: dict[Any, Any], reader: UsualReader) -> Any:  # noqa: ANN401
        """Look at an account, and give what the parser made of it.

        That is None where the account is unusual, so that the reader has to read it from the beginning, and False
        where nothing more is known than that it has other keys, or nothing at some, than was expected.
        """
        try:
            made = msgspec.convert(account, self.kinds[0])
        except msgspec.ValidationError as error:
            return False if any(words in str(error) for words in _OTHERWISE) else None
        except (RecursionError, ValueError):  # ValueError: half of a surrogate pair
            return None
        return made if self.see(made, reader) else None

    def see(self, made: object, reader: UsualReader) -> bool:
        """Look at what a parser made of an account; tells whether it is usual."""
        start = len(reader.events)
        try:
            self._space[self._first](made, None, reader)
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


def make_types(shapes: Shapes, full: Shapes) -> dict[str, Any]:
    """Make the type of each shape. Of what the full shape has besides, there is never anything."""
    types: dict[str, Any] = {}
    for name, shape in shapes.items():
        given = {member.name for member in shape.members}
        types[name] = _make(
            name, shape, types, [member.name for member in full[name].members if member.name not in given]
        )
    return types


def _make(name: str, shape: Shape, types: dict[str, Any], absent: Iterable[str]) -> Any:  # noqa: ANN401
    fields: list[Any] = []
    for member in shape.members:
        kind = _type_of(member.kind, types)
        kind = Optional[kind] if member.nullable else kind  # noqa: UP045 - some are no types to be joined by |
        usual = msgspec.UNSET if may_be_null(member) else None
        fields.append((member.name, kind) if member.required else (member.name, kind, usual))
    key, value = shape.tag or (None, None)
    return msgspec.defstruct(
        name,
        fields,
        kw_only=True,
        forbid_unknown_fields=not shape.is_open,
        gc=False,
        omit_defaults=True,
        tag_field=key,
        tag=value,
        namespace={**dict.fromkeys(absent), **({key: value} if key else {})},
    )


def _type_of(kind: Kind, types: dict[str, Any]) -> Any:  # noqa: ANN401, C901, PLR0911 - one for each kind
    match kind:
        case Text(longest=longest, blank=blank):
            return Annotated[str, msgspec.Meta(min_length=0 if blank else 1, max_length=longest)]
        case Choice(values=values):
            return Literal[values] if values else Annotated[str, msgspec.Meta(max_length=0, min_length=1)]
        case Whole(least=least, most=most):
            return Annotated[int, msgspec.Meta(ge=least, le=most)]
        case Number(bound=bound):
            return Annotated[float, msgspec.Meta(gt=-bound, lt=bound)]
        case Day():
            return date
        case Truth():
            return bool
        case Anything():
            return Any
        case Items(item=item, least=least):
            return Annotated[list[_type_of(item, types)], msgspec.Meta(min_length=least)]  # type: ignore[misc]
        case Nested(names=names):
            return reduce(or_, (types[name] for name in names))
