"""Collects the constraints in the texts of fields, with what checks each of them in each market."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from premigrate.describe.explain_field import describe_limits
from premigrate.describe.market_states import MarketState, cohort_state_of, state_of
from premigrate.ruleset.constraints import load_constraints
from premigrate.ruleset.model.constraints import Constraint
from premigrate.ruleset.model.fields import FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset

_ACTIVE = {"checked", "needs fact", "needs list"}

Answer: TypeAlias = Literal["rules", "field", "not checked"]
_RuleStates: TypeAlias = dict[str, dict[str, MarketState]]
_NOT_HERE = MarketState("not for this market")


@dataclass(frozen=True, slots=True)
class ListedConstraint:
    """A constraint with its answer.

    ``rules`` holds the state of each rule in each market. ``field`` describes the type and the limits of the field.
    ``reason`` is why nothing checks the constraint, ``note`` what the rules or the field leave open.
    """

    on: str
    says: str
    source: str
    answer: Answer
    rules: _RuleStates
    field: str = ""
    reason: str = ""
    note: str = ""

    @property
    def is_inactive(self) -> bool:
        """Whether there are rules, but in every market each of them is off or can only be checked by the platform."""
        states = [state.state for by_market in self.rules.values() for state in by_market.values()]
        return bool(states) and not _ACTIVE.intersection(states)


def list_constraints(rulesets: Iterable[Ruleset]) -> list[ListedConstraint]:
    """Return the constraints on fields that at least one of the markets has. Raises BadRules."""
    rulesets = list(rulesets)
    fields = {
        f"{name}.{key}": field
        for ruleset in reversed(rulesets)
        for name, spec in ruleset.objects.items()
        for key, field in spec.fields.items()
    }
    states = {ruleset.market: _states_by_rule(ruleset) for ruleset in rulesets}
    return [_listed(each, fields[each.on], states) for each in load_constraints() if each.on in fields]


def _states_by_rule(ruleset: Ruleset) -> dict[str, MarketState]:
    states = {rule.id: state_of(rule, ruleset) for rule in (*ruleset.rules, *ruleset.disabled)}
    for rule in (*ruleset.cohort_rules, *ruleset.disabled_cohort_rules):
        states[rule.id] = cohort_state_of(rule, ruleset)
    return states


def _listed(constraint: Constraint, field: FieldSpec, states: dict[str, dict[str, MarketState]]) -> ListedConstraint:
    rules = {
        rule_id: {market: by_rule.get(rule_id, _NOT_HERE) for market, by_rule in states.items()}
        for rule_id in constraint.rules
    }
    return ListedConstraint(
        on=constraint.on,
        says=constraint.says,
        source=constraint.source,
        answer="rules" if rules else "field" if constraint.by_field else "not checked",
        rules=rules,
        field=describe_field(field) if constraint.by_field else "",
        reason=constraint.reason or "",
        note=constraint.note or "",
    )


def describe_field(field: FieldSpec) -> str:
    """Return the type and the limits of a field in words."""
    kind = f"list of {field.list}" if field.list else field.type or f"object {field.object}"
    parts = [f"{'required' if field.required else 'optional'} {kind}"]
    if field.blank:
        parts.append("blank allowed")
    parts += describe_limits(field)
    if field.choices:
        parts.append(f"one of {', '.join(field.choices)}")
    if field.listed:
        parts.append(f"choices in the list {field.listed}")
    return ", ".join(parts)
