"""Checks what reference lists hold: rows of as many cells as there are columns, and cells that rules can work with."""

from collections.abc import Iterator, Mapping

from premigrate.formats.json_types import TYPES
from premigrate.formats.pattern import compile_plain
from premigrate.ruleset.merge import Draft
from premigrate.ruleset.model.file import ReferenceList
from premigrate.ruleset.model.operands import Lookup
from premigrate.ruleset.model.rules import Rule


def check_lists(draft: Draft) -> None:
    """Note the rows of declared lists that are shorter or longer than the columns say."""
    for name, spec in draft.lists.items():
        for number, row in enumerate(spec.values or (), 1):
            size = 1 if isinstance(row, str) else len(row)
            if size != len(spec.columns):
                message = f"row {number} has {size} of the {len(spec.columns)} columns {', '.join(spec.columns)}"
                draft.report.add(draft.sources[f"list {name}"], f"[list.{name}] values", message)
                break  # most often every row is as wrong


def check_cells(
    draft: Draft, rules: tuple[Rule, ...], supplied: Mapping[str, ReferenceList], sources: Mapping[str, str]
) -> None:
    """Note the cells of lists that are to be patterns, or types, and are none.

    ``supplied`` are the lists of the user, and ``sources`` where they are from.
    """
    for rule in rules:
        for lookup, is_pattern in _lookups(rule):
            name = lookup.of
            spec = supplied.get(name, draft.lists.get(name))
            if spec is None or lookup.take not in spec.columns:
                continue
            column = spec.columns.index(lookup.take)
            for number, row in enumerate(spec.rows(), 1):
                if column < len(row) and (wrong := _wrong_cell(row[column], is_pattern=is_pattern)):
                    file = sources[name] if name in supplied else draft.sources[f"list {name}"]
                    place = f"{name if name in supplied else f'[list.{name}]'}, row {number}, {lookup.take}"
                    draft.report.add(file, place, f"{wrong} (for the rule {rule.id})")


def _lookups(rule: Rule) -> Iterator[tuple[Lookup, bool]]:
    if rule.typed:
        yield rule.typed.type, False
    for matching in (rule.matches, rule.not_matching):
        if matching and matching.pattern:
            yield matching.pattern, True


def _wrong_cell(cell: str, *, is_pattern: bool) -> str:
    if not cell:
        return ""
    if not is_pattern:
        return "" if cell in TYPES else f"there is no type {cell!r}; there are {', '.join(sorted(TYPES))}"
    try:
        compile_plain(cell)
    except ValueError as error:
        return str(error)
    return ""
