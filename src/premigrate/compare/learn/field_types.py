"""Learns the type of a field from values that passed and values that were refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from premigrate.api import Validator, validator_with
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from premigrate.ruleset.model.ruleset import Ruleset

_TYPES = ("json", "string", "decimal", "integer", "boolean", "datetime", "date", "email")
"""The types that a field may turn out to have; of two that explain all values, the first refuses less."""
_ANY_DAY = date(2000, 1, 1)


def learn_type(
    ruleset: Ruleset, field: FieldSpec, refused: Sequence[Any], passing: Sequence[Any], details: Sequence[str]
) -> dict[str, Any]:
    """Learn the type of a field: one that refuses all values that the API refused, and no other.

    Of several such types, prefer the one whose text the API uses, else the one that refuses least.

    Returns:
        The keys of the field to change; empty if nothing is learned.

    """
    if field.type not in {*_TYPES, "choice"} or field.patterns or field.choices:
        return {}
    trial = _trial(ruleset)
    fails = [_failing(trial, value) for value in refused]
    passes = [_failing(trial, value) for value in passing]
    fitting = [
        kind for kind in _TYPES if all(kind in each for each in fails) and all(kind not in each for each in passes)
    ]
    texts = ruleset.codes["invalid"].details
    named = [kind for kind in fitting if details and all(texts.get(kind) == detail for detail in details)]
    kind = next(iter([*named, *fitting]), field.type)
    return {} if kind == field.type or (field.type in fitting and not named) else {"type": kind}


def _trial(ruleset: Ruleset) -> Validator:
    """Return a validator of objects that have a field of each type."""
    fields = {kind: FieldSpec.model_validate({"type": kind}) for kind in _TYPES}
    root = ObjectSpec(about="A value of each type.", basis="observed", source="-", fields=fields)
    objects = {**ruleset.objects, ruleset.root: root}
    return validator_with(replace(ruleset, objects=objects, rules=(), disabled=()), _ANY_DAY)


def _failing(trial: Validator, value: object) -> set[str]:
    """Return the types that refuse a value."""
    return {str(error.path[0]) for error in trial.validate(dict.fromkeys(_TYPES, value)).errors if error.path}
