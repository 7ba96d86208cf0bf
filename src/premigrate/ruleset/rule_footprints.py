"""Determines the footprint of each rule of a draft: the fields it reads, or why it cannot apply."""

from typing import NamedTuple

from premigrate.ruleset.crosscheck import resolve_rule_paths
from premigrate.ruleset.crosscheck_cohort import resolve_cohort_rule_paths
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.path_resolver import PathError, PathResolver


class Footprint(NamedTuple):
    """The fields a rule reads, as (object, key); ``unresolved`` says why it cannot apply, and is empty if it can."""

    fields: frozenset[tuple[str, str]]
    unresolved: str = ""


def footprints_of(draft: RulesetDraft) -> dict[str, Footprint]:
    """Return the footprints of all rules and cohort rules by id, whether they are on or off."""
    resolver = PathResolver(draft.objects, draft.market.root or "")
    return {name: _footprint_of(draft, resolver, name) for name in (*draft.rules, *draft.cohort_rules)}


def _footprint_of(draft: RulesetDraft, resolver: PathResolver, name: str) -> Footprint:
    resolver.fields_read.clear()
    rule = draft.rules.get(name)
    reason = "" if rule is None or has_format(draft, rule) else "its format is not defined here"
    try:
        if rule:
            for part in (rule, *draft.split_rules.get(name, ())):
                _follow_existing_places(resolver, part)
        else:
            resolve_cohort_rule_paths(draft, resolver, draft.cohort_rules[name])
    except PathError as error:
        reason = str(error)
    return Footprint(frozenset(resolver.fields_read), reason)


def has_format(draft: RulesetDraft, rule: Rule) -> bool:
    """Return whether a rule's format is defined, for the market's country if the rule reads no other."""
    if rule.format is None:
        return True
    scheme = draft.schemes.get(rule.format.is_)
    if scheme is None or rule.format.territory is not None:
        return scheme is not None
    return not scheme.territories or draft.market.territory in scheme.territories


def _follow_existing_places(resolver: PathResolver, rule: Rule) -> None:
    """Resolve a rule from its places, without dropped fields; if all are dropped, let the resolver report them."""
    places = [on for on in rule.places if resolver.has_place(on)] or rule.places
    for on in places:
        resolve_rule_paths(resolver, rule, on)
