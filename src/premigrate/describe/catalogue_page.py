"""Renders the catalogue as Markdown: what all markets share, without the state in any of them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from premigrate.describe.catalogue import count_detail_bases, list_facts, list_reference_lists, list_tenant_choices
from premigrate.describe.constraints import ListedConstraint, list_constraints
from premigrate.describe.detail_bases import DETAIL_BASES
from premigrate.describe.market_states import missing_lists
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset

_INTRO = """\
# Catalogue of validations

This page lists the validations that are published for the account-import API, the constraints that the texts of its
fields state, and the advice of premigrate, as far as all markets share them. `CATALOGUE.md` in the folder of a market
has the state of each in that market, and the rules that only this market has. `make catalogue` writes the pages from
the rule files. `premigrate explain ID` describes a validation or a code in detail.

| needs | meaning |
|---|---|
| list | `--references` supplies the list; without it, accounts that need it have the rule in `not_checked`. |
| fact | `[tenant]` in an overlay states the fact; without it, accounts that need it have the rule in `not_checked`. |
| scheme | The market defines the format; a market without it disables the rule. |
| server | It depends on data that only the server has, so no run checks it; accounts have it in `not_checked`. |
| to be enabled | It is off unless a market or an overlay enables it; the reasons are listed below. |
"""


def render_catalogue(platform: Ruleset) -> Iterator[str]:
    """Yield the lines of the common page from the rules of the platform."""
    rules = [*platform.rules, *platform.disabled]
    order = {name: number for number, name in enumerate(platform.source_files)}
    rules.sort(key=lambda rule: order[f"rule {rule.id}"])
    errors = [rule for rule in rules if rule.level == "error"]
    constraints = list_constraints([platform])
    yield from _INTRO.splitlines()
    yield from _counts(errors, constraints, platform)
    yield from _detail_bases(platform)
    for name in dict.fromkeys(_object_of(rule) for rule in errors):
        yield from _table(f"Validations of {name}", [each for each in errors if _object_of(each) == name], platform)
    yield from _constraints(constraints)
    yield from _table("Advice", [each for each in rules if each.level == "advice"], platform)
    cohort = (*platform.cohort_rules, *platform.disabled_cohort_rules)
    yield from _table("Rules across accounts", cohort, platform)
    yield from _reasons([*rules, *cohort])
    yield from _choices(platform)
    yield from _references(platform)
    yield from _facts(platform)
    yield from _not_applicable(platform)


def _object_of(rule: Rule) -> str:
    return rule.places[0].partition(".")[0]


def _counts(errors: list[Rule], constraints: list[ListedConstraint], platform: Ruleset) -> Iterator[str]:
    yield from ("", "## Counts", "")
    shared = {rule.validation or rule.id for rule in errors}
    yield f"- {len(shared)} published validations with rules that all markets share."
    others = sum(len(each.validations) for each in platform.not_applicable)
    yield f"- {others} published validations without such a rule, each with the reason."
    answers = Counter(each.answer for each in constraints)
    yield f"- {len(constraints)} constraints in the texts of fields: {answers['rules']} answered by rules,"
    yield f"  {answers['field']} by the type or a limit of the field, {answers['not checked']} not checked."


def _detail_bases(platform: Ruleset) -> Iterator[str]:
    yield from ("", "## Basis of the error texts", "")
    yield "Each error code has a `detail` text. The codes are published; the texts of most of them are not."
    yield from ("", "| basis | codes | meaning |", "|---|---|---|")
    for basis, count in count_detail_bases([platform]).items():
        yield f"| {basis} | {count} | {DETAIL_BASES[basis]} |"


def _table(title: str, rules: Iterable[Rule | CohortRule], platform: Ruleset) -> Iterator[str]:
    """Yield a table with a row for each validation and code, with what any of their rules needs."""
    found: dict[tuple[str, str], list[Rule | CohortRule]] = {}
    for rule in rules:
        found.setdefault((_name_of(rule), rule.code), []).append(rule)
    yield from ("", f"## {title}", "", "| validation | code | basis | needs |", "|---|---|---|---|")
    for (name, code), each in found.items():
        needs = dict.fromkeys(need for rule in each for need in needs_of(rule, platform))
        yield f"| {name} | `{code}` | {each[0].basis} | {', '.join(needs) or '-'} |"


def _name_of(rule: Rule | CohortRule) -> str:
    return (rule.validation or rule.id) if isinstance(rule, Rule) else rule.id


def needs_of(rule: Rule | CohortRule, platform: Ruleset) -> Iterator[str]:
    """Yield what a shared rule needs to be checked."""
    if isinstance(rule, Rule):
        if rule.server_only is not None:
            yield "server"
        yield from (f"fact `{name}`" for name in sorted(rule.if_tenant))
        if rule.format and rule.format.territory is None and _depends_on_market(platform, rule.format.is_):
            yield f"scheme `{rule.format.is_}`"
    yield from (f"list `{name}`" for name in missing_lists(rule, platform))
    if rule.disabled is not None:
        yield "to be enabled"


def _depends_on_market(platform: Ruleset, scheme: str) -> bool:
    return scheme not in platform.schemes or bool(platform.schemes[scheme].territories)


def _constraints(constraints: list[ListedConstraint]) -> Iterator[str]:
    yield from ("", "## Constraints in the texts of fields", "")
    yield "The published texts of fields state these constraints. The rules are those of the tables on this page and of"
    yield "the pages of the markets."
    yield from ("", "| field | constraint | answer |", "|---|---|---|")
    for each in constraints:
        yield f"| {each.on} | {each.says} | {_answer(each)} |"


def _answer(constraint: ListedConstraint) -> str:
    if constraint.answer == "not checked":
        return f"Not checked: {constraint.reason}"
    note = f"; {constraint.note}" if constraint.note else ""
    if constraint.answer == "field":
        return f"Field: {constraint.field}{note}"
    return f"Rules: {', '.join(constraint.rules)}{note}"


def _reasons(rules: Iterable[Rule | CohortRule]) -> Iterator[str]:
    yield from ("", "## Reasons why rules are to be enabled", "")
    yield from (f"- {rule.id}: {rule.disabled}" for rule in rules if rule.disabled is not None)


def _choices(platform: Ruleset) -> Iterator[str]:
    yield from ("", "## Fields with choices in a reference list", "")
    yield "The tenant defines the choices of these fields. Without the list, any text is accepted."
    yield from ("", "| field | list |", "|---|---|")
    yield from (f"| {place} | `{name}` |" for place, name in list_tenant_choices([platform]).items())


def _references(platform: Ruleset) -> Iterator[str]:
    yield from ("", "## Reference lists", "")
    yield "A `.txt` file has one value on each line; a `.csv` file has a header with the names of the columns."
    yield from ("", "| list | columns | content |", "|---|---|---|")
    for each in list_reference_lists([platform]):
        yield f"| `{each['list']}` | {', '.join(each['columns'])} | {each['description']} |"


def _facts(platform: Ruleset) -> Iterator[str]:
    yield from ("", "## Facts of a tenant", "")
    yield "An overlay states these facts under `[tenant]`, as true or false."
    yield from ("", "| fact | meaning of true | rules |", "|---|---|---|")
    for each in list_facts([platform]):
        yield f"| `{each['fact']}` | {each['description']} | {', '.join(each['rules'])} |"


def _not_applicable(platform: Ruleset) -> Iterator[str]:
    yield from ("", "## Validations without a shared rule", "")
    yield "These apply only in a market that has rules for them; the page of the market lists those rules."
    for each in platform.not_applicable:
        yield from ("", f"{each.why} ({each.source})", "", "| validation | codes | basis |", "|---|---|---|")
        for name, codes in each.validations.items():
            yield f"| {name} | {', '.join(f'`{code}`' for code in codes) or 'none'} | published |"
