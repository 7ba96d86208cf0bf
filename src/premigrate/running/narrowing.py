"""Turns the functions of a plan into those for accounts of narrower shapes, the functions they call before them."""

from __future__ import annotations

import ast
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from premigrate.plan.shapes import Items, Kind, Nested, Shape, Shapes
from premigrate.running.facts import Facts
from premigrate.running.habits import facts_of, unheard_of
from premigrate.running.trimming import trim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType

_ALONE = Lock()
_PREFIX = "look_"


class _Made(NamedTuple):
    """A function. ``asks_place``: where its object stands makes a difference to it; ``is_idle``: it does nothing."""

    code: CodeType
    asks_place: bool = True
    is_idle: bool = False


class Narrowing:
    """Compiles functions, each without what finds nothing in its shape.

    Python 3.11 can't take code apart in several threads at once, ours or others of the program. What can't be taken
    apart now is compiled as it is, which makes no difference.

    Args:
        functions: their source, by name.
        shapes: the shapes that they are written for, by the same names without what those begin with.
        narrow: the shapes that objects have.
        is_typed: whether the values are of the types that the shapes say, and no text holds what it must not.

    """

    def __init__(self, functions: Mapping[str, str], shapes: Shapes, narrow: Shapes, *, is_typed: bool) -> None:
        self._functions, self._shapes, self._narrow, self._is_typed = functions, shapes, narrow, is_typed
        self._unheard = unheard_of(shapes, narrow)
        self._made: dict[str, _Made] = {}

    def compile(self, name: str, source: str) -> CodeType:
        """Compile a function; ``source`` is that of it."""
        with _ALONE:
            return self._make(name, source).code

    def _make(self, name: str, source: str) -> _Made:
        if name not in self._made:
            try:
                self._made[name] = self._trimmed(name, source)
            except (SystemError, RecursionError):
                self._made[name] = _Made(compile(source, f"<{name}>", "exec"))
        return self._made[name]

    def _trimmed(self, name: str, source: str) -> _Made:
        shape = name.removeprefix(_PREFIX)
        below = {f"{_PREFIX}{inner}" for inner in _below(self._narrow[shape])}
        made = {inner: self._make(inner, self._functions[inner]) for inner in sorted(below)}
        facts = facts_of(self._shapes[shape], self._narrow[shape], self._unheard, is_typed=self._is_typed)
        module = trim(
            source,
            facts._replace(
                anywhere=frozenset(inner for inner, each in made.items() if not each.asks_place),
                idle=frozenset(inner for inner, each in made.items() if each.is_idle),
            ),
        )
        asks = any(isinstance(node, ast.Name) and node.id == "place" for node in ast.walk(module))
        is_idle = isinstance(module.body[0], ast.FunctionDef) and isinstance(module.body[0].body[0], ast.Pass)
        return _Made(compile(module, f"<{name}>", "exec"), asks, is_idle)


def compile_for_keys(name: str, source: str, keys: frozenset[object]) -> CodeType:
    """Compile a function that reads an object with these very keys; ``full_NAME`` reads one with others.

    ``keys_NAME`` stands for the keys.
    """
    guard = f"if raw.keys() != keys_{name}:\n    return full_{name}(raw, place, run)"
    with _ALONE:
        try:
            module = trim(source, Facts({}, keys=keys))
            function = module.body[0]
            assert isinstance(function, ast.FunctionDef)  # noqa: S101 - that is what is written
            function.body.insert(0, ast.parse(guard).body[0])
            return compile(module, f"<{name}>", "exec")
        except (SystemError, RecursionError):
            return compile(source, f"<{name}>", "exec")


def _below(shape: Shape) -> Iterator[str]:
    """Name the shapes of which an object holds some, where no key tells them apart."""
    for member in shape.members:
        match _inside(member.kind):
            case Nested(names=(name,)):
                yield name


def _inside(kind: Kind) -> Kind:
    return kind.item if isinstance(kind, Items) else kind
