"""Checks that the names in cohort rules are defined, and that each part of a key is a single value."""

from premigrate.ruleset.check_lists import check_example_lists
from premigrate.ruleset.check_types import check_conditions
from premigrate.ruleset.crosscheck import check_list_columns
from premigrate.ruleset.kinds import family
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import SCALAR_TYPES
from premigrate.ruleset.path_resolver import PathError, PathResolver, PathType


def check_cohort_rules(draft: RulesetDraft, rules: tuple[CohortRule, ...]) -> None:
    """Report every undefined name in cohort rules; ``rules`` are the enabled ones."""
    root = draft.market.root or ""
    if root not in draft.objects:
        return  # reported by check_references
    resolver = PathResolver(draft.objects, root)
    for each in draft.cohort_rules.values():
        check_example_lists(draft, each, "cohort")
    for rule in (each for each in rules if each.id not in draft.report.failed_tables):  # it may be disabled there
        file, place = draft.sources[f"cohort {rule.id}"], f"[[cohort]] {rule.id}"
        if rule.id in draft.rules:
            draft.report.add(file, place, "a rule has this id already; choose another name")
        for name, columns, first in rule.lists():
            check_list_columns(draft, file, place, name, (columns, first))
        _check_columns(draft, file, place, rule)
        try:
            resolve_cohort_rule_paths(draft, resolver, rule)
        except PathError as error:
            draft.report.add(file, place, str(error))


def _check_columns(draft: RulesetDraft, file: str, place: str, rule: CohortRule) -> None:
    """Report undeclared columns of ``same``; `CohortRule.lists` omits them, since a supplied list may lack them."""
    if rule.listed and rule.listed.in_ in draft.lists:
        known = draft.lists[rule.listed.in_].columns
        for column in rule.listed.columns[len(rule.key.of) :]:
            if column not in known:
                draft.report.add_unknown(file, place, f"column of the list {rule.listed.in_}", column, known)


def resolve_cohort_rule_paths(draft: RulesetDraft, resolver: PathResolver, rule: CohortRule) -> None:
    """Resolve all paths of a cohort rule.

    Raises:
        PathError: a path cannot be resolved, or does not lead to a single value.

    """
    start = resolver.resolve_place(draft.market.root or "")
    if rule.for_each:
        start = resolver.resolve(start, rule.for_each)
        if start.is_list or start.name not in draft.objects:
            raise PathError(
                f"for_each leads to {rule.for_each!r}, which is not an object; write [] after a list of objects"
            )
    for _, path in rule.paths():
        if "[]" in path:
            raise PathError(
                f"{path!r} leads to several values; name the list in for_each, and here only the path inside it"
            )
        _check_value(draft, resolver.resolve(start, path), path)
    check_conditions(resolver, rule.where, start)


def _check_value(draft: RulesetDraft, kind: PathType, path: str) -> None:
    """Raise PathError unless a path leads to a single value, of the same type in all variants that have it."""
    if kind.is_list or kind.name not in SCALAR_TYPES:
        raise PathError(f"{path!r} is not a single value")
    key = path.rpartition(".")[2]
    if kind.parent and kind.parent.name not in draft.objects:
        raise PathError(f"{path!r} leads into a value whose keys are not declared")
    specs = family(kind.parent.name, draft.objects) if kind.parent else ()
    fields = [spec.fields[key] for spec in specs if key in spec.fields]
    if any((field.list, field.type) != (None, kind.name) for field in fields):
        raise PathError(f"{path!r} has another type in some variants; a key must have one type in all of them")
