"""Makes the readers of a program's objects, each once."""

from __future__ import annotations

from premigrate.engine import program, reading
from premigrate.engine.format_checks import make_format_checks
from premigrate.engine.leaves import make_leaf, texts_kind
from premigrate.engine.operators.operator import Parts
from premigrate.engine.paths import PathMaker
from premigrate.engine.rules import Rule, RuleIndex, make_groups


class Builder:
    """Makes readers from a program."""

    def __init__(self, source: program.Program, *, load: bool) -> None:
        self._source = source
        checks = make_format_checks(source.schemes, load=load)
        are_certain = {scheme: check.is_certain for scheme, check in checks.items()}
        self._parts = Parts(PathMaker(), {scheme: check.check for scheme, check in checks.items()}, are_certain)
        self._rules: dict[int, Rule] = {}
        self._made: dict[str, reading.ValueReader] = {}
        self._told = frozenset(key for rule in source.rules for key in rule.inner_keys)

    def root(self) -> reading.Object:
        """Make the reader of an account."""
        node = self._source.objects[self._source.root]
        assert isinstance(node, program.Object)  # noqa: S101 - the compiler makes no other root
        return self._object(node)

    def _named(self, name: str) -> reading.ValueReader:
        if name not in self._made:
            node = self._source.objects[name]
            self._made[name] = self._object(node) if isinstance(node, program.Object) else self._select(node)
        return self._made[name]

    def _object(self, node: program.Object) -> reading.Object:
        index = RuleIndex([self._rule(number) for number in node.rules], self._parts)
        fields = [self._field(number, field) for number, field in enumerate(node.fields)]
        for field in fields:
            field.asks = dict.fromkeys(index.by_key.pop(field.name, ()))
        texts = self._source.texts["root" if node.is_root else "nested"]
        always = (
            [*index.always, *(group for groups in index.by_key.values() for group in groups)]
            if node.is_open
            else index.always
        )
        return reading.Object(texts, fields, always, is_open=node.is_open)

    def _select(self, node: program.Select) -> reading.Select:
        variants = {value: self._object(variant) for value, variant in node.variants.items()}
        return reading.Select(self._source.texts["nested"], self._field(0, node.key), variants)

    def _field(self, number: int, spec: program.Field) -> reading.Field:
        texts = self._source.texts
        leaf = make_leaf(spec.value, texts) if spec.value else None
        item = self._named(spec.object) if spec.object else None
        if spec.is_list:
            nested: reading.ValueReader | None = reading.List(texts["list"], leaf, item, spec.min_items)
            leaf = None
        else:
            nested = item
        groups = make_groups([self._rule(each) for each in spec.rules], self._parts)
        if leaf is not None or spec.is_list:
            for group in groups:
                group.keys = group.enough = ()  # the value has none
        return reading.Field(
            spec.name,
            number,
            texts=nested.texts if nested else texts[texts_kind(spec.value.type if spec.value else "")],
            leaf=leaf,
            nested=nested,
            is_required=spec.required,
            is_nullable=spec.nullable,
            advice=spec.advice,
            rules=groups,
            is_told=spec.name in self._told,
        )

    def _rule(self, number: int) -> Rule:
        if number not in self._rules:
            self._rules[number] = Rule(self._source.rules[number], self._parts)
        return self._rules[number]
