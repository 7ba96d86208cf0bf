"""Renders the catalogue of validations as Markdown, with the reasons why some of them are not checked."""

from collections import Counter
from collections.abc import Iterable, Iterator

from premigrate.describe.catalogue import (
    Validation,
    count_detail_bases,
    list_cohort_rules,
    list_facts,
    list_reference_lists,
    list_tenant_choices,
    list_validations,
)
from premigrate.describe.constraints import ListedConstraint, list_constraints
from premigrate.describe.detail_bases import DETAIL_BASES
from premigrate.describe.market_states import MarketState
from premigrate.ruleset.model.ruleset import Ruleset

_INTRO = """\
# Catalogue of validations

This page lists the validations that are published for the account-import API, the constraints that the texts of its
fields state, and the advice of premigrate, with the state of each in every market. `make catalogue` writes the page
from the rule files. `premigrate explain ID` describes a validation or a code in detail.

| state | meaning |
|---|---|
| checked | Every run checks it. |
| needs list | `--references` supplies the list; without it, accounts that need it have it in `not_checked`. |
| needs fact | `[tenant]` in an overlay states the fact; without it, accounts that need it have it in `not_checked`. |
| server only | It depends on data that only the server has, so no run checks it; accounts have it in `not_checked`. |
| off | No source shows that the market has it, or a setting of the tenant decides. An overlay can enable it. |
| not for this market | It cannot apply in this market. |
"""


def render_catalogue(rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the lines of the catalogue page."""
    rulesets = list(rulesets)
    validations = list_validations(rulesets)
    errors = [each for each in validations if each.level == "error"]
    constraints = list_constraints(rulesets)
    yield from _INTRO.splitlines()
    yield from _counts(errors, constraints, rulesets)
    yield from _detail_bases(rulesets)
    for name in dict.fromkeys(each.object for each in errors):
        yield from _table(f"Validations of {name}", [each for each in errors if each.object == name], rulesets)
    yield from _constraints(constraints)
    yield from _table("Advice", [each for each in validations if each.level == "advice"], rulesets)
    cohort = list_cohort_rules(rulesets)
    yield from _table("Rules across accounts", cohort, rulesets)
    yield from _reasons("Reasons for the state off", "off", [*validations, *cohort])
    yield from _reasons("Reasons for the state not for this market", "not for this market", validations)
    yield from _choices(rulesets)
    yield from _references(rulesets)
    yield from _facts(rulesets)
    yield from _not_applicable(rulesets[0])


def _counts(errors: list[Validation], constraints: list[ListedConstraint], rulesets: list[Ruleset]) -> Iterator[str]:
    yield from ("", "## Counts", "", "Published validations:", "")
    for ruleset in rulesets:
        counts = Counter(state.state for each in errors for state in each.states.get(ruleset.market, ())[:1])
        summary = ", ".join(f"{counts[word]} {word}" for word in sorted(counts, key=lambda word: -counts[word]))
        yield f"- {ruleset.title}: {summary}."
    yield f"- In none of these markets: {sum(len(each.validations) for each in rulesets[0].not_applicable)}."
    answers = Counter(each.answer for each in constraints)
    yield from ("", f"Constraints in the texts of fields, {len(constraints)} in all:", "")
    inactive = sum(each.is_inactive for each in constraints)
    yield f"- {answers['rules']} by rules; {inactive} of them only by rules that are off or server only everywhere."
    yield f"- {answers['field']} by the type or a limit of the field, or because it is optional."
    yield f"- {answers['not checked']} not checked, each with the reason."


def _detail_bases(rulesets: list[Ruleset]) -> Iterator[str]:
    yield from ("", "## Basis of the error texts", "")
    yield "Each error code has a `detail` text. The codes are published; the texts of most of them are not."
    yield from ("", "| basis | codes | meaning |", "|---|---|---|")
    for basis, count in count_detail_bases(rulesets).items():
        yield f"| {basis} | {count} | {DETAIL_BASES[basis]} |"


def _table(title: str, validations: list[Validation], rulesets: list[Ruleset]) -> Iterator[str]:
    markets = [ruleset.market for ruleset in rulesets]
    yield from ("", f"## {title}", "")
    yield f"| validation | code | basis | {' | '.join(markets)} |"
    yield "|---" * (3 + len(markets)) + "|"
    for each in validations:
        states = (" and ".join(map(_cell, each.states.get(market, ()))) or "-" for market in markets)
        yield f"| {each.id} | `{each.code}` | {each.basis} | {' | '.join(states)} |"


def _cell(state: MarketState) -> str:
    if state.state == "needs fact":
        needed = [*(f"fact `{name}`" for name in state.facts), *(f"list `{name}`" for name in state.lists)]
        return f"needs {', '.join(needed)}"
    if state.state == "needs list":
        return f"needs list {', '.join(f'`{name}`' for name in state.lists)}"
    if state.state == "off" and state.lists:
        return f"off, and needs list {', '.join(f'`{name}`' for name in state.lists)}"
    return state.state


def _constraints(constraints: list[ListedConstraint]) -> Iterator[str]:
    yield from ("", "## Constraints in the texts of fields", "")
    yield "The published texts of fields state these constraints. A rule without a state is checked in every market."
    yield from ("", "| field | constraint | answer |", "|---|---|---|")
    for each in constraints:
        yield f"| {each.on} | {each.says} | {_answer(each)} |"


def _answer(constraint: ListedConstraint) -> str:
    if constraint.answer == "not checked":
        return f"Not checked: {constraint.reason}"
    note = f"; {constraint.note}" if constraint.note else ""
    if constraint.answer == "field":
        return f"Field: {constraint.field}{note}"
    rules = (f"{rule_id}{_state_note(states)}" for rule_id, states in constraint.rules.items())
    return f"Rules: {', '.join(rules)}{note}"


def _state_note(states: dict[str, MarketState]) -> str:
    """Return the state of a rule in parentheses, by market if it differs; empty if it is checked in all markets."""
    cells = {market: _cell(state) for market, state in states.items()}
    distinct = set(cells.values())
    if distinct == {"checked"}:
        return ""
    if len(distinct) == 1:
        return f" ({distinct.pop()})"
    return f" ({', '.join(f'{market}: {cell}' for market, cell in cells.items() if cell != 'checked')})"


def _reasons(title: str, word: str, validations: list[Validation]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    for each in validations:
        by_reason: dict[str, list[str]] = {}
        for market, states in each.states.items():
            for state in states:
                if state.state == word:
                    by_reason.setdefault(state.reason, []).append(market)
        yield from (f"- {each.id} ({', '.join(markets)}): {reason}" for reason, markets in by_reason.items())


def _choices(rulesets: list[Ruleset]) -> Iterator[str]:
    yield from ("", "## Fields with choices in a reference list", "")
    yield "The tenant defines the choices of these fields. Without the list, any text is accepted."
    yield from ("", "| field | list |", "|---|---|")
    yield from (f"| {place} | `{name}` |" for place, name in list_tenant_choices(rulesets).items())


def _references(rulesets: list[Ruleset]) -> Iterator[str]:
    yield from ("", "## Reference lists", "")
    yield "A `.txt` file has one value on each line; a `.csv` file has a header with the names of the columns."
    yield from ("", "| list | columns | content |", "|---|---|---|")
    for each in list_reference_lists(rulesets):
        shipped = f" Included for {', '.join(each['included_in'])}." if each["included_in"] else ""
        yield f"| `{each['list']}` | {', '.join(each['columns'])} | {each['description']}{shipped} |"


def _facts(rulesets: list[Ruleset]) -> Iterator[str]:
    yield from ("", "## Facts of a tenant", "")
    yield "An overlay states these facts under `[tenant]`, as true or false."
    yield from ("", "| fact | meaning of true | rules |", "|---|---|---|")
    for each in list_facts(rulesets):
        yield f"| `{each['fact']}` | {each['description']} | {', '.join(each['rules'])} |"


def _not_applicable(ruleset: Ruleset) -> Iterator[str]:
    yield from ("", "## Validations that apply in none of these markets")
    for each in ruleset.not_applicable:
        yield from ("", f"{each.why} ({each.source})", "", "| validation | codes | basis |", "|---|---|---|")
        for name, codes in each.validations.items():
            yield f"| {name} | {', '.join(f'`{code}`' for code in codes) or 'none'} | published |"
