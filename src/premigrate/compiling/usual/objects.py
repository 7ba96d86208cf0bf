"""Writes the functions of one market: of each object one to ``read_`` it, and one to ``look_`` at it if it is usual."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from premigrate.compiling.usual.conditions import Conditions
from premigrate.compiling.usual.functions import ObjectFunction
from premigrate.compiling.usual.operators import Demands
from premigrate.compiling.usual.rules import Rules
from premigrate.compiling.usual.structs import StructFunction, shapes_of
from premigrate.compiling.usual.words import Constants
from premigrate.plan import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.compiling.context import Context
    from premigrate.plan import Node, ObjectNode, SelectNode
    from premigrate.plan.shapes import Shape
    from premigrate.rulebook import Field, Rulebook

_INDENT = "    "


class Writer:
    """Collects what is written of each object while the structure is built."""

    def __init__(self, book: Rulebook, context: Context) -> None:
        self._constants = Constants()
        conditions = Conditions(context, self._constants)
        self._rules = Rules(book, Demands(context, self._constants, conditions), conditions, self._constants)
        self._names: dict[int, str] = {}
        self._sources: dict[str, str] = {}
        self._shapes: dict[str, Shape] = {}

    def written(self) -> Written:
        """Put together all that was written."""
        return Written(self._sources, self._constants.values, self._shapes)

    def object(self, node: ObjectNode, specs: Mapping[str, Field], tag: tuple[str, str] | None = None) -> None:
        """Write the functions of an object whose fields have these tables; nested objects have been written.

        ``tag`` is the key and the value by which it is told from others that may stand in its place.
        """
        name = self._name(node, node.name)
        self._add("read", name, "raw", ObjectFunction(node, specs, self._rules, self._reader, self._constants).lines())
        shapes = partial(shapes_of, names=self._names)
        function = StructFunction(node, specs, self._rules, shapes, self._constants, tag)
        self._shapes[name] = function.shape()
        self._add("look", name, "it", function.lines())

    def select(self, name: str, node: SelectNode) -> None:
        """Write the function of an object whose fields depend on a choice; its variants have been written."""
        lines = [f"key = raw.get({node.key.name!r})"]
        for choice, variant in node.variants.items():
            lines += [f"if key == {choice!r}:", f"{_INDENT}return {self._reader(variant)}(raw, place, run)"]
        known = self._constants.name("node", node)
        self._add("read", self._name(node, name), "raw", [*lines, f"return run.read_here({known}, raw, place)"])

    def _reader(self, node: Node) -> str:
        return f"read_{self._names[id(node)]}"

    def _name(self, node: Node, name: str) -> str:
        while f"read_{name}" in self._sources:
            name += "_"
        self._names[id(node)] = name
        return name

    def _add(self, what: str, name: str, argument: str, lines: list[str]) -> None:
        body = "\n".join(_INDENT + line for line in lines)
        self._sources[f"{what}_{name}"] = f"def {what}_{name}({argument}, place, run):\n{body}\n"
