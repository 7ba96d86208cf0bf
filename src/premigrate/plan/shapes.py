"""The shapes of usual objects: what a parser in C can check of them, before any rule looks."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """A text of at most so many characters, which may be empty if ``blank`` says so."""

    longest: int | None = None
    blank: bool = False


class Choice(NamedTuple):
    """One of several texts."""

    values: tuple[str, ...]


class Whole(NamedTuple):
    """A whole number within bounds."""

    least: int
    most: int


class Number(NamedTuple):
    """A number on this side of a bound, and of the bound below zero."""

    bound: int


class Day(NamedTuple):
    """A date: year, month and day."""


class Truth(NamedTuple):
    """True or false."""


class Anything(NamedTuple):
    """Whatever it is, it is looked at later."""


class Nested(NamedTuple):
    """An object of one of these shapes, which its own key tells apart if there are several."""

    names: tuple[str, ...]


class Items(NamedTuple):
    """A list of at least so many items."""

    item: "Kind"
    least: int = 0


Kind: TypeAlias = Text | Choice | Whole | Number | Day | Truth | Anything | Nested | Items


class Member(NamedTuple):
    """A key of an object."""

    name: str
    kind: Kind
    required: bool = False
    nullable: bool = False


class Shape(NamedTuple):
    """An object.

    ``tag`` is the key and the value by which it is told from others; ``is_open``: it may have more keys.
    """

    members: tuple[Member, ...]
    is_open: bool = False
    tag: tuple[str, str] | None = None


def may_be_null(member: Member) -> bool:
    """Whether a parser may take null for the value, so that it has to be told from what is not there."""
    return member.nullable or isinstance(member.kind, Anything | Number)


Shapes: TypeAlias = Mapping[str, Shape]
"""Shapes by name; those that others hold come before them."""


def without_types(shapes: Shapes) -> Shapes:
    """Give the shapes of what may hold values of types that no JSON text has: dates are texts, and so on."""
    return {
        name: shape._replace(members=tuple(each._replace(kind=_without_type(each.kind)) for each in shape.members))
        for name, shape in shapes.items()
    }


def _without_type(kind: Kind) -> Kind:
    match kind:
        case Number():
            return Anything()
        case Day():
            return Text()
        case Items(item=item):
            return kind._replace(item=_without_type(item))
        case _:
            return kind
