"""Renders the catalogue of validations as Markdown, with the reasons why some of them are not checked."""

from collections import Counter
from collections.abc import Iterable, Iterator

from premigrate.describe.catalogue import (
    MarketState,
    Validation,
    list_cohort_rules,
    list_reference_lists,
    list_tenant_choices,
    list_validations,
)
from premigrate.ruleset.model.ruleset import Ruleset

_INTRO = """\
# The catalogue

Every validation that the platform publishes, and every advice of ours, with how it stands in each market. This page is
written from the rule files by `make catalogue`, and a test fails when it is old. `premigrate explain ID` says more.

- **checked**: decided offline, on every run.
- **needs list**: decided once you supply the reference list (`--references`); until then it is in
  `not_checked` of the accounts with such values.
- **platform only**: only the platform's own data can tell; in `not_checked` of the accounts that it is about.
- **off**: published, but unproven here, or a switch of the tenant's; an overlay switches it on.
- **not for this market**: it can't hold here, for a reason given below.
"""


def render_catalogue(rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the lines of the catalogue page."""
    rulesets = list(rulesets)
    validations = list_validations(rulesets)
    errors = [each for each in validations if each.level == "error"]
    yield from _INTRO.splitlines()
    yield from _counts(errors, rulesets)
    for name in dict.fromkeys(each.object for each in errors):
        yield from _table(f"On {name}", [each for each in errors if each.object == name], rulesets)
    yield from _table("Advice", [each for each in validations if each.level == "advice"], rulesets)
    cohort = list_cohort_rules(rulesets)
    yield from _table("Across accounts", cohort, rulesets)
    yield from _reasons("Why rules are off", "off", [*validations, *cohort])
    yield from _reasons("Why rules are not for a market", "not for this market", validations)
    yield from _choices(rulesets)
    yield from _references(rulesets)
    yield from _elsewhere(rulesets[0])


def _counts(errors: list[Validation], rulesets: list[Ruleset]) -> Iterator[str]:
    yield ""
    for ruleset in rulesets:
        counts = Counter(state.state for each in errors for state in each.states.get(ruleset.market, ())[:1])
        summary = ", ".join(f"{counts[word]} {word}" for word in sorted(counts, key=lambda word: -counts[word]))
        yield f"{ruleset.title}: {summary}.  "
    yield f"In none of these markets: {sum(len(each.validations) for each in rulesets[0].not_applicable)}."


def _table(title: str, validations: list[Validation], rulesets: list[Ruleset]) -> Iterator[str]:
    markets = [ruleset.market for ruleset in rulesets]
    yield from ("", f"## {title}", "")
    yield f"| validation | code | basis | {' | '.join(markets)} |"
    yield "|---" * (3 + len(markets)) + "|"
    for each in validations:
        states = (" and ".join(map(_cell, each.states.get(market, ()))) or "-" for market in markets)
        yield f"| {each.id} | `{each.code}` | {each.basis} | {' | '.join(states)} |"


def _cell(state: MarketState) -> str:
    if state.state == "needs list":
        return f"needs list {', '.join(f'`{name}`' for name in state.lists)}"
    if state.state == "off" and state.lists:
        return f"off, and needs list {', '.join(f'`{name}`' for name in state.lists)}"
    return state.state


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
    yield from ("", "## Choices that the tenant keeps", "", "Any text passes until the list is supplied.", "")
    yield from ("| field | list |", "|---|---|")
    yield from (f"| {place} | `{name}` |" for place, name in list_tenant_choices(rulesets).items())


def _references(rulesets: list[Ruleset]) -> Iterator[str]:
    yield from ("", "## Reference lists", "", "A `.txt` file holds one value a line, a `.csv` file has a header.", "")
    yield from ("| list | columns | holds |", "|---|---|---|")
    for each in list_reference_lists(rulesets):
        shipped = f" Comes with {', '.join(each['included_in'])}." if each["included_in"] else ""
        yield f"| `{each['list']}` | {', '.join(each['columns'])} | {each['description']}{shipped} |"


def _elsewhere(ruleset: Ruleset) -> Iterator[str]:
    yield from ("", "## Not for these markets")
    for each in ruleset.not_applicable:
        yield from ("", f"{each.why} ({each.source})", "", "| validation | codes | basis |", "|---|---|---|")
        for name, codes in each.validations.items():
            yield f"| {name} | {', '.join(f'`{code}`' for code in codes) or 'none'} | published |"
