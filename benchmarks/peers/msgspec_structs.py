"""Builds the peer msgspec: a struct for each object of the ruleset."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

import msgspec

from benchmarks.peers.patterns import DATETIME, EMAIL
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset


def build(market: str) -> Callable[[Any], bool]:
    """Return a check of an account's structure with msgspec."""
    ruleset = load_ruleset(market)
    kind, convert = _Builder(ruleset).object(ruleset.root), msgspec.convert

    def accepts(account: Any) -> bool:
        try:
            convert(account, kind)
        except msgspec.ValidationError:
            return False
        return True

    return accepts


class _Builder:
    """Builds the struct of each object once."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._built: dict[str, Any] = {}

    def object(self, name: str) -> Any:
        if name not in self._built:
            spec = self._ruleset.objects[name]
            self._built[name] = self._selected(name) if spec.select else self._struct(name, spec.fields)
        return self._built[name]

    def _struct(self, name: str, fields: dict[str, FieldSpec], **tag: Any) -> Any:
        typed = [(key, *self._field(field)) for key, field in fields.items()]
        return msgspec.defstruct(name, typed, kw_only=True, **tag)

    def _selected(self, name: str) -> Any:
        spec = self._ruleset.objects[name]
        variants = [
            self._struct(
                f"{name}_{value}",
                {**spec.fields, **self._ruleset.objects[variant].fields},
                tag_field=str(spec.select),
                tag=value,
            )
            for value, variant in spec.variants.items()
        ]
        return reduce(or_, variants)

    def _field(self, field: FieldSpec) -> tuple[Any, Any]:
        kind = self._type(field.list or field.object or field.type or "", field)
        if field.list:
            kind = Annotated[list[kind], msgspec.Meta(min_length=field.min_items)]  # type: ignore[valid-type]
        kind = kind | None if field.nullable else kind
        return (kind, msgspec.NODEFAULT) if field.required else (kind | msgspec.UnsetType, msgspec.UNSET)

    def _type(self, kind: str, field: FieldSpec) -> Any:
        return _LEAVES[kind](field) if kind in SCALAR_TYPES else self.object(kind)


def _text(field: FieldSpec) -> Any:
    return Annotated[str, msgspec.Meta(min_length=None if field.accepts_blank else 1, max_length=field.max_length)]


def _email(field: FieldSpec) -> Any:
    pattern = f"^$|{EMAIL}" if field.accepts_blank else EMAIL
    return Annotated[str, msgspec.Meta(pattern=pattern, max_length=field.max_length)]


def _choice(field: FieldSpec) -> Any:
    blank = ("",) if field.blank else ()
    return _text(field) if field.open else Literal[(*(field.choices or ()), *blank)]


def _whole(bound: int | str | None) -> int | None:
    return None if bound is None else int(bound)


_LEAVES: dict[str, Callable[[FieldSpec], Any]] = {
    "string": _text,
    "email": _email,
    "date": lambda _: date,
    "datetime": lambda _: Annotated[str, msgspec.Meta(pattern=DATETIME)],
    "decimal": lambda _: Decimal,
    "integer": lambda field: Annotated[int, msgspec.Meta(ge=_whole(field.min), le=_whole(field.max))],
    "boolean": lambda _: bool,
    "json": lambda _: Any,
    "object": lambda _: dict[str, Any],
    "choice": _choice,
}
