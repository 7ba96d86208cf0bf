"""Extracts the keys by which one account can clash with others, as pure functions that any process can run."""

from datetime import date
from typing import Any

from premigrate.cohort.program import CohortKey, CohortProgram, Conditions, KeyPart, KeyRule
from premigrate.engine.envelope import WRAPPER_KEY
from premigrate.engine.findings import MASK
from premigrate.engine.values import INVALID, EvaluationContext, Scope
from premigrate.formats.interfaces import FieldError
from premigrate.formats.keys import comparison_key, text_comparison_key
from premigrate.formats.plain import to_plain

Chain = tuple[dict[Any, Any], ...]
"""The objects from the account down to the object with the key."""

_EMPTY_SCOPE = Scope({}, EvaluationContext(date.min))
"""Enough for the conditions of these rules, which read their own value only."""

Reached = tuple[Chain, tuple[int, ...]]
"""A chain, and the list positions on its path."""


def extract_keys(program: CohortProgram, payload: object) -> list[CohortKey]:
    """List the keys of one account, bare or wrapped; empty if the payload is not an object.

    Values are read as the platform reads them; keys with a value that it would refuse are left out. For a rule about
    a reference list, only keys that clash with the list are included.
    """
    account = account_in(program, payload)
    if not isinstance(account, dict):
        return []
    found: list[CohortKey] = []
    for steps, rules in program.objects:
        if steps and steps[0][0] not in account:
            continue
        for chain, positions in _walk(account, steps):
            for rule in rules:
                _collect_key(rule, chain, positions, found)
    return found


def account_in(program: CohortProgram, payload: object) -> object:
    """Return the account in a payload; an object with fields of an account is not a wrapper, but the account."""
    if isinstance(payload, dict) and WRAPPER_KEY in payload and program.known_keys.isdisjoint(payload):
        return payload[WRAPPER_KEY]
    return payload


def _walk(account: dict[Any, Any], steps: tuple[tuple[str, bool], ...]) -> list[Reached]:
    """Return all objects at a path, with their list positions; values that are not objects are skipped."""
    found: list[Reached] = [((account,), ())]
    for name, is_list in steps:
        found = [below for chain, positions in found for below in _enter(chain, positions, name, is_list=is_list)]
    return found


def _enter(chain: Chain, positions: tuple[int, ...], name: str, *, is_list: bool) -> list[Reached]:
    """Go one step down: to one object, or to each object of a list."""
    value = chain[-1].get(name)
    if not is_list:
        return [((*chain, value), positions)] if isinstance(value, dict) else []
    if not isinstance(value, (list, tuple)):
        return []
    return [((*chain, item), (*positions, number)) for number, item in enumerate(value) if isinstance(item, dict)]


def _collect_key(rule: KeyRule, chain: Chain, positions: tuple[int, ...], found: list[CohortKey]) -> None:
    """Append the key of one object, if the rule applies to it and the key is complete."""
    if rule.where and not _holds(rule.where, chain):
        return
    values = []
    for part in rule.key:
        value = _write(part, chain)
        if not value:
            return
        values.append(value)
    key = ",".join(values)
    rows = rule.imported_rows.get(key) if rule.imported_rows is not None else ()
    if rows is None:
        return
    same = tuple([_write(part, chain) for part in rule.same]) if rule.same else ()
    if rows and same:
        same = _contradicted(same, rows)
        if not any(same):
            return
    attr = rule.attr_template.format(*positions) if positions else rule.attr_template
    masked = _masked(rule, values) if rule.is_personal else ""
    found.append(CohortKey(rule.id, key, same, attr, rule.imported_rows is not None, rule.is_personal, masked))


def _write(part: KeyPart, chain: Chain) -> str:
    """Write the value of one part as JSON; empty if it is absent, refused or not a single value."""
    value = _read(part, chain)
    if isinstance(value, str):  # fast path: most values are strings
        return text_comparison_key(value, part.normalise)
    return comparison_key(value, part.normalise, as_text=part.as_text)


def _read(part: KeyPart, chain: Chain) -> object:
    """Read the value of one part as the platform does; INVALID if the platform would refuse it."""
    here: Any = chain[part.depth]
    for step in part.parents:
        here = here.get(step)
        if not isinstance(here, dict):
            return None
    raw = here.get(part.name)
    if raw is None:
        return part.if_null if part.name in here else part.if_missing
    value = part.read(raw if type(raw) is str else to_plain(raw, exact=False))
    if isinstance(value, FieldError):
        return INVALID
    for check in part.checks:
        if check(value):
            return INVALID
    return value


def _holds(where: Conditions, chain: Chain) -> bool:
    for table in where:
        for part, condition in table:
            if not condition.holds_for_values([_read(part, chain)], _EMPTY_SCOPE):
                break
        else:
            return True
    return False


def _contradicted(same: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Keep the values that a row of the reference list contradicts, blank the others; absent values agree with all."""
    columns = zip(*rows, strict=True)
    return tuple(
        mine if any(theirs not in {"", mine} for theirs in column) else ""
        for mine, column in zip(same, columns, strict=True)
    )


def _masked(rule: KeyRule, values: list[str]) -> str:
    """Write a key with its personal values masked."""
    parts = zip(rule.key, values, strict=True)
    return ",".join(f'"{MASK}"' if part.is_personal else value for part, value in parts)
