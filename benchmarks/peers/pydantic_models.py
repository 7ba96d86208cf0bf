"""Builds the peer pydantic: a model for each object of the ruleset, created by `pydantic.create_model`."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

import pydantic

from benchmarks.peers.patterns import EMAIL
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset


def build_model(market: str) -> type[pydantic.BaseModel]:
    """Return the model of a market's account."""
    ruleset = load_ruleset(market)
    model: type[pydantic.BaseModel] = _Builder(ruleset).object(ruleset.root)
    return model


def build(market: str) -> Callable[[Any], bool]:
    """Return a check of an account's structure with pydantic."""
    validate = build_model(market).model_validate

    def accepts(account: Any) -> bool:
        try:
            validate(account)
        except pydantic.ValidationError:
            return False
        return True

    return accepts


class _Builder:
    """Builds the model of each object once."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._built: dict[str, Any] = {}

    def object(self, name: str) -> Any:
        if name not in self._built:
            spec = self._ruleset.objects[name]
            self._built[name] = self._selected(name) if spec.select else self._model(name, spec.fields, {})
        return self._built[name]

    def _model(self, name: str, fields: dict[str, FieldSpec], more: dict[str, Any]) -> Any:
        return pydantic.create_model(name, **{**more, **{key: self._field(field) for key, field in fields.items()}})

    def _selected(self, name: str) -> Any:
        spec = self._ruleset.objects[name]
        key = str(spec.select)
        variants = [
            self._model(f"{name}_{value}", {**spec.fields, **self._ruleset.objects[variant].fields}, {key: _is(value)})
            for value, variant in spec.variants.items()
        ]
        return Annotated[reduce(or_, variants), pydantic.Field(discriminator=key)]

    def _field(self, field: FieldSpec) -> tuple[Any, Any]:
        kind = self._type(field.list or field.object or field.type or "", field)
        if field.list:
            kind = Annotated[list[kind], pydantic.Field(min_length=field.min_items)]  # type: ignore[valid-type]
        return (kind | None if field.nullable else kind), (... if field.required else None)

    def _type(self, kind: str, field: FieldSpec) -> Any:
        return _LEAVES[kind](field) if kind in SCALAR_TYPES else self.object(kind)


def _is(value: str) -> tuple[Any, Any]:
    return (Literal[value], ...)


def _text(field: FieldSpec) -> Any:
    least = None if field.accepts_blank else 1
    return Annotated[str, pydantic.StringConstraints(min_length=least, max_length=field.max_length)]


def _email(field: FieldSpec) -> Any:
    pattern = f"^$|{EMAIL}" if field.accepts_blank else EMAIL
    return Annotated[str, pydantic.StringConstraints(pattern=pattern, max_length=field.max_length)]


def _choice(field: FieldSpec) -> Any:
    blank = ("",) if field.blank else ()
    return _text(field) if field.open else Literal[(*(field.choices or ()), *blank)]


_LEAVES: dict[str, Callable[[FieldSpec], Any]] = {
    "string": _text,
    "email": _email,
    "date": lambda _: date,
    "datetime": lambda _: datetime,
    "decimal": lambda field: Annotated[
        Decimal, pydantic.Field(max_digits=field.max_digits, decimal_places=field.decimal_places)
    ],
    "integer": lambda field: Annotated[int, pydantic.Field(ge=field.min, le=field.max)],
    "boolean": lambda _: bool,
    "json": lambda _: Any,
    "object": lambda _: dict[str, Any],
    "choice": _choice,
}
