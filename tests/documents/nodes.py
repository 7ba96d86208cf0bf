"""What a document says of the values of one place, after references and ``allOf`` are resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Node:
    """The values of one place.

    ``pointers`` are the JSON pointers of all parts of its schema. ``nullable`` is None if the document doesn't say
    whether null is valid.
    """

    pointers: tuple[str, ...]
    nullable: bool | None

    @property
    def names(self) -> set[str]:
        """Return the references to the schemas that it consists of."""
        return {pointer for pointer in self.pointers if pointer.startswith("#")}


@dataclass(frozen=True)
class Limits:
    """The limits of single values; numbers include those of ``least`` and ``most`` unless they are ``exclusive``."""

    max_length: int | None = None
    min_length: int = 0
    pattern: str | None = None
    digits: tuple[int, int] | None = None
    least: float | None = None
    most: float | None = None
    exclusive: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class Value(Node):
    """A single value; ``kind`` is the name of its type or format, and ``choices`` its values if they are listed."""

    kind: str
    limits: Limits = Limits()
    choices: tuple[Any, ...] = ()
    default: Any = None


@dataclass(frozen=True)
class Anything(Node):
    """Values about which the document says nothing that can be checked, such as those of several types."""

    sample: Any = None
    like: Node | None = None
    """One of several objects that nothing tells apart."""
    is_broken: bool = False
    """Whether a reference leads nowhere."""


@dataclass(frozen=True)
class Items(Node):
    """A list."""

    item: Field
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Field:
    """A value in an object or a list; its node is read when needed, because documents may be circular."""

    read: Callable[[], Node]
    required: bool = True
    is_read_only: bool = False

    @cached_property
    def node(self) -> Node:
        return self.read()


@dataclass(frozen=True)
class Fields(Node):
    """An object; ``others`` are the values of keys that are not declared."""

    fields: Mapping[str, Field]
    others: Field | None = None

    @property
    def is_mapping(self) -> bool:
        """Return whether it has no keys of its own, so that the framework has a field for it, and no serializer."""
        return not self.fields


@dataclass(frozen=True)
class Kinds(Node):
    """An object whose fields depend on the value of ``tag``.

    ``required`` is None if some kinds require the tag and others don't, ``default`` is the value that a missing tag
    stands for, and ``is_declared`` whether all kinds declare the tag as a text.
    """

    tag: str
    kinds: Mapping[str, Field]
    required: bool | None = None
    default: str | None = None
    tag_nullable: bool = False
    is_declared: bool = True
