"""Compiles the objects of a ruleset: their fields, and the type and limits of each value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from premigrate.engine import program
from premigrate.engine.leaves import detail_kind
from premigrate.results import advice_id
from premigrate.ruleset.kinds import select_field
from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec

if TYPE_CHECKING:
    from premigrate.compiler.reference_tables import ReferenceTable
    from premigrate.compiler.rules import CompiledRules
    from premigrate.ruleset.model.fields import ObjectSpec
    from premigrate.ruleset.model.ruleset import Ruleset

_KINDS = ("root", "nested", "list")
"""The kinds of detail texts besides the types of single values."""

_VARIANTS = (("invalid", "pattern"), ("min_value", "above"), ("max_value", "below"))
"""The codes with a second detail text for some fields, and the kind of that text."""


class StructureCompiler:
    """Compiles the objects of an account, each once; ``objects`` holds them by name."""

    def __init__(
        self, ruleset: Ruleset, tables: Mapping[str, ReferenceTable], rules: CompiledRules | None = None
    ) -> None:
        self._ruleset, self._tables, self._rules = ruleset, tables, rules
        self.objects: dict[str, program.Object | program.Select] = {}

    def compile(self) -> None:
        """Compile the root object and all objects that it contains."""
        self._compile_object(self._ruleset.root)

    def detail_texts(self) -> dict[str, program.Texts]:
        """Return the detail texts for each kind of field, by code."""
        kinds = (*_KINDS, *map(detail_kind, SCALAR_TYPES))
        found: dict[str, program.Texts] = {}
        for kind in kinds:
            details = {code: spec.detail or spec.details.get(kind) for code, spec in self._ruleset.codes.items()}
            texts = {code: detail for code, detail in details.items() if detail}
            for code, variant in _VARIANTS:
                if code in texts:
                    texts[f"{code}:{variant}"] = self._ruleset.codes[code].details.get(variant, texts[code])
            found[kind] = texts
        return found

    def compile_value(self, kind: str, spec: FieldSpec) -> program.ValueSpec:
        """Compile the type and limits of a single value."""
        table = self._tables.get(spec.listed) if spec.listed else None
        choices, blank = spec.choices, spec.accepts_blank
        if table:
            choices = tuple(value for (value,) in table.select((), 1))
        elif spec.open:
            choices = None
        elif kind == "choice":
            choices, blank = spec.choices or (), spec.blank is True
        return program.ValueSpec(
            type=kind,
            blank=blank,
            expects_blank=spec.blank is True,
            nullable=spec.accepts_null_value,
            min_length=spec.min_length or 0,
            max_length=spec.max_length,
            patterns=spec.patterns or (),
            choices=choices,
            max_digits=spec.max_digits,
            decimal_places=spec.decimal_places,
            min=_exact(spec.min),
            above=_exact(spec.above),
            max=_exact(spec.max),
            below=_exact(spec.below),
        )

    def _compile_object(self, name: str) -> None:
        if name in self.objects:
            return
        spec = self._ruleset.objects[name]
        if spec.select:
            self.objects[name] = self._compile_select(name, spec, spec.select, (name,), {})
        else:
            self.objects[name] = self._compile_fields(name, spec, (name,), spec.fields)

    def _compile_fields(
        self, name: str, spec: ObjectSpec, owners: tuple[str, ...], fields: Mapping[str, FieldSpec]
    ) -> program.Object:
        return program.Object(
            name=name,
            fields=tuple(self._field(key, field, owners) for key, field in fields.items()),
            rules=self._rules.positions_for(*owners) if self._rules else (),
            unchecked=self._rules.unchecked_for(*owners) if self._rules else (),
            is_open=spec.open,
            is_root=self._ruleset.root in owners,
        )

    def _compile_select(
        self, name: str, spec: ObjectSpec, key: str, owners: tuple[str, ...], shared: Mapping[str, FieldSpec]
    ) -> program.Select:
        """Compile an object with variants; ``owners`` are the objects around it and itself, ``shared`` their fields."""
        key_field = select_field(spec)
        fields = {**shared, key: key_field, **spec.fields}
        variants = {value: self._compile_variant(variant, owners, fields) for value, variant in spec.variants.items()}
        without = None
        if spec.select_default is not None:
            without = variants[spec.select_default]
        elif not spec.select_required:
            without = self._compile_fields(name, spec.model_copy(update={"open": True}), owners, fields)
        is_root = self._ruleset.root in owners
        return program.Select(name, self._field(key, key_field, ()), variants, without, is_root)

    def _compile_variant(
        self, name: str, owners: tuple[str, ...], shared: Mapping[str, FieldSpec]
    ) -> program.Object | program.Select:
        spec, names = self._ruleset.objects[name], (*owners, name)
        if spec.select:
            return self._compile_select(name, spec, spec.select, names, shared)
        return self._compile_fields(name, spec, names, {**shared, **spec.fields})

    def _field(self, name: str, spec: FieldSpec, owners: tuple[str, ...]) -> program.Field:
        kind = spec.type or (spec.list if spec.list in SCALAR_TYPES else None)
        inner = spec.object or (spec.list if spec.list not in SCALAR_TYPES else None)
        if inner:
            self._compile_object(inner)
        return program.Field(
            name=name,
            value=self.compile_value(kind, spec) if kind else None,
            object=inner or "",
            is_list=spec.list is not None,
            min_items=spec.min_items or 0,
            max_items=spec.max_items,
            nullable_items=bool(spec.nullable_items),
            required=bool(spec.required),
            nullable=bool(spec.nullable),
            personal=bool(spec.personal),
            advice=self._advice(spec),
            rules=self._rules.positions_for(*(f"{owner}.{name}" for owner in owners)) if self._rules else (),
            fixes=tuple(fix.id for fix in self._ruleset.fixes if any(f"{owner}.{name}" in fix.on for owner in owners)),
        )

    def _advice(self, spec: FieldSpec) -> program.FieldAdvice | None:
        """Compile the advice on a deprecated field; None if there is none, or if it is disabled."""
        instead = spec.deprecated if isinstance(spec.deprecated, str) else ""
        code = "deprecated_field_replaced" if instead else "deprecated_field"
        if not spec.deprecated or advice_id(code) in self._ruleset.off_reasons:
            return None
        return program.FieldAdvice(
            self._ruleset.advice[code].detail.replace("{instead}", instead), code, advice_id(code)
        )


def _exact(bound: int | str | None) -> Decimal | None:
    return None if bound is None else Decimal(bound)
