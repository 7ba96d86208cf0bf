"""Checks the names in fixes, and keeps the fixes that apply in a market."""

from collections.abc import Mapping

from premigrate.results import advice_id
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.path_resolver import PathResolver


def check_fixes(draft: RulesetDraft) -> None:
    """Report every code, rule, scheme and field that a fix names and that is not defined."""
    resolver = PathResolver(draft.objects, draft.market.root or "")
    codes = {**draft.codes, **draft.advice}
    formats = {rule.format.is_ for rule in draft.rules.values() if rule.format} | draft.schemes.keys()
    others = draft.rules.keys() | draft.cohort_rules.keys() | set(map(advice_id, draft.advice))
    for fix in draft.fixes.values():
        file, place = draft.sources[f"fix {fix.id}"], f"[[fix]] {fix.id}"
        if fix.id in others:
            draft.report.add(file, place, "is already the id of a rule or advice; choose another name")
        for kind, names, known in (("code", fix.codes, codes), ("rule", fix.rules, draft.rules)):
            for name in (name for name in names if name not in known):
                draft.report.add_unknown(file, f"{place} {kind}s", kind, name, sorted(known))
        for name in (name for name in fix.formats if name not in formats):
            draft.report.add_unknown(file, f"{place} formats", "scheme", name, sorted(formats))
        for on in fix.on:
            if not resolver.has_place(on) and tuple(on.split(".")) not in draft.dropped_fields:
                draft.report.add(file, f"{place} on {on}", "no object has such a field")


def fixes_in_use(draft: RulesetDraft, off: Mapping[str, str]) -> tuple[Fix, ...]:
    """Return the fixes that are on, without the fields that the market does not have."""
    resolver = PathResolver(draft.objects, draft.market.root or "")
    kept = []
    for fix in draft.fixes.values():
        on = tuple(place for place in fix.on if resolver.has_place(place))
        if fix.id not in off and (on or not fix.on):
            kept.append(fix if on == fix.on else fix.model_copy(update={"on": on}))
    return tuple(kept)
