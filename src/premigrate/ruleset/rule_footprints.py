"""Finds out what each rule of a draft stands on: the fields it looks at, or why there is no such place."""

from typing import NamedTuple

from premigrate.ruleset.crosscheck import follow_rule
from premigrate.ruleset.crosscheck_cohort import follow_cohort_rule
from premigrate.ruleset.merge import Draft
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.path_resolver import DeadEndError, Resolver


class Ground(NamedTuple):
    """What a rule stands on: the fields it looks at, as object and key; ``dead_end`` says why it can't hold here."""

    fields: frozenset[tuple[str, str]]
    dead_end: str = ""


def survey_rules(draft: Draft) -> dict[str, Ground]:
    """Survey all rules by id, those across accounts too, whether they are on or off."""
    resolver = Resolver(draft.objects, draft.market.root or "")
    return {name: _survey(draft, resolver, name) for name in (*draft.rules, *draft.cohort)}


def _survey(draft: Draft, resolver: Resolver, name: str) -> Ground:
    resolver.seen.clear()
    rule = draft.rules.get(name)
    reason = "" if rule is None or has_form(draft, rule) else "nothing says what its format is here"
    try:
        if rule:
            _follow_where_it_can(resolver, rule)
        else:
            follow_cohort_rule(draft, resolver, draft.cohort[name])
    except DeadEndError as error:
        reason = str(error)
    return Ground(frozenset(resolver.seen), reason)


def has_form(draft: Draft, rule: Rule) -> bool:
    """Tell whether there is what a rule's format stands for, in this market's country if it names no other."""
    if rule.format is None:
        return True
    scheme = draft.schemes.get(rule.format.is_)
    if scheme is None or rule.format.territory is not None:
        return scheme is not None
    return not scheme.territories or draft.market.territory in scheme.territories


def _follow_where_it_can(resolver: Resolver, rule: Rule) -> None:
    """Follow a rule from its places; fields that were dropped are no place, unless there is no other."""
    places = [on for on in rule.places if resolver.has_place(on)] or rule.places
    for on in places:
        follow_rule(resolver, rule, on)
