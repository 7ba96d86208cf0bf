"""Renders the catalogue page of one market as Markdown: the state of each validation, and why some are not checked."""

from collections import Counter
from collections.abc import Iterable, Iterator

from premigrate.describe.catalogue import Validation, list_cohort_rules, list_reference_lists, list_validations
from premigrate.describe.constraints import ListedConstraint, list_constraints
from premigrate.describe.market_states import MarketState
from premigrate.ruleset.model.ruleset import Ruleset

_INTRO = """\
This page has the state in {title} of the validations that are published for the account-import API, and of the advice
of premigrate. [The common page](../CATALOGUE.md) says what each of them needs. `make catalogue` writes the page from
the rule files.

| state | meaning |
|---|---|
| checked | Every run checks it. |
| needs list | `--references` supplies the list; without it, accounts that need it have it in `not_checked`. |
| needs fact | `[tenant]` in an overlay states the fact; without it, accounts that need it have it in `not_checked`. |
| server only | It depends on data that only the server has, so no run checks it; accounts have it in `not_checked`. |
| off | No source shows that the market has it, or a setting of the tenant decides. An overlay can enable it. |
| not for this market | It cannot apply in this market. |
"""


def render_market_catalogue(ruleset: Ruleset) -> Iterator[str]:
    """Yield the lines of the catalogue page of a market."""
    validations = list_validations([ruleset])
    errors = [each for each in validations if each.level == "error"]
    cohort = list_cohort_rules([ruleset])
    yield from (f"# Catalogue of validations: {ruleset.title}", "")
    yield from _INTRO.format(title=ruleset.title).splitlines()
    yield from _counts(errors, ruleset)
    for name in dict.fromkeys(each.object for each in errors):
        yield from _table(f"Validations of {name}", [each for each in errors if each.object == name], ruleset)
    yield from _table("Advice", [each for each in validations if each.level == "advice"], ruleset)
    yield from _table("Rules across accounts", cohort, ruleset)
    yield from _reasons("Reasons for the state off", "off", [*validations, *cohort], ruleset)
    yield from _reasons("Reasons for the state not for this market", "not for this market", validations, ruleset)
    yield from _constraints(list_constraints([ruleset]), ruleset)
    yield from _references(ruleset)


def _counts(errors: list[Validation], ruleset: Ruleset) -> Iterator[str]:
    yield from ("", "## Counts", "")
    counts = Counter(state.state for each in errors for state in each.states[ruleset.market][:1])
    summary = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    yield f"- Published validations and their codes: {summary}."
    yield f"- Published validations without a rule: {sum(len(each.validations) for each in ruleset.not_applicable)}."


def _table(title: str, validations: list[Validation], ruleset: Ruleset) -> Iterator[str]:
    yield from ("", f"## {title}", "", "| validation | code | basis | state |", "|---|---|---|---|")
    for each in validations:
        yield f"| {each.id} | `{each.code}` | {each.basis} | {_cells(each.states[ruleset.market])} |"


def _cells(states: Iterable[MarketState]) -> str:
    return " and ".join(dict.fromkeys(map(_cell, states)))


def _cell(state: MarketState) -> str:
    if state.state == "needs fact":
        needed = [*(f"fact `{name}`" for name in state.facts), *(f"list `{name}`" for name in state.lists)]
        return f"needs {', '.join(needed)}"
    if state.state == "needs list":
        return f"needs list {', '.join(f'`{name}`' for name in state.lists)}"
    if state.state == "off" and state.lists:
        return f"off, and needs list {', '.join(f'`{name}`' for name in state.lists)}"
    return state.state


def _reasons(title: str, word: str, validations: list[Validation], ruleset: Ruleset) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    for each in validations:
        reasons = [state.reason for state in each.states[ruleset.market] if state.state == word]
        yield from (f"- {each.id}: {reason}" for reason in dict.fromkeys(reasons))


def _constraints(constraints: list[ListedConstraint], ruleset: Ruleset) -> Iterator[str]:
    yield from ("", "## Constraints in the texts of fields", "")
    yield "Of the constraints that rules answer, these have a rule that is not checked by every run."
    yield from ("", "| field | constraint | rules |", "|---|---|---|")
    for each in constraints:
        cells = {rule_id: _cell(states[ruleset.market]) for rule_id, states in each.rules.items()}
        if any(cell != "checked" for cell in cells.values()):
            rules = (f"{rule_id} ({cell})" for rule_id, cell in cells.items())
            yield f"| {each.on} | {each.says} | {', '.join(rules)} |"


def _references(ruleset: Ruleset) -> Iterator[str]:
    """Yield the reference lists whose values the rules of the market include."""
    yield from ("", "## Reference lists with values", "")
    yield "The rules include the values of these lists."
    yield from ("", "| list | columns | content |", "|---|---|---|")
    for each in list_reference_lists([ruleset]):
        if each["included_in"]:
            yield f"| `{each['list']}` | {', '.join(each['columns'])} | {each['description']} |"
