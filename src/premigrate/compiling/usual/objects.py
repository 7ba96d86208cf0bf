"""Writes the functions of one market: every object has one, called ``read_`` and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiling.usual.conditions import Conditions
from premigrate.compiling.usual.functions import ObjectFunction
from premigrate.compiling.usual.operators import Demands
from premigrate.compiling.usual.rules import Rules
from premigrate.compiling.usual.words import Constants
from premigrate.plan import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.compiling.context import Context
    from premigrate.plan import Node, ObjectNode, SelectNode
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

    def written(self) -> Written:
        """Put together all that was written."""
        return Written(self._sources, self._constants.values)

    def object(self, node: ObjectNode, specs: Mapping[str, Field]) -> None:
        """Write the function of an object whose fields have these tables; nested objects have been written."""
        function = ObjectFunction(node, specs, self._rules, self._name, self._constants)
        self._add(node, node.name, function.lines())

    def select(self, name: str, node: SelectNode) -> None:
        """Write the function of an object whose fields depend on a choice; its variants have been written."""
        lines = [f"key = raw.get({node.key.name!r})"]
        for choice, variant in node.variants.items():
            lines += [f"if key == {choice!r}:", f"{_INDENT}return {self._name(variant)}(raw, place, run)"]
        known = self._constants.name("node", node)
        self._add(node, name, [*lines, f"return run.read_here({known}, raw, place)"])

    def _name(self, node: Node) -> str:
        return self._names[id(node)]

    def _add(self, node: Node, name: str, lines: list[str]) -> None:
        called = f"read_{name}"
        while called in self._sources:
            called += "_"
        self._names[id(node)] = called
        body = "\n".join(_INDENT + line for line in lines)
        self._sources[called] = f"def {called}(raw, place, run):\n{body}\n"
