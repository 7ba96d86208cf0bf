"""Builds real serializers of Django REST Framework from a ruleset, field for field.

Lists are list fields of objects, as the rules take them, so a list's own errors sit at the list. An optional text lets
a blank pass where the rules do so with advice. An open choice takes any text; an object with variants is read by the
variant that its key names.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from drf_standardized_errors.formatter import flatten_errors
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset


class OpenChoiceField(serializers.ChoiceField):
    """A choice whose list only the tenant knows."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, str | int | float) or (data == "" and not self.allow_blank):
            self.fail("invalid_choice", input=data)
        return str(data)


def answer(serializer: type[serializers.Serializer], payload: Any) -> list[tuple[str, str, str]]:
    """Detail, code and attr of everything the framework says of a payload."""
    bound = serializer(data=payload)
    bound.is_valid()
    told = flatten_errors(bound.errors) if bound.errors else []
    return [(str(error.detail), error.code, error.attr or "") for error in told]


class Demand(NamedTuple):
    """What an object as a whole is asked for: one of some fields; and what is said if none is filled."""

    fields: tuple[str, ...]
    detail: str
    code: str

    def validate(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        if all(values.get(key) in (None, "", [], {}) for key in self.fields):
            raise ValidationError(self.detail, code=self.code)
        return values


class Builder:
    """Builds the serializers of one market; ``demands`` are made of objects as a whole, by name."""

    def __init__(self, book: Ruleset, demands: Mapping[str, Demand] | None = None) -> None:
        self._book, self._demands = book, demands or {}
        self._built: dict[str, type[serializers.Serializer]] = {}

    def root(self) -> type[serializers.Serializer]:
        return self._object(self._book.root)

    def _object(self, name: str) -> type[serializers.Serializer]:
        if name not in self._built:
            spec = self._book.objects[name]
            self._built[name] = self._selected(name) if spec.select else self._plain(name, spec.fields, {})
        return self._built[name]

    def _plain(
        self, name: str, fields: Mapping[str, FieldSpec], more: Mapping[str, Any]
    ) -> type[serializers.Serializer]:
        declared = {key: self._field(field) for key, field in fields.items()}
        demand = self._demands.get(name)
        whole = {"validate": lambda _, values: demand.validate(values)} if demand else {}
        return type(name, (serializers.Serializer,), {**more, **declared, **whole})

    def _selected(self, name: str) -> type[serializers.Serializer]:
        spec = self._book.objects[name]
        key, values = str(spec.select), list(spec.variants)
        variants = {
            value: self._plain(
                variant,
                {**spec.fields, **self._book.objects[variant].fields},
                {key: serializers.ChoiceField(choices=values)},
            )
            for value, variant in spec.variants.items()
        }

        class Selected(serializers.Serializer):
            def run_validation(self, data: Any = serializers.empty) -> Any:
                is_empty, data = self.validate_empty_values(data)
                if is_empty:
                    return data
                if not isinstance(data, dict):
                    message = self.error_messages["invalid"].format(datatype=type(data).__name__)
                    raise ValidationError({"non_field_errors": [message]}, code="invalid")
                try:
                    value = serializers.ChoiceField(choices=values).run_validation(data.get(key, serializers.empty))
                except ValidationError as error:
                    raise ValidationError({key: error.detail}) from None
                return variants[value]().run_validation(data)

        return Selected

    def _field(self, field: FieldSpec) -> serializers.Field:
        given = {"required": bool(field.required), "allow_null": bool(field.nullable)}
        if field.object:
            return self._object(field.object)(**given)
        if field.list:
            child = _LEAVES[field.list](field, {}) if field.list in SCALAR_TYPES else self._object(field.list)()
            return serializers.ListField(child=child, min_length=field.min_items, **given)
        return _LEAVES[field.type or ""](field, given)


def _blank(field: FieldSpec) -> bool:
    return bool(field.blank) or (field.blank is None and not field.required and not field.list)


_LEAVES: dict[str, Callable[[FieldSpec, dict[str, Any]], serializers.Field]] = {
    "string": lambda field, given: serializers.CharField(
        allow_blank=_blank(field), max_length=field.max_length, **given
    ),
    "email": lambda field, given: serializers.EmailField(
        allow_blank=_blank(field), max_length=field.max_length, **given
    ),
    "date": lambda _, given: serializers.DateField(**given),
    "datetime": lambda _, given: serializers.DateTimeField(**given),
    "decimal": lambda field, given: serializers.DecimalField(
        max_digits=field.max_digits, decimal_places=field.decimal_places, **given
    ),
    "integer": lambda field, given: serializers.IntegerField(min_value=field.min, max_value=field.max, **given),
    "boolean": lambda _, given: serializers.BooleanField(**given),
    "json": lambda _, given: serializers.JSONField(**given),
    "object": lambda _, given: serializers.DictField(**given),
    "choice": lambda field, given: (
        OpenChoiceField(choices=[], allow_blank=_blank(field), **given)
        if field.open
        else serializers.ChoiceField(choices=list(field.choices or ()), allow_blank=bool(field.blank), **given)
    ),
}
