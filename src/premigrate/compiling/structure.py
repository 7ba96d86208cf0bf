"""Compiles the objects of a rulebook into nodes: what each place must be."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from premigrate.compiling.lists import Table
from premigrate.compiling.usual import Writer
from premigrate.errors import advice_id
from premigrate.formats import Reader, Spotter, ValueCheck, choices, dates, email, json_value, numbers, oddities, text
from premigrate.plan import Check, FieldNode, LeafNode, ListNode, Node, ObjectNode, SelectNode, Told
from premigrate.plan.nodes import Texts
from premigrate.rulebook import Field, ObjectSpec, Rulebook
from premigrate.rulebook.fields import SCALARS

ChecksAt: TypeAlias = Mapping[str, tuple[Check, ...]]
"""The checks of an object (by its name) or of a field (by ``object.field``)."""


class Structure:
    """Builds the nodes of one market; every object is built once and shared.

    Once it is built, it is given to the ``writer``, if there is one.
    """

    def __init__(
        self, book: Rulebook, checks: ChecksAt, tables: Mapping[str, Table], writer: Writer | None = None
    ) -> None:
        self._book, self._checks, self._tables, self._writer = book, checks, tables, writer
        self._built: dict[str, ObjectNode | SelectNode] = {}
        self._texts: dict[str, Texts] = {}

    def object(self, name: str) -> ObjectNode | SelectNode:
        """Build the object called ``name``, and all it is made of."""
        if name not in self._built:
            spec = self._book.objects[name]
            self._built[name] = (
                self._select(name, spec, spec.select) if spec.select else self._plain(name, spec, (name,), spec.fields)
            )
        return self._built[name]

    def root(self) -> ObjectNode:
        """Build the object that a payload is."""
        name = self._book.root
        spec = self._book.objects[name]
        return self._plain(name, spec, (name,), spec.fields)

    def leaf(self, spec: Field) -> LeafNode:
        """Build the node of a single value."""
        return self._leaf(spec.type or "", spec)

    def texts(self, kind: str) -> Texts:
        """Collect the detail templates that hold for one kind of field."""
        if kind not in self._texts:
            codes = self._book.codes.items()
            found = {code: spec.detail or spec.details.get(kind) for code, spec in codes}
            self._texts[kind] = {code: detail for code, detail in found.items() if detail}
        return self._texts[kind]

    def _plain(
        self,
        name: str,
        spec: ObjectSpec,
        owners: tuple[str, ...],
        fields: Mapping[str, Field],
        tag: tuple[str, str] | None = None,
    ) -> ObjectNode:
        nodes = tuple(self._field(field, field_spec, owners) for field, field_spec in fields.items())
        kind = "root" if name == self._book.root else "nested"
        rules = tuple(check for owner in owners for check in self._checks.get(owner, ()))
        node = ObjectNode(name, nodes, self.texts(kind), rules, spec.open, frozenset(fields))
        if self._writer:
            self._writer.object(node, fields, tag)
        return node

    def _select(self, name: str, spec: ObjectSpec, key: str) -> SelectNode:
        key_field = Field(type="choice", required=True, choices=tuple(spec.variants))
        variants = {}
        for value, variant in spec.variants.items():
            own = self._book.objects[variant]
            fields = {key: key_field, **spec.fields, **own.fields}
            variants[value] = self._plain(variant, own, (name, variant), fields, (key, value))
        node = SelectNode(self._field(key, key_field, ()), variants, self.texts("nested"))
        if self._writer:
            self._writer.select(name, node)
        return node

    def _field(self, name: str, spec: Field, owners: tuple[str, ...]) -> FieldNode:
        rules = tuple(check for owner in owners for check in self._checks.get(f"{owner}.{name}", ()))
        required, nullable, personal = bool(spec.required), bool(spec.nullable), bool(spec.personal)
        return FieldNode(name, self._node(spec), required, nullable, self._advice(spec), rules, personal)

    def _advice(self, spec: Field) -> Told | None:
        """Put together the advice on a deprecated field, unless it is switched off."""
        instead = spec.deprecated if isinstance(spec.deprecated, str) else ""
        code = "deprecated_field_replaced" if instead else "deprecated_field"
        if not spec.deprecated or advice_id(code) in self._book.off:
            return None
        return Told(self._book.advice[code].detail.replace("{instead}", instead), code, advice_id(code))

    def _node(self, spec: Field) -> Node:
        if spec.object:
            return self.object(spec.object)
        if spec.list:
            item = self._leaf(spec.list, spec) if spec.list in SCALARS else self.object(spec.list)
            return ListNode(item, self.texts("list"), spec.min_items or 0)
        return self.leaf(spec)

    def _leaf(self, kind: str, spec: Field) -> LeafNode:
        spotter = _spotter(kind, spec)
        table = self._tables.get(spec.listed) if spec.listed else None
        if table:
            known = tuple(value for (value,) in table.pick((), 1))
            spec = spec.model_copy(update={"open": None, "choices": known, "blank": spec.takes_blank})
        reader, texts = _READERS[kind](spec, spec.takes_blank), self.texts("mapping" if kind == "object" else kind)
        choices = () if spec.open else spec.choices or ()
        return LeafNode(reader, texts, _checks_of(kind, spec), spotter, choices)


_READERS: Mapping[str, Callable[[Field, bool], Reader]] = {
    "string": lambda _, blank: text.reader(blank=blank),
    "email": lambda _, blank: text.reader(blank=blank),
    "date": lambda *_: dates.read_date,
    "datetime": lambda *_: dates.read_datetime,
    "decimal": lambda spec, _: numbers.decimal_reader(
        max_digits=spec.max_digits, decimal_places=spec.decimal_places, nullable=bool(spec.nullable)
    ),
    "integer": lambda *_: numbers.read_integer,
    "boolean": lambda spec, _: numbers.boolean_reader(nullable=bool(spec.nullable)),
    "choice": lambda spec, blank: (
        choices.open_reader(blank=blank) if spec.open else choices.reader(spec.choices or (), blank=spec.blank is True)
    ),
    "json": lambda *_: json_value.read_json,
    "object": lambda *_: json_value.read_mapping,
}


def _checks_of(kind: str, spec: Field) -> tuple[ValueCheck, ...]:
    """List the framework's validators, in its order."""
    checks: list[ValueCheck] = []
    if kind in {"string", "email"}:
        if spec.max_length is not None:
            checks.append(text.at_most(spec.max_length))
        checks += [text.without_nulls, text.without_surrogates]
    if kind == "email":
        checks.append(email.check)
    if spec.max is not None:
        checks.append(numbers.at_most(spec.max))
    if spec.min is not None:
        checks.append(numbers.at_least(spec.min))
    return tuple(checks)


def _spotter(kind: str, spec: Field) -> Spotter | None:
    """Choose what looks for the unintended; a blank is that, unless somebody declared that it passes."""
    if kind in {"string", "email", "choice"}:
        return oddities.in_text(blank=spec.blank is not True)
    return {"integer": oddities.in_number, "json": oddities.in_number, "decimal": oddities.in_decimal}.get(kind)
