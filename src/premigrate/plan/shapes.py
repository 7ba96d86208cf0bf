"""The shapes of usual objects: what a parser in C can check of them, before any rule looks."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """A text that is not empty, of at most so many characters."""

    longest: int | None = None


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
    """A key of an object. Where it may be null, null is as if it were not there."""

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


Shapes: TypeAlias = Mapping[str, Shape]
"""Shapes by name; those that others hold come before them."""
