"""Builds the readers of a program's objects, each once."""

from __future__ import annotations

from premigrate.engine import program, readers
from premigrate.engine.field_reader import FieldReader, ValueReader
from premigrate.engine.format_checks import make_format_checks
from premigrate.engine.leaves import detail_kind, make_leaf
from premigrate.engine.operators.operator import Dependencies
from premigrate.engine.paths import PathMaker
from premigrate.engine.rules import RuleCheck, RuleIndex, guard_rules
from premigrate.engine.select_reader import SelectReader
from premigrate.engine.unchecked_keys import UncheckedKeys


class Builder:
    """Builds readers from a program.

    Args:
        source: the program.
        preload: whether to load the libraries that format checks need now, instead of on first use.

    """

    def __init__(self, source: program.Program, *, preload: bool) -> None:
        self._source = source
        checks = make_format_checks(source.schemes, load=preload)
        certain_checks = {scheme: check.is_certainly_valid for scheme, check in checks.items()}
        forms = {(each.name, each.territory): each.form for each in source.schemes}
        self._dependencies = Dependencies(
            PathMaker(), {scheme: check.check for scheme, check in checks.items()}, certain_checks, forms
        )
        self._rules: dict[int, RuleCheck] = {}
        self._readers: dict[str, ValueReader] = {}

    def build_root(self) -> ValueReader:
        """Build the reader of an account."""
        return self._build_node(self._source.objects[self._source.root])

    def _build_named(self, name: str) -> ValueReader:
        if name not in self._readers:
            node = self._source.objects[name]
            self._readers[name] = self._build_node(node)
        return self._readers[name]

    def _build_node(self, node: program.Object | program.Select) -> ValueReader:
        return self._build_object(node) if isinstance(node, program.Object) else self._build_select(node)

    def _build_object(self, node: program.Object) -> readers.ObjectReader:
        index = RuleIndex([self._build_rule(each) for each in node.rules], self._dependencies)
        fields = [self._build_field(position, field) for position, field in enumerate(node.fields)]
        for field in fields:
            field.object_rules = dict.fromkeys(index.by_key.pop(field.name, ()))
            field.unchecked = [each.number for each in node.unchecked if each.is_of_field and field.name in each.keys]
        texts = self._source.texts["root" if node.is_root else "nested"]
        always = (
            [*index.always, *(group for groups in index.by_key.values() for group in groups)]
            if node.is_open
            else index.always
        )
        reader = readers.ObjectReader(texts, fields, always, index.by_value, is_open=node.is_open)
        reader.unchecked = UncheckedKeys(node.unchecked) if node.unchecked else None
        return reader

    def _build_select(self, node: program.Select) -> SelectReader:
        variants = {value: self._build_node(variant) for value, variant in node.variants.items()}
        without = self._build_node(node.without) if node.without is not None else None
        key = self._build_field(0, node.key)
        texts = self._source.texts["root" if node.is_root else "nested"]
        return SelectReader(texts, key, variants, without, accepts_null=node.key.nullable)

    def _build_field(self, position: int, spec: program.Field) -> FieldReader:
        texts = self._source.texts
        leaf = make_leaf(spec.value, texts) if spec.value else None
        item = self._build_named(spec.object) if spec.object else None
        if spec.is_list:
            nested: ValueReader | None = readers.ListReader(texts["list"], leaf, item, spec)
            leaf = None
        else:
            nested = item
        groups = guard_rules([self._build_rule(each) for each in spec.rules], self._dependencies)
        return FieldReader(
            spec.name,
            position,
            texts=nested.texts if nested else texts[detail_kind(spec.value.type if spec.value else "")],
            leaf=leaf,
            nested=nested,
            is_required=spec.required,
            is_nullable=spec.nullable,
            advice=spec.advice,
            rules=groups,
        )

    def _build_rule(self, index: int) -> RuleCheck:
        if index not in self._rules:
            self._rules[index] = RuleCheck(self._source.rules[index], self._dependencies)
        return self._rules[index]
