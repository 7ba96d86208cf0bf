"""Renders the list of the rules of a market, and the explanation of one topic."""

from collections.abc import Iterable, Iterator, Mapping

from premigrate.describe.catalogue import list_facts, list_reference_lists
from premigrate.describe.detail_bases import DETAIL_BASES
from premigrate.describe.examples import format_example, wrap
from premigrate.describe.explain_cohort import render_cohort_topic
from premigrate.describe.explain_field import render_fact, render_field, render_list, render_object
from premigrate.describe.explain_fixes import render_fix, render_fixes_for
from premigrate.describe.fields import paths_of_fields
from premigrate.describe.market import FRAMEWORK_EXPLANATION
from premigrate.describe.market_states import format_facts, missing_lists
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.results import advice_id
from premigrate.ruleset.model.codes import AdviceCode, ErrorCode
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.scheme_examples import expand_scheme_values


def render_rules(ruleset: Ruleset) -> Iterator[str]:
    """Yield the list of the rules of a market, with missing reference lists, and the reasons why rules are off."""
    rules = {rule.id: rule for rule in ruleset.rules}  # a rule may be written differently at some places
    yield f"{ruleset.market}  {ruleset.title}: {len(rules)} rules, {len(ruleset.off_reasons)} off"
    for rule in rules.values():
        yield f"  {rule.id} [{rule.code}] {rule.level}, {rule.basis}{_needs(rule, ruleset)}"
    for each in ruleset.cohort_rules:
        needs = f"; needs {', '.join(lists)}" if (lists := missing_lists(each, ruleset)) else ""
        yield f"  {each.id} [{each.code}] across accounts, {each.basis}{needs}"
    for rule_id, reason in ruleset.off_reasons.items():
        yield wrap(f"off: {rule_id}: {reason}", "  ")


def _needs(rule: Rule, ruleset: Ruleset) -> str:
    """Return what a rule needs to be checked, or why it does not apply; empty if it is checked."""
    if rule.server_only:
        return "; only the server can check it"
    if contradicting := ruleset.contradicting_facts(rule):
        return f"; does not apply: [tenant] states {format_facts(contradicting)}"
    facts = [f"[tenant] {name}" for name in ruleset.unstated_facts(rule)]
    needed = [*facts, *missing_lists(rule, ruleset)]
    return f"; needs {', '.join(needed)}" if needed else ""


def render_lists(rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the list of the reference lists and facts that a user can supply."""
    rulesets = list(rulesets)
    yield "Reference lists, each in a file with this name (.txt, .csv) or under this key (.toml):"
    for each in list_reference_lists(rulesets):
        columns = f" ({', '.join(each['columns'])})" if len(each["columns"]) > 1 else ""
        shipped = f" Included for {', '.join(each['included_in'])}." if each["included_in"] else ""
        yield wrap(f"{each['list']}{columns}: {each['description']}{shipped}", "  ")
    yield "Facts, each true or false under [tenant] in an overlay:"
    for each in list_facts(rulesets):
        stated = "".join(f" Stated for {market}: {str(value).lower()}." for market, value in each["stated"].items())
        yield wrap(f"{each['fact']}: {each['description']}{stated}", "  ")


def find_topics(rulesets: list[Ruleset]) -> set[str]:
    """Return all topics that can be explained.

    These are the ids and codes of rules, validations (also inapplicable ones) and advice, the ids of fixes, the plain
    paths of fields, and the names of objects, their fields, reference lists and facts.
    """
    rules = [rule for ruleset in rulesets for rule in (*ruleset.rules, *ruleset.disabled)]
    topics = {name for rule in rules for name in (rule.id, rule.validation) if name}
    for ruleset in rulesets:
        topics.update(*((rule.id, rule.code) for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules)))
        topics.update(fix.id for fix in ruleset.fixes)
        topics.update(ruleset.off_reasons, ruleset.codes, ruleset.advice, map(advice_id, ruleset.advice))
        topics.update(*(each.validations.keys() for each in ruleset.not_applicable))
        topics.update(code for each in ruleset.not_applicable for codes in each.validations.values() for code in codes)
        topics.update(ruleset.lists, ruleset.facts, ruleset.objects, paths_of_fields(ruleset))
        topics.update(f"{name}.{key}" for name, spec in ruleset.objects.items() for key in spec.fields)
    return topics | {FRAMEWORK_RULE_ID}


def render_topic(topic: str, rulesets: list[Ruleset]) -> Iterator[str]:
    """Yield the explanation of one of the `find_topics`; of each, if several things have the name.

    A rule, a validation or a code is explained by its meaning, its source, and good and bad examples: a code with all
    rules that use it, a rule with its code. Advice has an id and a code, and the id is the one that switches it off.
    """
    if topic == FRAMEWORK_RULE_ID:
        yield FRAMEWORK_RULE_ID
        yield wrap(FRAMEWORK_EXPLANATION, "  ")
    yield from render_field(topic, rulesets)
    yield from render_object(topic, rulesets)
    yield from render_list(topic, rulesets)
    yield from render_fact(topic, rulesets)
    known: dict[str, ErrorCode | AdviceCode] = {}
    for ruleset in reversed(rulesets):
        known |= {**ruleset.codes, **ruleset.advice}
    by_id = {advice_id(code): code for ruleset in rulesets for code in ruleset.advice}
    topics = {topic, by_id.get(topic, topic)}
    disabled = {rule.id: (rule, ruleset) for ruleset in reversed(rulesets) for rule in ruleset.disabled}
    rules = {**disabled, **{rule.id: (rule, ruleset) for ruleset in reversed(rulesets) for rule in ruleset.rules}}
    found = [each for each in rules.values() if topics & {each[0].id, each[0].validation, each[0].code}]
    for code in sorted({*topics, *(rule.code for rule, _ in found)} & known.keys()):
        yield from _render_code(code, known[code])
    for rule, ruleset in found:
        holds_in = [each.market for each in rulesets if any(rule.id == other.id for other in each.rules)]
        yield from _render_rule(rule, ruleset, holds_in)
    yield from render_cohort_topic(topic, rulesets)
    yield from render_fix(topic, rulesets)
    yield from render_fixes_for(topics, (rule for rule, _ in found), rulesets)
    switches = [*dict.fromkeys([topic, *(rule.id for rule, _ in found), *map(advice_id, sorted(topics))])]
    for ruleset in rulesets:
        for name in (name for name in switches if name in ruleset.off_reasons):
            yield wrap(f"{name} does not apply in {ruleset.market}: {ruleset.off_reasons[name]}")
    yield from _render_not_applicable(topic, rulesets)


def _render_not_applicable(topic: str, rulesets: list[Ruleset]) -> Iterator[str]:
    """Yield why a validation, or those with a code, have no rule in the markets, or in some of them."""
    found: dict[str, list[str]] = {}
    for ruleset in rulesets:
        for each in ruleset.not_applicable:
            for name, codes in each.validations.items():
                if topic in {name, *codes}:
                    entry = f"{name} [{', '.join(codes)}] {{}}: {each.why} ({each.source})"
                    found.setdefault(entry, []).append(ruleset.market)
    for entry, markets in found.items():
        where = "does not apply in " + ("any market" if len(markets) == len(rulesets) else ", ".join(markets))
        yield wrap(entry.replace("{}", where, 1))


def _render_code(code: str, spec: ErrorCode | AdviceCode) -> Iterator[str]:
    yield code
    yield wrap(spec.meaning, "  ")
    if isinstance(spec, AdviceCode):
        yield f"  Advice of premigrate, never part of a response of the API. Id: {advice_id(code)}"
        yield wrap(f"Text: {spec.detail}", "  ")
        if spec.example is not None:
            yield f"  Example: {format_example(spec.example)}"
        return
    for text in dict.fromkeys([spec.detail] if spec.detail else spec.details.values()):
        yield wrap(f"Text: {text}", "  ")
    yield wrap(f"Basis of the text: {spec.detail_basis}. {DETAIL_BASES[spec.detail_basis]}", "  ")
    yield wrap(f"Source of the code: {spec.source}", "  ")


def _render_changes(rule: Rule, ruleset: Ruleset) -> Iterator[str]:
    if change := ruleset.attr_changes.get(rule.id):
        yield wrap(f"Reported at {change.attr}: {change.because} ([attr_change])", "  ")
    if renamed := ruleset.code_changes.get(rule.id):
        yield wrap(f"Reported with the code {renamed.code}: {renamed.because} ([code_change])", "  ")


def _render_rule(rule: Rule, ruleset: Ruleset, markets: list[str]) -> Iterator[str]:
    yield ""
    yield f"{rule.id} (in {', '.join(markets)})" if markets else f"{rule.id} (off)"
    yield wrap(rule.why, "  ")
    parts = [each for each in (*ruleset.rules, *ruleset.disabled) if each.id == rule.id]
    yield wrap(f"Reads: {', '.join(place for part in parts for place in part.places)}", "  ")
    yield from _render_changes(rule, ruleset)
    if rule.validation:
        yield f"  Part of the validation: {rule.validation}"
    yield wrap(f"Evidence: {rule.basis} ({rule.evidence})", "  ")
    for name in sorted({name for name, *_ in rule.lists()}):
        yield wrap(f"Uses the reference list {name}: {ruleset.lists[name].about}", "  ")
    if rule.if_tenant:
        yield wrap(f"Checked only if [tenant] states {format_facts(rule.if_tenant)}", "  ")
        for name in rule.if_tenant:
            yield wrap(f"The fact {name}: {ruleset.facts[name].about}", "  ")
    if rule.server_only:
        yield wrap(f"Never checked, because only the server has the data: {rule.server_only}", "  ")
        return
    for word, examples in rule_examples(rule, ruleset).items():
        yield from (f"  {word}: {example}" for example in examples)


def rule_examples(rule: Rule, ruleset: Ruleset) -> Mapping[str, list[str]]:
    """Return the examples of a rule as lines of JSON, by their kind; those of a format rule are in its scheme."""
    lists = {"example_lists": [f"{name}: {format_example(rows)}" for name, rows in rule.example_lists.items()]}
    good, bad = list(rule.good), list(rule.bad)
    if rule.format:
        if rule.format.is_ not in ruleset.schemes:  # the market disables the rule
            return {}
        form = ruleset.schemes[rule.format.is_].arguments_for(ruleset.territory)
        first = form.model_copy(update={"good": form.good[:1], "bad": form.bad[:1]})
        good = expand_scheme_values(good, first) or list(first.good)
        bad = expand_scheme_values(bad, first) or list(first.bad)
    return {**lists, "good": list(map(format_example, good)), "bad": list(map(format_example, bad))}
