"""Collects the published validations, with their state in each market and the reference lists that they need."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, get_args

from premigrate.describe.constraints import list_constraints
from premigrate.describe.market_states import MarketState, cohort_state_of, state_of
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.model.table import Basis


@dataclass(frozen=True, slots=True)
class Validation:
    """A validation of the platform, an advice of premigrate, or a cohort rule, with one of its codes."""

    id: str
    code: str
    level: str
    basis: str
    object: str
    rules: tuple[str, ...]
    states: dict[str, tuple[MarketState, ...]]
    """The state in each market; several if rules of the validation differ."""


def list_validations(rulesets: Iterable[Ruleset]) -> list[Validation]:
    """Return the validations that are implemented as rules, in the order of the rule files."""
    found: dict[tuple[str, str], dict[str, list[tuple[Rule, MarketState]]]] = {}
    for ruleset in rulesets:
        for rule in (*ruleset.rules, *ruleset.disabled):
            entry = found.setdefault((rule.validation or rule.id, rule.code), {})
            entry.setdefault(ruleset.market, []).append((rule, state_of(rule, ruleset)))
    return [_validation(*key, entry) for key, entry in found.items()]


def _validation(name: str, code: str, entry: dict[str, list[tuple[Rule, MarketState]]]) -> Validation:
    rules = {rule.id: rule for rules in entry.values() for rule, _ in rules}
    first = next(iter(rules.values()))
    states = {market: _merged_states(state for _, state in found) for market, found in sorted(entry.items())}
    place = first.places[0].partition(".")[0]
    return Validation(name, code, first.level, first.basis, place, tuple(rules), states)


def _merged_states(states: Iterable[MarketState]) -> tuple[MarketState, ...]:
    """Return the distinct states; states of rules that are off only if all rules of the validation are off."""
    found = sorted(set(states))
    on = tuple(state for state in found if state.state not in {"off", "not for this market"})
    return on or tuple(found)


def list_cohort_rules(rulesets: Iterable[Ruleset]) -> list[Validation]:
    """Return the cohort rules, in the order of the rule files."""
    found: dict[str, dict[str, tuple[CohortRule, MarketState]]] = {}
    for ruleset in rulesets:
        for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules):
            found.setdefault(rule.id, {})[ruleset.market] = rule, cohort_state_of(rule, ruleset)
    return [_cohort_validation(name, entry) for name, entry in found.items()]


def _cohort_validation(name: str, entry: dict[str, tuple[CohortRule, MarketState]]) -> Validation:
    rule = next(rule for rule, _ in entry.values())
    states: dict[str, tuple[MarketState, ...]] = {market: (state,) for market, (_, state) in sorted(entry.items())}
    return Validation(name, rule.code, "cohort", rule.basis, rule.for_each or "", (name,), states)


def list_tenant_choices(rulesets: Iterable[Ruleset]) -> dict[str, str]:
    """Return the fields whose choices the tenant defines, with the reference list that holds the choices."""
    fields = (
        (f"{name}.{key}", field.listed)
        for ruleset in rulesets
        for name, spec in ruleset.objects.items()
        for key, field in spec.fields.items()
    )
    return {place: listed for place, listed in fields if listed}


def list_reference_lists(rulesets: Iterable[Ruleset]) -> Iterator[dict[str, Any]]:
    """Yield the reference lists with their description, their columns, and the markets whose rules include them."""
    rulesets = list(rulesets)
    for name in sorted({name for ruleset in rulesets for name in ruleset.lists}):
        specs = {ruleset.market: ruleset.lists[name] for ruleset in rulesets if name in ruleset.lists}
        spec = next(iter(specs.values()))
        shipped = sorted(market for market, each in specs.items() if each.values is not None)
        yield {"list": name, "description": spec.about or "", "columns": list(spec.columns), "included_in": shipped}


def list_facts(rulesets: Iterable[Ruleset]) -> Iterator[dict[str, Any]]:
    """Yield the facts of tenants with their description, the rules that depend on them, and the values stated."""
    rulesets = list(rulesets)
    rules = {rule.id: rule for ruleset in rulesets for rule in (*ruleset.rules, *ruleset.disabled)}
    for name, fact in sorted({name: fact for ruleset in rulesets for name, fact in ruleset.facts.items()}.items()):
        stated = {ruleset.market: ruleset.tenant[name] for ruleset in rulesets if name in ruleset.tenant}
        dependent = [rule.id for rule in rules.values() if name in rule.if_tenant]
        yield {"fact": name, "description": fact.about, "rules": dependent, "stated": stated}


def count_detail_bases(rulesets: Iterable[Ruleset]) -> dict[Basis, int]:
    """Return the number of error codes by how their text is known, without those that no code has."""
    bases = {code: spec.detail_basis for ruleset in rulesets for code, spec in ruleset.codes.items()}
    counts = Counter(bases.values())
    return {basis: counts[basis] for basis in get_args(Basis) if counts[basis]}


def _list_not_applicable(rulesets: list[Ruleset]) -> dict[str, dict[str, Any]]:
    """Return the validations without a rule, with the markets that have none."""
    found: dict[str, dict[str, Any]] = {}
    for ruleset in rulesets:
        for each in ruleset.not_applicable:
            for name, codes in each.validations.items():
                entry = {"codes": list(codes), "reason": each.why, "source": each.source, "markets": []}
                found.setdefault(name, entry)["markets"].append(ruleset.market)
    return found


def catalogue_data(rulesets: Iterable[Ruleset]) -> dict[str, Any]:
    """Return the whole catalogue as data that can be serialized as JSON."""
    rulesets = list(rulesets)
    return {
        "markets": {ruleset.market: ruleset.title for ruleset in rulesets},
        "validations": [asdict(each) for each in list_validations(rulesets)],
        "constraints": [asdict(each) for each in list_constraints(rulesets)],
        "detail_bases": count_detail_bases(rulesets),
        "cohort_rules": [asdict(each) for each in list_cohort_rules(rulesets)],
        "choices": list_tenant_choices(rulesets),
        "lists": list(list_reference_lists(rulesets)),
        "facts": list(list_facts(rulesets)),
        "not_applicable": _list_not_applicable(rulesets),
    }
