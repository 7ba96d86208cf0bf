"""Makes the parser and the checks of a single value from its type and limits."""

from __future__ import annotations

from collections.abc import Callable

from premigrate.engine.program import ValueSpec
from premigrate.formats import choices, dates, email, json_value, numbers, text, value_advice
from premigrate.formats.interfaces import ValueCheck, ValueParser
from premigrate.formats.pattern import union_of_patterns
from premigrate.formats.value_advice import AdviceCheck


def _choice_parser(spec: ValueSpec) -> ValueParser:
    if spec.choices is None:
        return choices.open_choice_parser(blank=spec.blank)
    return choices.choice_parser(spec.choices, blank=spec.blank)


def _decimal_parser(spec: ValueSpec) -> ValueParser:
    digits, places = spec.max_digits, spec.decimal_places
    return numbers.decimal_parser(max_digits=digits, decimal_places=places, nullable=spec.nullable)


_PARSERS: dict[str, Callable[[ValueSpec], ValueParser]] = {
    "string": lambda spec: text.text_parser(blank=spec.blank),
    "email": lambda spec: text.text_parser(blank=spec.blank),
    "date": lambda _: dates.parse_date,
    "datetime": lambda _: dates.parse_datetime,
    "decimal": _decimal_parser,
    "integer": lambda _: numbers.parse_integer,
    "boolean": lambda spec: numbers.boolean_parser(nullable=spec.nullable),
    "choice": _choice_parser,
    "json": lambda _: json_value.accept_json,
    "object": lambda _: json_value.accept_object,
}


def make_parser(spec: ValueSpec) -> ValueParser:
    """Return the parser of a single value."""
    return _PARSERS[spec.type](spec)


def make_checks(spec: ValueSpec) -> tuple[ValueCheck, ...]:
    """Return the validators that DRF runs on the parsed value, in its order."""
    checks: list[ValueCheck] = []
    if spec.type in {"string", "email"}:
        if spec.max_length is not None:
            checks.append(text.max_length_check(spec.max_length))
        if spec.min_length:
            checks.append(text.min_length_check(spec.min_length))
        checks += [text.check_null_characters, text.check_surrogate_characters]
    if spec.type == "email":
        checks.append(email.check)
    if spec.patterns:
        checks.append(text.pattern_check(union_of_patterns(spec.patterns)))
    return (*checks, *bound_checks(spec))


def bound_checks(spec: ValueSpec) -> tuple[ValueCheck, ...]:
    """Return the validators of the bounds of a number, in the order of DRF."""
    checks: list[ValueCheck] = []
    if spec.max is not None:
        checks.append(numbers.max_value_check(spec.max))
    if spec.below is not None:
        checks.append(numbers.max_value_check(spec.below, is_exclusive=True))
    if spec.min is not None:
        checks.append(numbers.min_value_check(spec.min))
    if spec.above is not None:
        checks.append(numbers.min_value_check(spec.above, is_exclusive=True))
    return tuple(checks)


def make_advice_check(spec: ValueSpec) -> AdviceCheck | None:
    """Return the check for suspicious values; a blank string is suspicious unless the rules declare ``blank``."""
    if spec.type in {"string", "email", "choice"}:
        return value_advice.text_advice(blank=not spec.expects_blank)
    return {
        "integer": value_advice.integer_advice,
        "json": value_advice.json_advice,
        "decimal": value_advice.decimal_advice,
        "date": value_advice.date_advice,
        "datetime": value_advice.date_advice,
    }.get(spec.type)
