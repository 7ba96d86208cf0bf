"""Writes the function that reads an object of usual values, and asks only the rules that may have something to say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from premigrate.compiling.usual.leaves import write_leaf
from premigrate.compiling.usual.memory import Memory
from premigrate.compiling.usual.words import local_of
from premigrate.plan import Check, FieldNode, LeafNode, ListNode, Node, ObjectNode, SelectNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from premigrate.compiling.usual.rules import Rules
    from premigrate.compiling.usual.words import Constants
    from premigrate.rulebook import Field

_INDENT = "    "


class ObjectFunction:
    """One function: ``raw`` is a dict, ``place`` where it stands, ``run`` what is asked about all that is unusual.

    Args:
        node: the object.
        specs: the tables of its fields.
        rules: writes the rules.
        names: the names of the functions of nested objects, by node.
        constants: collects what the function mentions.

    """

    def __init__(
        self,
        node: ObjectNode,
        specs: Mapping[str, Field],
        rules: Rules,
        names: Callable[[Node], str],
        constants: Constants,
    ) -> None:
        self._node, self._specs, self._rules, self._names, self._constants = node, specs, rules, names, constants

    def lines(self) -> list[str]:
        """Write the body."""
        fields = [line for field in self._node.fields for line in self._field(field)]
        rules = self._own_rules()
        today = ["today = run.today"] if any("today" in line for line in (*fields, *rules)) else []
        start = ["start = len(run.events)"] if rules else []
        known = self._constants.name("node", self._node)
        rest = ["if len(values) != expected:", f"    run.rest({known}, raw, values, place)"]
        lines = ["values = {}", "expected = len(raw)", *today, *start, *fields, *rest, *rules, "return values"]
        return _without_unused(lines, [field.name for field in self._node.fields])

    def _own_rules(self) -> list[str]:
        """Write the rules of the object as a whole."""
        if not self._node.rules:
            return []
        memory = Memory()
        view = self._rules.view("values", self._value, (self._specs,), memory)
        view.top = view if self._node.name == self._rules.root else None
        given = {} if self._node.open else {field.name: local_of(field.name) for field in self._node.fields}
        lines = memory.settle(self._rules.lines(self._node.rules, view, given))
        return self._asking(self._node.rules, lines, "values, place, start")

    def _value(self, key: str) -> str:
        if any(field.name == key for field in self._node.fields):
            return local_of(key)
        return f"values.get({key!r})" if self._node.open else "None"

    def _asking(self, checks: tuple[Check, ...], lines: list[str], where: str) -> list[str]:
        """Write what asks the checks that may have something to say; all, if what they see is a surprise."""
        if not lines:
            return []
        everyone = self._constants.name("rules", checks)
        surprised = ["except SURPRISES:", f"    asked = {everyone}"]
        ask = ["if asked:", f"    run.ask(asked, {everyone}, {where})"]
        return ["asked = []", "try:", *_indented(lines), *surprised, *ask]

    def _field(self, field: FieldNode) -> list[str]:
        name, known = field.name, self._constants.name("field", field)
        put = f"values[{name!r}] = {local_of(name)} = "
        unusual = f"{put}run.value({known}, v, place)"
        told = [f"run.tell_of({known}, place)"] if field.advice else []
        null = ["elif v is None:", f"    {put}None"] if field.nullable else []
        reading = self._reading(field, put, unusual)
        read = [*told, *([*reading, *null, "else:", f"    {unusual}"] if reading else [unusual])]
        missing = (
            [f"{put}run.miss({known}, place)", "expected += 1"] if field.required else [f"{local_of(name)} = None"]
        )
        return [f"if {name!r} in raw:", f"    v = raw[{name!r}]", *_indented(read), "else:", *_indented(missing)]

    def _reading(self, field: FieldNode, put: str, unusual: str) -> list[str]:
        match field.node:
            case LeafNode():
                return self._reading_leaf(field, field.node, put, unusual)
            case ListNode():
                return self._reading_list(field, field.node, put)
            case _:
                call = f"{put}{self._names(field.node)}(v, (place, {field.name!r}), run)"
                return ["if type(v) is dict:", *_indented(self._begun(field, [call]))]

    def _reading_leaf(self, field: FieldNode, leaf: LeafNode, put: str, unusual: str) -> list[str]:
        spec = self._specs[field.name]
        usual = write_leaf(leaf, spec.type or "", spec, self._constants)
        if usual is None:
            return []
        asking = self._field_rules(field, "len(run.events)")
        read = [f"{put}{usual.value}"]
        if usual.may_fail:
            read = ["try:", *_indented(read), "except ValueError:", f"    {unusual}", *(["else:"] if asking else [])]
            asking = _indented(asking)
        return [f"if {usual.test}:", *_indented([*read, *asking])]

    def _reading_list(self, field: FieldNode, node: ListNode, put: str) -> list[str]:
        test = "type(v) is list" + (f" and len(v) >= {node.min_items}" if node.min_items else "")
        if isinstance(node.item, LeafNode):
            spec = self._specs[field.name]
            usual = write_leaf(node.item, spec.list or "", spec, self._constants, "each")
            if usual is None or usual.may_fail:
                return []
            test += f" and not [1 for each in v if not ({usual.test})]"
            return [f"if {test}:", *_indented(self._begun(field, [f"{put}v[:]"]))]
        inside = f"(place, {field.name!r}, index)"
        reading = [
            f"{put}[]",
            "for index, each in enumerate(v):",
            "    if type(each) is dict:",
            f"        {local_of(field.name)}.append({self._names(node.item)}(each, {inside}, run))",
            "    else:",
            f"        {local_of(field.name)}.append(run.item({self._constants.name('list', node)}, each, {inside}))",
        ]
        return [f"if {test}:", *_indented(self._begun(field, reading))]

    def _begun(self, field: FieldNode, reading: list[str]) -> list[str]:
        """Write the reading of a nested value, with the rules about it."""
        asking = self._field_rules(field, "begun")
        if isinstance(field.node, SelectNode) and asking:
            asking = [f"if {local_of(field.name)} is not WRONG:", *_indented(asking)]
        return ["begun = len(run.events)", *reading, *asking] if asking else reading

    def _field_rules(self, field: FieldNode, start: str) -> list[str]:
        if not field.rules:
            return []
        local, memory = local_of(field.name), Memory()
        inside = self._rules.kinds.inside((self._specs,), field.name)
        view = self._rules.view(local, lambda key: f"part({local}, {key!r})", inside, memory)
        lines = memory.settle(self._rules.lines(field.rules, view, {}))
        return self._asking(field.rules, lines, f"{local}, (place, {field.name!r}), {start}")


def _without_unused(lines: list[str], names: list[str]) -> list[str]:
    """Leave out the variables that nothing but their assignment mentions."""
    text = "\n".join(lines)
    used = set(re.findall(r"\bf_\w+\b(?! = )", text))
    for local in map(local_of, names):
        if local not in used:
            text = re.sub(rf"\n *else:\n *{local} = None(?=\n)", "", text)
            text = text.replace(f"] = {local} = ", "] = ")
    return text.split("\n")


def _indented(lines: Iterable[str]) -> list[str]:
    return [_INDENT + line for line in lines]
