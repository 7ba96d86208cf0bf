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


Kind: TypeAlias = Text | Choice | Whole | Truth | Anything | Nested | Items


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
    """Whether a parser takes null for the value, so that it has to be told from what is not there."""
    return member.nullable or isinstance(member.kind, Anything)


Shapes: TypeAlias = Mapping[str, Shape]
"""Shapes by name; those that others hold come before them."""
