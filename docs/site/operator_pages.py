"""The pages of the operators of the rule language, from its model and the rules that use them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, get_args, get_type_hints

from docs.site.page import Page, code
from docs.site.places import LANGUAGE, OPERATORS, operator_path, rule_link, rule_links
from docs.site.type_words import describe_type
from premigrate.describe.rule_source import written_tables
from premigrate.ruleset.model.operators.operator import OperatorArguments
from premigrate.ruleset.model.rules import OPERATORS as NAMES
from premigrate.ruleset.model.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.site.site_rules import SiteRule, SiteRules
    from premigrate.ruleset.model.table import Table

_LONGEST = 24  # lines of a rule that is shown as an example, where there is a shorter one


def operator_pages(rules: SiteRules) -> Iterator[Page]:
    """Yield the index of the operators, and a page for each."""
    using = {name: [each for each in rules.rules.values() if _operator_of(each) == name] for name in NAMES}
    yield _index(using)
    for name, each in using.items():
        yield _page(name, each)


def _operator_of(each: SiteRule) -> str:
    return each.rule.operator if isinstance(each.rule, Rule) else ""


def _index(using: dict[str, list[SiteRule]]) -> Page:
    page = Page(OPERATORS, "Operators", "All operators")
    page.paragraph(
        "Each rule has exactly one operator, which states what the rule requires. "
        f"{page.link('The reference', LANGUAGE)} describes the rest of a rule."
    )
    rows = (
        (page.link(code(name), operator_path(name)), _descriptions(name, _arguments(name))[0], str(len(each)))
        for name, each in using.items()
    )
    page.table(("operator", "requires", "rules"), rows)
    return page


def _page(name: str, using: list[SiteRule]) -> Page:
    page = Page(operator_path(name), f"Operator {code(name)}", name, ("All operators", OPERATORS))
    arguments = _arguments(name)
    for text in _descriptions(name, arguments):
        page.paragraph(text)
    page.paragraph(f"Its value is {describe_type(get_type_hints(Rule, include_extras=True)[name])}.")
    if arguments:
        page.section("Keys of the table", in_search=False)
        page.table(("key", "value", "required", "meaning"), _keys(arguments))
    if using:
        example = _example(using)
        page.section("Example", in_search=False)
        page.paragraph(f"The rule {rule_link(page, example.rule.id)}:")
        page.block("toml", _written(example), f"rules/{example.file}")
        page.section("Rules that use it", in_search=False)
        page.paragraph(rule_links(page, (each.rule.id for each in using)))
    return page


def _arguments(name: str) -> type[OperatorArguments] | None:
    """Return the table in which the operator has its arguments; None if it is written as a list or text only."""
    found = (each for each in get_args(get_type_hints(Rule)[name]) if inspect.isclass(each))
    return next((each for each in found if issubclass(each, OperatorArguments)), None)


def _descriptions(name: str, arguments: type[OperatorArguments] | None) -> list[str]:
    """Return what the operator requires, followed by what its arguments say, as paragraphs."""
    texts = [Rule.model_fields[name].description or "", inspect.getdoc(arguments) or "" if arguments else ""]
    return [" ".join(each.split()) for text in texts if text for each in text.split("\n\n")]


def _keys(arguments: type[Table]) -> Iterator[tuple[str, str, str, str]]:
    hints = get_type_hints(arguments, include_extras=True)
    for name, field in arguments.model_fields.items():
        default = field.default
        shown = f"Default: {code(str(default).lower() if isinstance(default, bool) else str(default))}."
        has_default = not field.is_required() and default not in (None, (), {})
        about = " ".join((field.description or "").split())
        is_required = "yes" if field.is_required() else "no"
        yield (
            code(field.alias or name),
            describe_type(hints[name]),
            is_required,
            f"{about} {shown if has_default else ''}".strip(),
        )


def _example(using: list[SiteRule]) -> SiteRule:
    """Return the first rule that is not long and is on in every market that has it; else the shortest one."""
    fitting = (each for each in using if _written(each).count("\n") < _LONGEST and all(map(each.is_on, each.states)))
    return next(fitting, None) or min(using, key=lambda each: len(_written(each)))


def _written(each: SiteRule) -> str:
    return written_tables(each.file)["rule", each.rule.id]
