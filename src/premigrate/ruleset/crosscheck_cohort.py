"""Checks that the names in cohort rules are defined, and that each part of a key is a single value."""

from premigrate.ruleset.check_types import check_conditions
from premigrate.ruleset.crosscheck import check_list
from premigrate.ruleset.merge import Draft
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import SCALARS
from premigrate.ruleset.path_resolver import DeadEndError, Kind, Resolver


def check_cohort(draft: Draft, rules: tuple[CohortRule, ...]) -> None:
    """Report every undefined name in cohort rules; ``rules`` are the enabled ones."""
    root = draft.market.root or ""
    if root not in draft.objects:
        return  # reported by check_references
    resolver = Resolver(draft.objects, root)
    for rule in rules:
        file, place = draft.sources[f"cohort {rule.id}"], f"[[cohort]] {rule.id}"
        if rule.id in draft.rules:
            draft.report.add(file, place, "a rule has this id already; choose another name")
        for name, columns, first in rule.lists():
            check_list(draft, file, place, name, (columns, first))
        _check_columns(draft, file, place, rule)
        try:
            follow_cohort_rule(draft, resolver, rule)
        except DeadEndError as error:
            draft.report.add(file, place, str(error))


def _check_columns(draft: Draft, file: str, place: str, rule: CohortRule) -> None:
    """Report undeclared columns of ``same``; `CohortRule.lists` omits them, since a supplied list may lack them."""
    if rule.listed and rule.listed.in_ in draft.lists:
        known = draft.lists[rule.listed.in_].columns
        for column in rule.listed.columns[len(rule.key.of) :]:
            if column not in known:
                draft.report.unknown(file, place, f"column of the list {rule.listed.in_}", column, known)


def follow_cohort_rule(draft: Draft, resolver: Resolver, rule: CohortRule) -> None:
    """Resolve all paths of a cohort rule.

    Raises:
        DeadEndError: a path can't be resolved, or does not lead to a single value.

    """
    start = resolver.place(draft.market.root or "")
    if rule.each:
        start = resolver.follow(start, rule.each)
        if start.many or start.name not in draft.objects:
            raise DeadEndError(f"each leads to {rule.each!r}, which is no object; write [] behind a list of objects")
    for _, path in rule.paths():
        if "[]" in path:
            raise DeadEndError(f"{path!r} leads to several values; name the list in each, and what is in it here")
        _check_value(draft, resolver.follow(start, path), path)
    check_conditions(resolver, rule.where, start)


def _check_value(draft: Draft, kind: Kind, path: str) -> None:
    """Raise DeadEndError unless a path leads to a single value that all variants of its object have."""
    if kind.many or kind.name not in SCALARS:
        raise DeadEndError(f"{path!r} is no single value")
    spec = draft.objects[kind.up.name] if kind.up else None
    key = path.rpartition(".")[2]
    if spec and key not in spec.fields and key != spec.select:
        raise DeadEndError(f"{path!r} belongs to some variants only; a key is of the fields that all of them share")
