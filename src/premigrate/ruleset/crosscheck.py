"""Checks that the names in rule files are defined: objects, fields, codes, schemes, reference lists and rules."""

from premigrate.results import advice_id
from premigrate.ruleset.check_attrs import check_attr
from premigrate.ruleset.check_lists import check_example_lists, check_lists
from premigrate.ruleset.check_objects import check_objects
from premigrate.ruleset.check_schemes import check_scheme_country, check_schemes
from premigrate.ruleset.check_types import check_types
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.path_resolver import PathError, PathResolver
from premigrate.ruleset.problems import unknown_name_message
from premigrate.ruleset.timezones import check_timezones


def check_names(draft: RulesetDraft, rules: tuple[Rule, ...]) -> None:
    """Report every undefined name in the draft; ``rules`` are the enabled ones."""
    resolver = PathResolver(draft.objects, draft.market.root or "")
    if _check_market(draft):
        check_objects(draft, resolver)
        _check_switches(draft)
        check_schemes(draft)
        check_lists(draft)
        _check_facts(draft)
        for each in draft.rules.values():
            check_example_lists(draft, each, "rule")
        for rule in rules:
            if rule.id in draft.report.failed_tables:
                continue  # it may be disabled there
            # An overlay may drop fields that a shipped rule reads if the rule is not checked anyway.
            if _has_its_facts(draft, rule) or not _is_shipped(draft, draft.sources[f"rule {rule.id}"]):
                _check_rule(draft, resolver, rule)


def _check_market(draft: RulesetDraft) -> bool:
    """Check the market table; return whether its root object is usable, which all other checks need."""
    market, report, file = draft.market, draft.report, draft.sources.get("market", "market.toml")
    if market.timezones:
        check_timezones(draft.sources["timezone"], market.timezones, report)
    if market.refusal and market.refusal not in draft.codes:
        report.add_unknown(file, "[market] refusal", "code", market.refusal, draft.codes)
    elif market.refusal and not draft.codes[market.refusal].detail:
        report.add(file, "[market] refusal", f"{market.refusal} has no text")
    root = draft.objects.get(market.root or "")
    if market.root and not root:
        report.add_unknown(file, "[market] root", "object", market.root, draft.objects)
    return bool(root)


def _check_switches(draft: RulesetDraft) -> None:
    known = draft.rules.keys() | draft.cohort_rules.keys() | draft.fixes.keys() | set(map(advice_id, draft.advice))
    for name in sorted(draft.switches.keys() - known - draft.report.failed_tables):
        message = _unknown_switch_message(draft, name, known)
        draft.report.add(draft.sources[f"switch {name}"], f"[disabled] or [enabled] {name}", message)
    for table, changes in (("attr_change", draft.attr_changes), ("code_change", draft.code_changes)):
        for name in sorted(changes.keys() - draft.rules.keys()):
            file = draft.sources[f"{table} {name}"]
            draft.report.add_unknown(file, f"[{table}.{name}]", "rule", name, sorted(draft.rules))


def _unknown_switch_message(draft: RulesetDraft, name: str, known: set[str]) -> str:
    """Return what is wrong with an entry of ``[disabled]`` or ``[enabled]``, which may be a code instead of an id."""
    with_code = [rule.id for rule in draft.rules.values() if rule.code == name]
    if advice_id(name) in known:
        return f"an id is written with hyphens; did you mean {advice_id(name)!r}?"
    if with_code:
        return f"{name!r} is a code; write the id of a rule with this code: {', '.join(map(repr, with_code))}"
    return unknown_name_message("rule, advice or fix", name, sorted(known))


def _check_facts(draft: RulesetDraft) -> None:
    for name in draft.tenant.keys() - draft.facts.keys():
        draft.report.add_unknown(draft.sources[f"tenant {name}"], f"[tenant] {name}", "fact", name, draft.facts)


def _check_rule(draft: RulesetDraft, resolver: PathResolver, rule: Rule) -> None:
    file, place = draft.sources[f"rule {rule.id}"], f"[[rule]] {rule.id}"
    _check_names(draft, file, place, rule)
    for on in rule.places:
        try:
            resolve_rule_paths(resolver, rule, on)
        except PathError as error:
            if on.partition(".")[0] not in draft.report.failed_tables:
                hint = (
                    f"; list it under [disabled] in {draft.overlay} if it does not apply there"
                    if _is_shipped(draft, file)
                    else ""
                )
                draft.report.add(file, f"{place} on {on}", f"{error}{hint}")
    _check_default_attr(draft, resolver, rule)
    check_attr(draft, resolver, rule)


def _check_default_attr(draft: RulesetDraft, resolver: PathResolver, rule: Rule) -> None:
    """Report a rule without ``attr`` whose places have different defaults."""
    places = [on for on in rule.places if resolver.has_place(on)]
    if rule.attr is None and len({resolver.is_single_value(on) for on in places}) > 1:
        message = "names both single values and objects or lists, which report different attrs; add attr"
        draft.report.add(draft.sources[f"rule {rule.id}"], f"[[rule]] {rule.id} on", message)


def _has_its_facts(draft: RulesetDraft, rule: Rule) -> bool:
    return all(draft.tenant.get(name) is value for name, value in rule.if_tenant.items())


def _is_shipped(draft: RulesetDraft, file: str) -> bool:
    """Return whether there is an overlay and the rule is defined outside of it."""
    return draft.overlay is not None and file != draft.overlay


def resolve_rule_paths(resolver: PathResolver, rule: Rule, on: str) -> None:
    """Resolve all paths of a rule from one of its places.

    Raises:
        PathError: a path cannot be resolved, or leads to a type that the rule cannot work with.

    """
    starts = resolver.resolve_places(on)
    starts = resolver.resolve_all(starts, rule.for_each) if rule.for_each else starts
    for base, path in rule.paths():
        resolver.resolve_all(resolver.resolve_all(starts, base) if base else starts, path)
    check_types(resolver, rule, starts)


def _check_names(draft: RulesetDraft, file: str, place: str, rule: Rule) -> None:
    """Report an undefined code or scheme, and undefined facts and reference lists of a rule."""
    _check_code(draft, file, f"{place} code", rule)
    if rule.format and rule.format.is_ not in draft.schemes:
        draft.report.add_unknown(file, f"{place} format", "scheme", rule.format.is_, draft.schemes)
    elif rule.format:
        check_scheme_country(draft, file, place, rule)
    for name in rule.if_tenant.keys() - draft.facts.keys():
        draft.report.add_unknown(file, f"{place} if_tenant", "fact", name, draft.facts)
    for name, columns, first in rule.lists():
        check_list_columns(draft, file, place, name, (columns, first))


def _check_code(draft: RulesetDraft, file: str, place: str, rule: Rule) -> None:
    """Report an undefined code of a rule, and one that rules cannot have."""
    if rule.id in draft.code_changes:
        file, place = draft.sources[f"code_change {rule.id}"], f"[code_change.{rule.id}] code"
    texts = draft.advice if rule.level == "advice" else draft.codes
    if rule.code not in texts:
        draft.report.add_unknown(file, place, f"{rule.level} code", rule.code, texts)
    elif rule.level == "error" and not draft.codes[rule.code].detail:
        draft.report.add(file, place, f"{rule.code} belongs to the framework's own checks of fields")


def check_list_columns(
    draft: RulesetDraft, file: str, place: str, name: str, columns_used: tuple[tuple[str, ...], int]
) -> None:
    """Report an undeclared reference list, or a column it does not have.

    ``columns_used`` are the names of the columns that are used, and the number of columns that are used unnamed.
    """
    columns, first = columns_used
    if name not in draft.lists:
        draft.report.add_unknown(file, place, "reference list", name, draft.lists)
        return
    known = draft.lists[name].columns
    for column in columns:
        if column not in known:
            draft.report.add_unknown(file, place, f"column of the list {name}", column, known)
    if first > len(known):
        draft.report.add(file, place, f"compares {first} columns with the list {name}, which has {len(known)}")
