"""The pages of the codes: their text, status and meaning, and the rules that report them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.site.page import Page, code, escape
from docs.site.places import CODES, code_link, code_path, rule_link
from docs.site.states import state_cell
from premigrate.describe.detail_bases import DETAIL_BASES
from premigrate.describe.examples import format_example
from premigrate.engine.response import render_response
from premigrate.results import Error, advice_id
from premigrate.ruleset.model.cohort import CohortRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.site.site_rules import SiteRule, SiteRules
    from premigrate.ruleset.model.codes import AdviceCode, ErrorCode

_REFUSED = render_response([Error("", "", "", "", ())], ("", "")).status


def code_pages(rules: SiteRules) -> Iterator[Page]:
    """Yield the index of the codes, and a page for each."""
    errors = {name: spec for each in reversed([*rules.markets.values()]) for name, spec in each.codes.items()}
    advice = {name: spec for each in reversed([*rules.markets.values()]) for name, spec in each.advice.items()}
    cohort = {each.rule.code: each.rule for each in rules.rules.values() if isinstance(each.rule, CohortRule)}
    yield _index(dict(sorted(errors.items())), dict(sorted(advice.items())), dict(sorted(cohort.items())))
    for name, spec in sorted(errors.items()):
        yield _error_page(name, spec, rules)
    for name, words in sorted(advice.items()):
        yield _advice_page(name, words, rules)
    for name, rule in sorted(cohort.items()):
        yield _cohort_page(name, rule, rules)


def _index(errors: dict[str, ErrorCode], advice: dict[str, AdviceCode], cohort: dict[str, CohortRule]) -> Page:
    page = Page(CODES, "Codes", "All codes")
    page.paragraph("Errors, advice and clashes between accounts have codes. `premigrate explain CODE` explains a code.")
    page.section("Error codes of the API")
    page.paragraph("The column *text* shows how the wording of the `detail` is known.")
    page.table(
        ("code", "meaning", "text"),
        ((code_link(page, name), escape(each.meaning), each.detail_basis) for name, each in errors.items()),
    )
    page.table(("text", "meaning"), DETAIL_BASES.items())
    page.section("Codes of advice")
    page.paragraph("Advice is never part of a response of the API.")
    page.table(("code", "meaning"), ((code_link(page, name), escape(each.meaning)) for name, each in advice.items()))
    page.section("Codes of clashes between accounts")
    page.paragraph("Only `premigrate cohort` reports these codes.")
    page.table(("code", "meaning"), ((code_link(page, name), escape(each.why)) for name, each in cohort.items()))
    return page


def _error_page(name: str, spec: ErrorCode, rules: SiteRules) -> Page:
    page = Page(code_path(name), f"Code {code(name)}", name, ("All codes", CODES))
    page.paragraph(escape(spec.meaning))
    page.table(
        ("", ""),
        [
            *_texts(spec),
            ("How the text is known", f"{spec.detail_basis}: {DETAIL_BASES[spec.detail_basis]}"),
            ("Source of the code", escape(spec.source)),
            *_statuses(page, name, rules),
        ],
    )
    if name in rules.by_code:
        _reported_by(page, name, rules)
    elif _is_of_fields(name, rules):
        page.paragraph("The framework reports this code when it reads a field, before any rule is checked.")
    return page


def _texts(spec: ErrorCode) -> Iterator[tuple[str, str]]:
    """Yield the text, or each text with the types of fields that have it."""
    if spec.detail:
        yield "Text", escape(spec.detail)
    for text in dict.fromkeys(spec.details.values()):
        yield f"Text for {', '.join(kind for kind, other in spec.details.items() if other == text)}", escape(text)


def _statuses(page: Page, name: str, rules: SiteRules) -> Iterator[tuple[str, str]]:
    """Yield the HTTP status of the responses with the code: its own ones, or the one that lists errors."""
    first = next(iter(rules.markets.values()))
    own = [each for each in first.responses.values() if each.code == name]
    refusals = sorted({each.refusal for each in rules.markets.values()})
    if name in refusals:
        yield "Status", f"{_REFUSED}, of the response that lists the errors of an account"
    for each in own:
        yield "Status", f"{each.status}: {escape(each.meaning)} *({each.basis}: {escape(each.source)})*"
    if not own and name not in refusals:
        links = ", ".join(code_link(page, each) for each in refusals)
        yield "Status", f"{_REFUSED}, in `errors` of the response with the code {links}"


def _reported_by(page: Page, name: str, rules: SiteRules) -> None:
    page.section("Rules that report it", in_search=False)
    titles = [ruleset.title for ruleset in rules.markets.values()]
    page.table(("rule", *titles), (_row(page, each, name, rules) for each in rules.by_code[name]))


def _row(page: Page, each: SiteRule, name: str, rules: SiteRules) -> list[str]:
    states = {market: each.states.get(market, []) for market in rules.markets if each.codes.get(market) == name}
    cells = [state_cell(page, states[market]) if market in states else "not in this market" for market in rules.markets]
    return [rule_link(page, each.rule.id), *cells]


def _is_of_fields(name: str, rules: SiteRules) -> bool:
    responses = (each for ruleset in rules.markets.values() for each in ruleset.responses.values())
    return name not in {each.code for each in responses} | {each.refusal for each in rules.markets.values()}


def _advice_page(name: str, spec: AdviceCode, rules: SiteRules) -> Page:
    page = Page(code_path(name), f"Advice {code(name)}", name, ("All codes", CODES))
    page.paragraph(escape(spec.meaning))
    rows = [("Text", escape(spec.detail)), ("The id that disables it", code(advice_id(name)))]
    rows += [("Example", code(format_example(spec.example)))] if spec.example is not None else []
    page.table(("", ""), [*rows, ("Status", "none: advice is never part of a response of the API")])
    off = [(each.title, each.off_reasons.get(advice_id(name), "")) for each in rules.markets.values()]
    page.items(f"Off in {title}: {escape(reason)}" for title, reason in off if reason)
    if name in rules.by_code:
        _reported_by(page, name, rules)
    return page


def _cohort_page(name: str, rule: CohortRule, rules: SiteRules) -> Page:
    page = Page(code_path(name), f"Code {code(name)}", name, ("All codes", CODES))
    page.paragraph(escape(rule.why))
    page.table(("", ""), [("Text", escape(rule.detail)), ("Status", "none: it is never part of a response of the API")])
    _reported_by(page, name, rules)
    return page
