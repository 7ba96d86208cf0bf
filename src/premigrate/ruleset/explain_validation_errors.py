"""Converts pydantic errors to places and messages of the rule language, with suggestions for misspelled keys."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from premigrate.formats.text import text_or_type_name
from premigrate.ruleset.model.fixes import FIELD_PATTERN, NOTATION_PATTERN
from premigrate.ruleset.model.operands import NOT_A_DATE_MESSAGE
from premigrate.ruleset.model.rule_file import RuleFile
from premigrate.ruleset.model.rules import ATTR_PATTERN
from premigrate.ruleset.model.table import (
    DATE_KEY,
    NAME_PATTERN,
    NON_BLANK_PATTERN,
    RULE_ID_PATTERN,
    SWITCH_PATTERN,
    TERRITORY_PATTERN,
)
from premigrate.ruleset.problems import with_suggestion


def explain_validation_error(error: ValidationError, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield place and message of each problem in ``table``, one table of a rule file.

    Where a value may have several shapes, pydantic reports the errors of each shape; only those that got furthest into
    the data concern the shape that was meant.
    """
    yield from dict.fromkeys(_explain(error, table))


def _explain(error: ValidationError, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    located = [(_data_place(details, table), details) for details in error.errors(include_url=False)]
    of_other_shapes = {place for place, details in located if details["type"] != "model_type"}
    located = [each for each in located if each[1]["type"] != "model_type" or each[0] not in of_other_shapes]
    quoted = {place for place, details in located if _is_quoted_date(details)}
    of_right_shape = {place for place, details in located if _is_wrong_table(details)}
    for place, details in located:
        if any(other[: len(place)] == place and len(other) > len(place) for other, _ in located):
            continue
        if details["type"] == "missing" and any(_is_nearer(other["loc"], details["loc"]) for _, other in located):
            continue
        if any((*other[:-1], RENAMED_KEYS.get(str(other[-1]))) == place for other, _ in located if other):
            continue  # the key is there, under its earlier name
        if (place in quoted and not _is_quoted_date(details)) or NOT_A_DATE_MESSAGE in details["msg"]:
            continue  # only the quotes are wrong, or the value is not meant as a date
        if place in of_right_shape and not _is_wrong_table(details):
            continue
        yield _write_problem(place, details, table)


def _write_problem(place: tuple[str | int, ...], details: ErrorDetails, table: Mapping[str, Any]) -> tuple[str, str]:
    """Return place and message of one error."""
    if place[:1] == ("list",) and place[2:3] == ("values",) and isinstance(details["input"], dict):
        return _write_place(place[:3], table), _ROWS
    if place and place[-1] == DATE_KEY:
        return _write_place(place[:-1], table), _NO_DATE
    return _write_place(place, table), _write_message(place, details)


def _is_nearer(other: tuple[int | str, ...], missing: tuple[int | str, ...]) -> bool:
    """Return whether an error lies deeper in another shape of the value than the missing key."""
    around = missing[:-2]
    return other[: len(around)] == around and len(other) > len(missing) and other[len(around)] != missing[-2]


_ROWS = 'a row is a list of texts, one for each column: write [["a", "b"], ["c", "d"]]'
_NO_DATE = "a date is not allowed here; compare dates with <, <=, >=, > or compare"


def _is_quoted_date(details: ErrorDetails) -> bool:
    return details["type"] == "value_error" and "a date without quotes" in details["msg"]


def _is_wrong_table(details: ErrorDetails) -> bool:
    """Return whether a table has only known keys, but they do not fit together."""
    return details["type"] == "value_error" and isinstance(details["input"], dict)


def _data_place(details: ErrorDetails, piece: Any) -> tuple[str | int, ...]:  # noqa: ANN401 - any data
    """Return pydantic's location without the names of shapes, which are not in the data."""
    place: list[str | int] = []
    value: Any = piece
    for step in details["loc"]:
        if _has(value, step):
            value = value[step]
            place.append(step)
    if details["type"] == "missing":
        place.append(details["loc"][-1])
    return tuple(place)


def _has(value: object, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, Mapping) and step in value


def table_header(table: Mapping[str, Any]) -> str:
    """Return the header of the only table in ``table``, for example ``[object.account]`` or ``[[rule]] some-id``."""
    ((name, content),) = table.items()
    if isinstance(content, list):
        return _write_place((name, 0), table)
    return _write_place((name, *list(content)[:1]) if isinstance(content, Mapping) else (name,), table)


def _write_place(place: tuple[str | int, ...], piece: Mapping[str, Any]) -> str:
    table, *rest = place
    if table in {"rule", "cohort", "fix"} and rest and isinstance(piece[str(table)], list):
        entry = piece[str(table)][0]
        name = entry.get("id", "without id") if isinstance(entry, Mapping) else "without id"
        return " ".join([f"[[{table}]] {text_or_type_name(name)}", *_dotted(rest[1:])])
    if rest and table not in {"market", "defaults", "tenant"}:
        return " ".join([f"[{text_or_type_name(table)}.{text_or_type_name(rest[0])}]", *_dotted(rest[1:])])
    return " ".join([f"[{text_or_type_name(table)}]", *_dotted(rest)])


def _dotted(steps: list[str | int]) -> list[str]:
    return [".".join(map(text_or_type_name, steps))] if steps else []


def _write_message(place: tuple[str | int, ...], details: ErrorDetails) -> str:
    if details["type"] == "string_type" and isinstance(details["input"], dict) and DATE_KEY in details["input"]:
        return "a date is not allowed here; write it as a string, in quotes"
    if place[-2:-1] == ("compare",) and isinstance(details["input"], int | float):
        return _no_number(details["input"])
    if details["type"] == "tuple_type":
        return _no_list(place)
    if details["type"] in {"bool_type", "bool_parsing"}:
        return "write true or false"
    return _write_kind(place, details)


def _write_kind(place: tuple[str | int, ...], details: ErrorDetails) -> str:
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(str(place[-1]), _keys_at(place[:-1]))
        case "missing":
            return "this key is missing"
        case "literal_error":
            expected = details.get("ctx", {}).get("expected", "")
            words = [word for word in expected.split("'") if word.strip(", ") not in {"", "or"}]
            return with_suggestion(
                f"{details['input']!r} is not one of {', '.join(words)}", str(details["input"]), words
            )
        case "string_pattern_mismatch":
            pattern = details.get("ctx", {}).get("pattern", "")
            return _hint(place, str(details["input"])) or _PATTERNS.get(pattern) or f"must match {pattern}"
        case "value_error":
            return str(details.get("ctx", {}).get("error", details["msg"]))
        case _:
            return details["msg"][0].lower() + details["msg"][1:]


def _no_number(number: float) -> str:
    return (
        f"compare works with dates and fields, not with a number: "
        f'write holds = {{ field = {{ "<=" = {number} }} }}, with the name of the field'
    )


def _no_list(place: tuple[str | int, ...]) -> str:
    if place[-1] in {"good", "bad"}:
        return f"this is a list of examples: write {place[-1]} = [...]"
    if place[-2:-1] in {("good",), ("bad",)}:
        return "an example is a list of accounts: write it in [...]"
    return "this must be a list"


def _unknown_key(key: str, known: list[str]) -> str:
    if RENAMED_KEYS.get(key) in known:
        return f"{key!r} was renamed to {RENAMED_KEYS[key]!r}"
    if key == "also" and "example_lists" in known:
        return "'also' is no longer used, because each rule is tested alone; remove it"
    return with_suggestion(f"unknown key {key!r}", key, known)


def _hint(place: tuple[str | int, ...], text: str) -> str:
    """Return a hint for a name that is written like another kind of name; empty if there is none."""
    if (place[0], place[-1]) == ("cohort", "code"):
        return f"the code of a rule between accounts must begin with cohort:; did you mean 'cohort:{text}'?"
    return ""


_PATTERNS = {
    NON_BLANK_PATTERN: "write a string that is not blank",
    NAME_PATTERN: "a name consists of lower-case letters, digits and underscores, and begins with a letter",
    RULE_ID_PATTERN: "an id consists of small letters, digits and hyphens, and begins with a letter",
    SWITCH_PATTERN: "an id consists of small letters, digits and hyphens, and begins with a letter",
    ATTR_PATTERN: "an attr is <found>, or names of lower-case letters, digits and underscores, joined by dots",
    FIELD_PATTERN: "write a field with its object, such as customer.mobile",
    NOTATION_PATTERN: "a date format consists of YYYY, MM or M, and DD or D, with dots, slashes, hyphens or spaces",
    TERRITORY_PATTERN: "a territory is a code of two capital letters, such as PT",
}
"""The descriptions of the patterns of the rule language."""


def _keys_at(place: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the rule language allows at a place."""
    shapes = [_language_schema()]
    for step in place:
        shapes = [below for shape in shapes for below in _below(shape, step)]
    return sorted({word for shape in shapes for word in shape.get("properties", {})})


def _below(shape: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
    named = shape.get("properties", {}).get(step)
    by_key = [named] if named else [shape.get("additionalProperties"), *shape.get("patternProperties", {}).values()]
    for child in (*by_key, *shape.get("prefixItems", ()), shape.get("items")):
        if isinstance(child, dict):
            yield from _resolve(child)


def _resolve(shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in shape:
        yield from _resolve(_language_schema()["$defs"][shape["$ref"].rsplit("/", 1)[1]])
    elif "anyOf" in shape:
        for option in shape["anyOf"]:
            yield from _resolve(option)
    else:
        yield shape


RENAMED_KEYS = {
    "after": ">",
    "anew": "replace",
    "basis": "detail_basis",
    "before": "<",
    "blame": "attr_change",
    "course": "lifecycle",
    "each": "for_each",
    "elsewhere": "not_applicable",
    "forgive_starts_until": "gap_allowed_until",
    "forgive_until": "gap_allowed_until",
    "given": "example_lists",
    "normal": "ignore",
    "note": "about",
    "off": "disabled",
    "on": "enabled",
    "other_than": "!=",
    "over": ">",
    "part_of": "validation",
    "platform": "server_only",
    "since": ">=",
    "until": "<=",
}
"""Keys of earlier versions of the rule language, and the keys that replaced them."""


@cache
def _language_schema() -> dict[str, Any]:
    return RuleFile.model_json_schema()
