"""Finds the keys by which one account can clash with others: pure, so any process may do it for any account."""

from datetime import date
from typing import Any

from premigrate.cohort.program import CohortKey, CohortPlan, Conditions, KeyRule, Part
from premigrate.engine.envelope import WRAPPER
from premigrate.engine.findings import HIDDEN
from premigrate.engine.values import WRONG, Run, Scope
from premigrate.formats.keys import write_key, write_text
from premigrate.formats.outcomes import FieldError
from premigrate.formats.plain import to_plain

Chain = tuple[dict[Any, Any], ...]
"""The objects from the account to what has a key."""

_NOWHERE = Scope({}, Run(date.min))
"""The conditions of these rules look at their own value only."""

Reached = tuple[Chain, tuple[int, ...]]
"""Such objects, and the positions in lists on the way."""


def cohort_keys(plan: CohortPlan, payload: object) -> list[CohortKey]:
    """List the keys of one account, bare or wrapped; of what is no account there are none.

    Values are read as the platform reads them; what it would refuse tells nothing, and is left out. Of rules about a
    reference list only those keys are there that clash with it.
    """
    account = account_in(plan, payload)
    if not isinstance(account, dict):
        return []
    found: list[CohortKey] = []
    for steps, rules in plan.ways:
        if steps and steps[0][0] not in account:
            continue
        for chain, positions in _walk(account, steps):
            for rule in rules:
                _look(rule, chain, positions, found)
    return found


def account_in(plan: CohortPlan, payload: object) -> object:
    """Look through the wrapper, if there is one: an object with fields of the account is the account itself."""
    if isinstance(payload, dict) and WRAPPER in payload and plan.known.isdisjoint(payload):
        return payload[WRAPPER]
    return payload


def _walk(account: dict[Any, Any], steps: tuple[tuple[str, bool], ...]) -> list[Reached]:
    """Go from an account down to all that have a key, with their positions; what is no object there has none."""
    found: list[Reached] = [((account,), ())]
    for name, is_list in steps:
        found = [below for chain, positions in found for below in _enter(chain, positions, name, is_list=is_list)]
    return found


def _enter(chain: Chain, positions: tuple[int, ...], name: str, *, is_list: bool) -> list[Reached]:
    """Go one step down, to one object or to each of a list."""
    value = chain[-1].get(name)
    if not is_list:
        return [((*chain, value), positions)] if isinstance(value, dict) else []
    if not isinstance(value, (list, tuple)):
        return []
    return [((*chain, item), (*positions, number)) for number, item in enumerate(value) if isinstance(item, dict)]


def _look(rule: KeyRule, chain: Chain, positions: tuple[int, ...], found: list[CohortKey]) -> None:
    """Add the key of one object, if it has one that the rule is about."""
    if rule.where and not _holds(rule.where, chain):
        return
    values = []
    for part in rule.key:
        value = _write(part, chain)
        if not value:
            return
        values.append(value)
    key = ",".join(values)
    rows = rule.imported.get(key) if rule.imported is not None else ()
    if rows is None:
        return
    same = tuple([_write(part, chain) for part in rule.same]) if rule.same else ()
    if rows and same:
        same = _unlike(same, rows)
        if not any(same):
            return
    attr = rule.attr.format(*positions) if positions else rule.attr
    masked = _masked(rule, values) if rule.is_personal else ""
    found.append(CohortKey(rule.rule, key, same, attr, rule.imported is not None, rule.is_personal, masked))


def _write(part: Part, chain: Chain) -> str:
    """Write the value of one part; empty if it is absent, wrong, or no single value."""
    value = _read(part, chain)
    if isinstance(value, str):  # what it is most often, without going all the way round
        return write_text(value, part.normal)
    return write_key(value, part.normal, as_text=part.as_text)


def _read(part: Part, chain: Chain) -> object:
    """Read the value of one part as the platform does; WRONG if it would be refused."""
    here: Any = chain[part.depth]
    for step in part.around:
        here = here.get(step)
        if not isinstance(here, dict):
            return None
    raw = here.get(part.name)
    if raw is None:
        return part.null if part.name in here else part.missing
    value = part.read(raw if type(raw) is str else to_plain(raw, exact=False))
    if isinstance(value, FieldError):
        return WRONG
    for check in part.checks:
        if check(value):
            return WRONG
    return value


def _holds(where: Conditions, chain: Chain) -> bool:
    for table in where:
        for part, condition in table:
            if not condition.holds_of([_read(part, chain)], _NOWHERE):
                break
        else:
            return True
    return False


def _unlike(same: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Leave of some values those that a row of a reference list says otherwise; what is absent is not otherwise."""
    columns = zip(*rows, strict=True)
    return tuple(
        mine if any(theirs not in {"", mine} for theirs in column) else ""
        for mine, column in zip(same, columns, strict=True)
    )


def _masked(rule: KeyRule, values: list[str]) -> str:
    """Write a key with something else in place of personal values."""
    parts = zip(rule.key, values, strict=True)
    return ",".join(f'"{HIDDEN}"' if part.is_personal else value for part, value in parts)
