"""Builds serializers of Django REST Framework from a ruleset, field by field.

Lists are list fields of objects, as in the rules, so the errors of a list itself have its attr. Optional texts accept
blank values where the rules do so with advice. An open choice accepts any text; an object with variants is validated
as the variant that its key selects.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.validators import RegexValidator
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset


class OpenChoiceField(serializers.ChoiceField):
    """A choice field whose choices only the tenant knows."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, str | int | float) or (data == "" and not self.allow_blank):
            self.fail("invalid_choice", input=data)
        return str(data)


class PatternEmailField(serializers.EmailField):
    """An e-mail field that also checks a pattern, as RegexField does."""

    def __init__(self, pattern: re.Pattern[str], **options: Any) -> None:
        super().__init__(**options)
        message = serializers.RegexField.default_error_messages["invalid"]
        self.validators.append(RegexValidator(pattern, message=message))


def framework_errors(serializer: type[serializers.Serializer], payload: Any) -> list[tuple[str, str, str]]:
    """Return detail, code and attr of each error that the framework reports for a payload."""
    bound = serializer(data=payload)
    bound.is_valid()
    errors = flatten_errors(bound.errors) if bound.errors else []
    return [(str(error.detail), error.code, error.attr or "") for error in errors]


class Requirement(NamedTuple):
    """A validator of an object, which reports an error as a list, or as a map of fields.

    One of some fields must be filled. If none is, there is an error of the object or, with ``attr``, of that field;
    if ``attr`` is ``<found>``, all must be filled, and there is an error of each that is not.
    """

    fields: tuple[str, ...]
    detail: str
    code: str
    attr: str = ""

    def __call__(self, values: Mapping[str, Any]) -> None:
        missing = [key for key in self.fields if not is_filled(values.get(key))]
        if self.attr == "<found>":
            if missing:
                raise ValidationError({key: [self.detail] for key in missing}, code=self.code)
        elif len(missing) == len(self.fields):
            raise ValidationError({self.attr: [self.detail]} if self.attr else self.detail, code=self.code)


class Refusal(NamedTuple):
    """A validator of a field, which must not be filled."""

    field: str
    detail: str
    code: str

    def validate(self, value: Any) -> Any:
        if is_filled(value):
            raise ValidationError(self.detail, code=self.code)
        return value


def is_filled(value: Any) -> bool:
    return value not in (None, "", [], {})


class Builder:
    """Builds the serializers of one market; ``validators`` has those of objects, by name and in their order."""

    def __init__(
        self, ruleset: Ruleset, validators: Mapping[str, Sequence[Requirement | Refusal]] | None = None
    ) -> None:
        self._ruleset, self._validators = ruleset, validators or {}
        self._built: dict[str, type[serializers.Serializer]] = {}

    def root(self) -> type[serializers.Serializer]:
        return self._object(self._ruleset.root)

    def _object(self, name: str) -> type[serializers.Serializer]:
        if name not in self._built:
            spec = self._ruleset.objects[name]
            self._built[name] = self._selected(name) if spec.select else self._plain(name, spec.fields, {})
        return self._built[name]

    def _plain(
        self, name: str, fields: Mapping[str, FieldSpec], extra: Mapping[str, Any]
    ) -> type[serializers.Serializer]:
        declared = {key: self._field(field) for key, field in fields.items()}
        validators = self._validators.get(name, ())
        refusals = [each for each in validators if isinstance(each, Refusal)]
        methods = {f"validate_{each.field}": staticmethod(each.validate) for each in refusals}
        meta = type("Meta", (), {"validators": [each for each in validators if isinstance(each, Requirement)]})
        return type(name, (serializers.Serializer,), {**extra, **declared, **methods, "Meta": meta})

    def _selected(self, name: str) -> type[serializers.Serializer]:
        spec = self._ruleset.objects[name]
        key, values = str(spec.select), list(spec.variants)
        variants = {
            value: self._plain(
                variant,
                {**spec.fields, **self._ruleset.objects[variant].fields},
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
        options = {"required": bool(field.required), "allow_null": bool(field.nullable)}
        if field.object:
            return self._object(field.object)(**options)
        if field.list:
            nulls = {"allow_null": bool(field.nullable_items)}
            child = (
                _LEAVES[field.list](field, nulls) if field.list in SCALAR_TYPES else self._object(field.list)(**nulls)
            )
            limits = {"min_length": field.min_items, "max_length": field.max_items}
            return serializers.ListField(child=child, **limits, **options)
        return _LEAVES[field.type or ""](field, options)


def _blank(field: FieldSpec) -> bool:
    return bool(field.blank) or (field.blank is None and not field.required and not field.list)


def _lengths(field: FieldSpec) -> dict[str, Any]:
    return {"allow_blank": _blank(field), "min_length": field.min_length, "max_length": field.max_length}


def _bounds(field: FieldSpec) -> dict[str, Any]:
    bounds = {"min_value": field.min, "max_value": field.max}
    return {key: Decimal(bound) if isinstance(bound, str) else bound for key, bound in bounds.items()}


def _string(field: FieldSpec, options: dict[str, Any]) -> serializers.Field:
    if field.patterns:
        return serializers.RegexField(_whole(field), **_lengths(field), **options)
    return serializers.CharField(**_lengths(field), **options)


def _email(field: FieldSpec, options: dict[str, Any]) -> serializers.Field:
    if field.patterns:
        return PatternEmailField(_whole(field), **_lengths(field), **options)
    return serializers.EmailField(**_lengths(field), **options)


def _whole(field: FieldSpec) -> re.Pattern[str]:
    return re.compile("|".join(rf"^(?:{pattern})\Z" for pattern in field.patterns or ()), re.DOTALL)


_LEAVES: dict[str, Callable[[FieldSpec, dict[str, Any]], serializers.Field]] = {
    "string": _string,
    "email": _email,
    "date": lambda _, options: serializers.DateField(**options),
    "datetime": lambda _, options: serializers.DateTimeField(**options),
    "decimal": lambda field, options: serializers.DecimalField(
        max_digits=field.max_digits, decimal_places=field.decimal_places, **_bounds(field), **options
    ),
    "integer": lambda field, options: serializers.IntegerField(**_bounds(field), **options),
    "boolean": lambda _, options: serializers.BooleanField(**options),
    "json": lambda _, options: serializers.JSONField(**options),
    "object": lambda _, options: serializers.DictField(**options),
    "choice": lambda field, options: (
        OpenChoiceField(choices=[], allow_blank=_blank(field), **options)
        if field.open
        else serializers.ChoiceField(choices=list(field.choices or ()), allow_blank=bool(field.blank), **options)
    ),
}
