"""Checks the rows of reference lists: the number of cells, and the cells that rules use as patterns or types."""

from collections.abc import Iterator, Mapping

from premigrate.formats.pattern import compile_plain_pattern
from premigrate.formats.value_types import TYPE_CHECKS
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.operands import Lookup
from premigrate.ruleset.model.rule_file import ReferenceList
from premigrate.ruleset.model.rules import Rule


def check_lists(draft: RulesetDraft) -> None:
    """Report declared lists that have a row with more or fewer cells than columns."""
    for name, spec in draft.lists.items():
        for number, row in enumerate(spec.values or (), 1):
            size = 1 if isinstance(row, str) else len(row)
            if size != len(spec.columns):
                message = f"row {number} has {size} of the {len(spec.columns)} columns {', '.join(spec.columns)}"
                draft.report.add(draft.sources[f"list {name}"], f"[list.{name}] values", message)
                break  # usually every row has the same problem


def check_cells(
    draft: RulesetDraft, rules: tuple[Rule, ...], supplied: Mapping[str, ReferenceList], sources: Mapping[str, str]
) -> None:
    """Report list cells that a rule reads as a pattern or a type and that are not valid as one.

    ``supplied`` holds the user's lists by name, and ``sources`` where each of them comes from.
    """
    for rule in rules:
        for lookup, is_pattern in _lookups(rule):
            name = lookup.of
            spec = supplied.get(name, draft.lists.get(name))
            if spec is None or lookup.take not in spec.columns:
                continue
            column = spec.columns.index(lookup.take)
            for number, row in enumerate(spec.rows(), 1):
                if column < len(row) and (problem := _cell_problem(row[column], is_pattern=is_pattern)):
                    file = sources[name] if name in supplied else draft.sources[f"list {name}"]
                    place = f"{name if name in supplied else f'[list.{name}]'}, row {number}, {lookup.take}"
                    draft.report.add(file, place, f"{problem} (for the rule {rule.id})")


def _lookups(rule: Rule) -> Iterator[tuple[Lookup, bool]]:
    if rule.typed and isinstance(rule.typed.type, Lookup):
        yield rule.typed.type, False
    for matching in (rule.matches, rule.not_matching):
        if matching and matching.pattern:
            yield matching.pattern, True


def _cell_problem(cell: str, *, is_pattern: bool) -> str:
    if not cell:
        return ""
    if not is_pattern:
        return "" if cell in TYPE_CHECKS else f"there is no type {cell!r}; there are {', '.join(sorted(TYPE_CHECKS))}"
    try:
        compile_plain_pattern(cell)
    except ValueError as error:
        return str(error)
    return ""
