"""Determines the footprint of each rule of a draft: the fields it reads, or why it can't apply."""

from typing import NamedTuple

from premigrate.ruleset.crosscheck import follow_rule
from premigrate.ruleset.crosscheck_cohort import follow_cohort_rule
from premigrate.ruleset.merge import Draft
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.path_resolver import DeadEndError, Resolver


class Ground(NamedTuple):
    """The fields a rule reads, as (object, key); ``dead_end`` says why it can't apply, and is empty if it can."""

    fields: frozenset[tuple[str, str]]
    dead_end: str = ""


def survey_rules(draft: Draft) -> dict[str, Ground]:
    """Return the footprints of all rules and cohort rules by id, whether they are on or off."""
    resolver = Resolver(draft.objects, draft.market.root or "")
    return {name: _footprint_of(draft, resolver, name) for name in (*draft.rules, *draft.cohort)}


def _footprint_of(draft: Draft, resolver: Resolver, name: str) -> Ground:
    resolver.seen.clear()
    rule = draft.rules.get(name)
    reason = "" if rule is None or has_form(draft, rule) else "nothing says what its format is here"
    try:
        if rule:
            _follow_existing_places(resolver, rule)
        else:
            follow_cohort_rule(draft, resolver, draft.cohort[name])
    except DeadEndError as error:
        reason = str(error)
    return Ground(frozenset(resolver.seen), reason)


def has_form(draft: Draft, rule: Rule) -> bool:
    """Return whether a rule's format is defined, for the market's country if the rule reads no other."""
    if rule.format is None:
        return True
    scheme = draft.schemes.get(rule.format.is_)
    if scheme is None or rule.format.territory is not None:
        return scheme is not None
    return not scheme.territories or draft.market.territory in scheme.territories


def _follow_existing_places(resolver: Resolver, rule: Rule) -> None:
    """Resolve a rule from its places, without dropped fields; if all are dropped, let the resolver report them."""
    places = [on for on in rule.places if resolver.has_place(on)] or rule.places
    for on in places:
        follow_rule(resolver, rule, on)
