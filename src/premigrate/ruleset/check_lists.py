"""Checks the rows of reference lists: how many cells they have, and the cells that rules use."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from premigrate.formats.pattern import compile_plain_pattern
from premigrate.formats.value_types import TYPE_CHECKS
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.operands import Lookup
from premigrate.ruleset.model.rule_file import ReferenceList
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.table import Table

CellUse: TypeAlias = Literal["pattern", "type", "number or date"]
"""What a rule reads the cells of a column as."""


def check_lists(draft: RulesetDraft) -> None:
    """Report declared lists that have a row with more or fewer cells than columns."""
    for name, spec in draft.lists.items():
        for number, row in enumerate(spec.values or (), 1):
            size = 1 if isinstance(row, str) else len(row)
            if size != len(spec.columns):
                message = f"row {number} has {size} of the {len(spec.columns)} columns {', '.join(spec.columns)}"
                draft.report.add(draft.sources[f"list {name}"], f"[list.{name}] values", message)
                break  # usually every row has the same problem


def check_example_lists(draft: RulesetDraft, rule: Rule | CohortRule, kind: str) -> None:
    """Report lists that ``example_lists`` of a rule lacks or need not have; ``kind`` is the name of its table."""
    needed, given = {name for name, *_ in rule.lists()}, set(rule.example_lists)
    file, place = draft.sources[f"{kind} {rule.id}"], f"[[{kind}]] {rule.id} example_lists"
    if missing := needed & draft.lists.keys() - given:
        draft.report.add(file, place, f"rows of {', '.join(sorted(missing))} are missing, which the rule uses")
    if needed <= draft.lists.keys() and (surplus := given - needed):
        draft.report.add(file, place, f"has rows of {', '.join(sorted(surplus))}, which the rule does not use")


def check_cells(
    draft: RulesetDraft, rules: tuple[Rule, ...], supplied: Mapping[str, ReferenceList], sources: Mapping[str, str]
) -> None:
    """Report lists whose content a rule cannot use, which would disable it: an invalid cell, or no row to look up.

    ``supplied`` holds the user's lists by name, and ``sources`` where each of them comes from.
    """
    for rule in rules:
        for lookup, use in _lookups(rule):
            name = lookup.of
            spec = supplied.get(name, draft.lists.get(name))
            if spec is None or lookup.take not in spec.columns:
                continue
            file = sources[name] if name in supplied else draft.sources[f"list {name}"]
            place = name if name in supplied else f"[list.{name}]"
            column = spec.columns.index(lookup.take)
            is_empty = spec.values is not None
            for number, row in enumerate(spec.rows(), 1):
                is_empty = False
                if column < len(row) and (problem := _cell_problem(row[column], use)):
                    draft.report.add(
                        file, f"{place}, row {number}, {lookup.take}", f"{problem} (for the rule {rule.id})"
                    )
            if is_empty and not lookup.by:
                message = f"the list is empty; add at least one row (for the rule {rule.id}), or leave the list out"
                draft.report.add(file, place, message)


def _lookups(rule: Rule) -> Iterator[tuple[Lookup, CellUse]]:
    yield from ((lookup, "number or date") for lookup in _lookups_in(rule.when))
    if rule.typed:
        if isinstance(rule.typed.type, Lookup):
            yield rule.typed.type, "type"
    elif matching := rule.matches or rule.not_matching:
        if matching.pattern:
            yield matching.pattern, "pattern"
    else:
        yield from ((lookup, "number or date") for lookup in _lookups_in(rule.argument))


def _lookups_in(part: object) -> Iterator[Lookup]:
    """Yield the lookups in conditions or in the argument of an operator, which all compare their cell with a value."""
    if isinstance(part, Lookup):
        yield part
    elif isinstance(part, Table):
        for key in type(part).model_fields:
            yield from _lookups_in(getattr(part, key))
    elif isinstance(part, tuple | dict):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _lookups_in(each)


def _cell_problem(cell: str, use: CellUse) -> str:
    if not cell:
        return ""
    if use == "type":
        return (
            "" if cell in TYPE_CHECKS else f"there is no type {cell!r}; the types are {', '.join(sorted(TYPE_CHECKS))}"
        )
    if use == "number or date":
        return (
            ""
            if _is_number_or_date(cell)
            else f"{cell!r} is neither a number such as 10.00 nor a day such as 2026-01-31"
        )
    try:
        compile_plain_pattern(cell)
    except ValueError as error:
        return str(error)
    return ""


def _is_number_or_date(cell: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(cell))
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False
