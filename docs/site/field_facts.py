"""What is known about the fields of an object in each market, and the rules that read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from premigrate.describe.examples import format_example
from premigrate.describe.explain_field import describe_value, evidence_of_field, example_of_field
from premigrate.describe.fields import NamedField, inner_object
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docs.site.site_rules import SiteRules
    from premigrate.ruleset.model.ruleset import Ruleset


@dataclass(frozen=True)
class FieldForm:
    """A field as one or several markets have it. ``hints`` are the form of its values and examples, by market."""

    about: str
    value: str
    object: str
    choices: tuple[str, ...]
    is_open: bool
    listed: str
    is_deprecated: bool
    instead: str
    evidence: str
    markets: list[str] = field(default_factory=list, compare=False)
    hints: dict[tuple[str, str], list[str]] = field(default_factory=dict, compare=False)


ExampleValues: TypeAlias = "Mapping[str, Mapping[tuple[str, str], object]]"
"""Example values of fields by market, and by object and key."""


def forms_of(name: str, held: Iterable[Ruleset], values: ExampleValues) -> dict[str, list[FieldForm]]:
    """Return the forms of each field of an object, by its key, in the order in which errors are reported."""
    found: dict[str, list[FieldForm]] = {}
    for ruleset in held:
        spec = ruleset.objects[name]
        for key, each in PathResolver(ruleset.objects, ruleset.root).fields_of(name).items():
            if key != spec.select and key not in spec.fields:
                continue  # a variant has a page of its own
            named = NamedField(name, key, each)
            form = _form(named, ruleset)
            forms = found.setdefault(key, [])
            if form not in forms:
                forms.append(form)
            known = forms[forms.index(form)]
            known.markets.append(ruleset.market)
            for hint in _hints(named, values[ruleset.market], ruleset).items():
                known.hints.setdefault(hint, []).append(ruleset.market)
    return found


def _form(named: NamedField, ruleset: Ruleset) -> FieldForm:
    spec = named.spec
    return FieldForm(
        about=spec.about or "",
        value=describe_value(spec),
        object=inner_object(spec, ruleset),
        choices=() if spec.open else tuple(spec.choices or ()),
        is_open=bool(spec.open),
        listed=spec.listed or "",
        is_deprecated=bool(spec.deprecated),
        instead=f"; use {spec.deprecated} instead" if isinstance(spec.deprecated, str) else "",
        evidence=evidence_of_field(named, ruleset),
    )


def _hints(named: NamedField, values: Mapping[tuple[str, str], object], ruleset: Ruleset) -> dict[str, str]:
    """Return the form of values, if a rule requires one, and an example from the market's good payload or a rule."""
    hints = dict(shown.split(": ", 1) for shown in example_of_field(named, ruleset.rules, ruleset))
    if (named.object, named.key) in values:
        hints["Example"] = format_example(values[named.object, named.key])
    return hints


def rules_about(rules: SiteRules) -> dict[tuple[str, str], list[str]]:
    """Return the ids of the rules that read each field in a market where they can apply, in their order."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule_id in rules.rules:
        fields = {
            place
            for footprints in rules.footprints.values()
            if rule_id in footprints and not footprints[rule_id].unresolved
            for place in footprints[rule_id].fields
        }
        for place in sorted(fields):
            found.setdefault(place, []).append(rule_id)
    return found
