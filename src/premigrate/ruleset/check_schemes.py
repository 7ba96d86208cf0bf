"""Checks schemes: their formats, the arguments of the formats, and the countries they cover."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from premigrate.formats.registry import FORMATS
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.rule_file import FormatArguments, Scheme
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.problems import unknown_name_message


def check_schemes(draft: RulesetDraft) -> None:
    """Report problems in schemes; the overlay's formats are also instantiated, since no test covers them."""
    for name, scheme in draft.schemes.items():
        own = draft.sources[f"scheme {name}"]
        if scheme.format not in FORMATS:
            draft.report.add(own, f"[scheme.{name}]", unknown_name_message("format", scheme.format, FORMATS))
            continue
        for territory, place, form in _forms(name, scheme):
            file = draft.sources[f"scheme {name} {territory}"] if territory else own
            for message in _check_form(scheme.format, form, instantiate=file == draft.overlay):
                draft.report.add(file, place, message)


def _forms(name: str, scheme: Scheme) -> Iterator[tuple[str, str, FormatArguments]]:
    """Yield the country, the table and the arguments of each form of a scheme."""
    if scheme.arguments or not scheme.territories:
        yield "", f"[scheme.{name}]", scheme
    for territory, form in scheme.territories.items():
        yield territory, f"[scheme.{name}.territories.{territory}]", form


def _check_form(format_: str, form: FormatArguments, *, instantiate: bool) -> Iterator[str]:
    known = _arguments(format_)
    wrong = sorted(form.arguments.keys() - known.keys())
    yield from (unknown_name_message("argument", key, known) for key in wrong)
    for key in sorted(form.arguments.keys() & known.keys()):
        try:
            known[key].validate_python(form.arguments[key])
        except ValidationError as error:
            wrong.append(key)
            yield f"the argument {key}: {error.errors()[0]['msg'].lower()}"
    if instantiate and not wrong:
        try:
            FORMATS[format_](**form.arguments)
        except (TypeError, ValueError) as error:
            yield _without_function_name(str(error))


def _without_function_name(message: str) -> str:
    """Drop the name of the Python function that Python's message about a missing argument starts with."""
    return message.partition("() ")[2] or message


@cache
def _arguments(format_: str) -> dict[str, TypeAdapter[Any]]:
    function: Callable[..., Any] = FORMATS[format_]
    strict = ConfigDict(strict=True)
    hints = {name: hint for name, hint in get_type_hints(function).items() if name != "return"}
    return {name: TypeAdapter(hint, config=strict) for name, hint in hints.items()}


def check_scheme_country(draft: RulesetDraft, file: str, place: str, rule: Rule) -> None:
    """Report a rule whose scheme does not cover the market's country, unless a field gives the country."""
    if rule.format is None or rule.format.territory is not None:
        return
    name, country = rule.format.is_, draft.market.territory
    scheme, source = draft.schemes[name], draft.sources[f"scheme {name}"]
    if not scheme.territories or country in scheme.territories:
        return
    if source == draft.overlay:
        file, place = source, f"[scheme.{name}] territories"
    elif draft.sources.get(f"switch {rule.id}") == draft.overlay and draft.switches.get(rule.id, "") is None:
        file, place = draft.overlay or "", f"[enabled] {rule.id}"
    message = (
        f"the rule {rule.id} needs the scheme {name} in {country}, the country of this market, and there is none: "
        f"add [scheme.{name}.territories.{country}], or disable the rule"
    )
    draft.report.add(file, place, message)
