"""Writes, for an object, what a parser in C can check of it, and the function that looks at what is left.

The function is for payloads that are usual in every way: where something is not, or a rule has to be asked, it gives
up, and the payload is read anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiling.usual.leaves import look_at_leaf, shape_of_leaf
from premigrate.compiling.usual.memory import Memory
from premigrate.compiling.usual.words import GIVE_UP, STRUCTS, NoShortcutError, local_of
from premigrate.plan import FieldNode, LeafNode, ListNode, Node, ObjectNode, SelectNode
from premigrate.plan.shapes import Items, Kind, Member, Nested, Shape, Text, may_be_null

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from premigrate.compiling.usual.rules import Rules
    from premigrate.compiling.usual.words import Constants
    from premigrate.rulebook import Field


class StructFunction:
    """One function ``look_``: ``it`` is what the parser made, ``place`` where it stands, ``run`` takes advice.

    Args:
        node: the object.
        specs: the tables of its fields.
        rules: writes the rules.
        shapes: the names of the shapes that stand at a nested node.
        constants: collects what the function mentions.
        tag: the key and the value by which the object is told from others.

    """

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        node: ObjectNode,
        specs: Mapping[str, Field],
        rules: Rules,
        shapes: Callable[[Node], tuple[str, ...]],
        constants: Constants,
        tag: tuple[str, str] | None = None,
    ) -> None:
        self._node, self._specs, self._rules, self._shapes, self._constants = node, specs, rules, shapes, constants
        self._tag = tag

    def shape(self) -> Shape:
        """Describe what the parser checks."""
        fields = [field for field in self._node.fields if not self._tag or field.name != self._tag[0]]
        return Shape(tuple(map(self._member, fields)), self._node.open, self._tag)

    def _member(self, field: FieldNode) -> Member:
        return Member(field.name, self._kind(field), field.required, field.nullable and not field.advice)

    def _kind(self, field: FieldNode) -> Kind:
        spec = self._specs[field.name]
        match field.node:
            case LeafNode():
                return shape_of_leaf(field.node, spec.type or "", spec)
            case ListNode(item=LeafNode() as item):
                return Items(shape_of_leaf(item, spec.list or "", spec), field.node.min_items)
            case ListNode(item=item, min_items=least):
                return Items(Nested(self._shapes(item)), least)
            case nested:
                return Nested(self._shapes(nested))

    def lines(self) -> list[str]:
        """Write the body."""
        memory = Memory()
        view = self._rules.view("it", self._value, (self._specs,), memory, STRUCTS)
        view.top = view if self._node.name == self._rules.root else None
        given = {} if self._node.open else {field.name: local_of(field.name) for field in self._node.fields}
        rules = memory.settle(self._rules.lines(self._node.rules, view, given)) if self._node.rules else []
        fields = [line for field in self._node.fields for line in self._field(field, "\n".join(rules))]
        today = ["today = run.today"] if any("today" in line for line in (*fields, *rules)) else []
        return [*today, *self._emptiness(), *fields, *rules] or ["pass"]

    def _emptiness(self) -> list[str]:
        """Write the test of whether there is anything in an object that may be empty; such a one says nothing."""
        if self._tag or any(field.required for field in self._node.fields):
            return []
        return ["if it == empties[type(it)]:", f"    {GIVE_UP}"]

    def _value(self, key: str) -> str:
        if all(field.name != key for field in self._node.fields):
            raise NoShortcutError
        return local_of(key)

    def _field(self, field: FieldNode, rules: str) -> list[str]:
        local = local_of(field.name)
        told = [f"run.tell_of({self._constants.name('field', field)}, place)"] if field.advice else []
        looking = [*told, *self._filled(field, local)]
        nulls = self._nulls(field, local)
        if not looking and not nulls and local not in rules:
            return []
        body = [f"if {local} is not None:", *("    " + line for line in looking)] if looking else []
        return [f"{local} = it.{field.name}", *nulls, *body]

    def _filled(self, field: FieldNode, local: str) -> list[str]:
        """Write what looks at a value that is there; about a blank text the reader is asked, and no rule."""
        looking = [*self._looking(field, local), *self._field_rules(field, local)]
        match self._kind(field):
            case Text(blank=True):
                asked = f"run.value({self._constants.name('field', field)}, {local}, place)"
                return [
                    f"if {local}:",
                    *("    " + line for line in looking or ["pass"]),
                    "else:",
                    f"    it.{field.name} = {local} = {asked}",
                ]
        return looking

    def _nulls(self, field: FieldNode, local: str) -> list[str]:
        """Write what tells null from what is not there, where the parser takes null."""
        member = self._member(field)
        if not may_be_null(member):
            return []
        absent = [] if field.required else [f"if {local} is UNSET:", f"    it.{field.name} = {local} = None"]
        if member.nullable:
            return absent
        return [*absent, f"{'if' if field.required else 'elif'} {local} is None:", f"    {GIVE_UP}"]

    def _looking(self, field: FieldNode, local: str) -> list[str]:
        spec, inside = self._specs[field.name], f"(place, {field.name!r}"
        match field.node:
            case LeafNode():
                return look_at_leaf(field.node, spec.type or "", spec, local, f"it.{field.name}")
            case ListNode(item=LeafNode() as item):
                check = look_at_leaf(item, spec.list or "", spec, "each", "")
                return [f"for each in {local}:", *("    " + line for line in check)] if check else []
            case ListNode(item=item):
                return [
                    f"for index, each in enumerate({local}):",
                    f"    {self._call(item, 'each', f'{inside}, index)')}",
                ]
            case nested:
                return [self._call(nested, local, f"{inside})")]

    def _call(self, node: Node, value: str, place: str) -> str:
        names = self._shapes(node)
        called = f"look_{names[0]}" if len(names) == 1 else f"looks[type({value})]"
        return f"{called}({value}, {place}, run)"

    def _field_rules(self, field: FieldNode, local: str) -> list[str]:
        if not field.rules:
            return []
        memory = Memory()
        inside = self._rules.kinds.inside((self._specs,), field.name)
        view = self._rules.view(local, lambda key: f"part({local}, {key!r})", inside, memory, STRUCTS)
        return memory.settle(self._rules.lines(field.rules, view, {}))


def shapes_of(node: Node, names: Mapping[int, str]) -> tuple[str, ...]:
    """Name the shapes that may stand at a node."""
    variants = node.variants.values() if isinstance(node, SelectNode) else (node,)
    return tuple(names[id(variant)] for variant in variants)
