"""Renders the explanation of a field, an object or a reference list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from premigrate.describe.examples import format_example, wrap
from premigrate.describe.fields import NamedField, find_fields, inner_object, paths_of_fields
from premigrate.engine.phrases import join_words
from premigrate.engine.program import ValueSpec
from premigrate.engine.value_forms import value_form
from premigrate.formats.registry import FORM_DESCRIPTIONS
from premigrate.ruleset.model.fields import SCALAR_TYPES
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from premigrate.ruleset.model.fields import FieldSpec
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset

_MAX_VALUES = 200
_MAX_PLACES = 5


def render_field(path: str, rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the explanation of the field at a plain path; one for each form that it has in the markets and variants."""
    groups: list[tuple[NamedField, list[Ruleset]]] = []
    for ruleset in rulesets:
        for field in find_fields(path, ruleset):
            same = [group for group in groups if group[0] == field]
            if same:
                same[0][1].append(ruleset)
            else:
                groups.append((field, [ruleset]))
    for field, markets in groups:
        yield f"{path} (in {', '.join(ruleset.market for ruleset in markets)})"
        yield from _field(path, field, markets)


def _field(path: str, field: NamedField, markets: list[Ruleset]) -> Iterator[str]:
    """Yield the explanation of a field that is the same in several markets, except for its rules."""
    spec, owner = field.spec, markets[0].objects[field.object]
    if spec.about:
        yield wrap(spec.about, "  ")
    yield wrap(f"A field of {field.object}: {owner.about}", "  ")
    yield wrap(f"Type: {describe_value(spec)}", "  ")
    if spec.choices and not spec.open:
        yield wrap(f"Choices: {', '.join(spec.choices)}", "  ")
    if spec.open:
        source = f" in the reference list {spec.listed}" if spec.listed else ""
        yield wrap(f"The tenant defines the choices{source}; without them, any text is valid.", "  ")
    if spec.deprecated:
        instead = f"; use {spec.deprecated} instead" if isinstance(spec.deprecated, str) else ""
        yield f"  Deprecated{instead}"
    rules: dict[str, Rule] = {}
    examples: dict[str, list[str]] = {}
    for ruleset in markets:
        about_field = [rule for rule in ruleset.rules if _is_about(rule, path, field, ruleset)]
        rules |= {rule.id: rule for rule in about_field}
        for example in example_of_field(field, about_field, ruleset):
            examples.setdefault(example, []).append(ruleset.market)
    for example, names in examples.items():
        yield wrap(f"{example}{f' (in {names[0]})' if len(names) < len(markets) else ''}", "  ")
    yield wrap(f"Evidence: {evidence_of_field(field, markets[0])}", "  ")
    yield from _rules(rules.values())


def evidence_of_field(field: NamedField, ruleset: Ruleset) -> str:
    """Return how a field is known."""
    if because := ruleset.overlay_changes.get(f"{field.object}.{field.key}"):
        return f"{because} ([change] in {ruleset.overlay})"
    owner = ruleset.objects[field.object]
    basis = field.spec.basis or owner.basis
    if basis != owner.basis:
        return f"{basis}; its object is {owner.basis} ({owner.source})"
    return f"{basis} ({owner.source})"


def describe_value(spec: FieldSpec) -> str:
    """Return the type and the limits of a field in words."""
    kind = spec.type or (spec.list if spec.list in SCALAR_TYPES else "")
    form = f"an object, {spec.object or spec.list}"
    if kind:
        form = value_form(ValueSpec(kind, max_digits=spec.max_digits, decimal_places=spec.decimal_places))
    parts = [f"a list, each item {form}" if spec.list else form]
    parts += describe_limits(spec)
    parts += ["required" if spec.required else "optional"]
    parts += ["may be null"] if spec.nullable else []
    parts += ["items may be null"] if spec.nullable_items else []
    parts += ["may be empty"] if spec.blank else []
    parts += ["personal (hidden in reports)"] if spec.personal else []
    return "; ".join(parts)


def describe_limits(spec: FieldSpec) -> list[str]:
    """Return the limits of a field in words, without those of digits."""
    limits = (
        ("at least {} items", spec.min_items),
        ("at most {} items", spec.max_items),
        ("at least {} characters", spec.min_length),
        ("at most {} characters", spec.max_length),
        ("matches {}", join_words(spec.patterns or (), " or ") or None),
        ("at least {}", spec.min),
        ("greater than {}", spec.above),
        ("at most {}", spec.max),
        ("less than {}", spec.below),
    )
    return [words.format(limit) for words, limit in limits if limit is not None]


def _is_about(rule: Rule, path: str, field: NamedField, ruleset: Ruleset) -> bool:
    """Return whether a rule reads a field: it is on the field, or it has a path to it."""
    paths = [f"{rule.for_each}.{each}" if rule.for_each else each for _, each in rule.paths()]
    paths_of_steps = [[step for step in each.replace("[]", "").split(".") if step] for each in paths]
    for place in rule.places:
        name, _, key = place.partition(".")
        if (name, key) == (field.object, field.key):
            return True
        for steps in paths_of_steps:
            if name == field.object and not key and steps[:1] == [field.key]:
                return True
            if name == ruleset.root and ".".join([*filter(None, [key]), *steps]) == path:
                return True
    return False


def example_of_field(field: NamedField, rules: Iterable[Rule], ruleset: Ruleset) -> Iterator[str]:
    """Yield the form of valid values and an example, from the rules on the field; else the first choice."""
    on_field = [rule for rule in rules if f"{field.object}.{field.key}" in rule.places]
    for rule in on_field:
        if rule.format:
            scheme = ruleset.schemes[rule.format.is_]
            form = scheme.arguments_for(ruleset.territory)
            yield f"Form: {FORM_DESCRIPTIONS[scheme.format](**form.arguments)}, such as {form.good[0]}"
            return
    for rule in on_field:
        if rule.good:
            yield f"Example: {format_example(rule.good[0])}"
            return
    if field.spec.choices:
        yield f"Example: {format_example(field.spec.choices[0])}"


def _rules(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        level = ", advice" if rule.level == "advice" else ""
        yield wrap(f"Rule: {rule.id} [{rule.code}{level}]: {rule.why}", "  ")


def render_object(name: str, rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the explanation of an object: its meaning, where it is, its fields and its rules."""
    known = [ruleset for ruleset in rulesets if name in ruleset.objects]
    if not known:
        return
    ruleset = known[0]
    spec = ruleset.objects[name]
    yield f"{name}, an object (in {', '.join(each.market for each in known)})"
    yield wrap(spec.about, "  ")
    places = places_of_objects(ruleset).get(name, [])
    more = " and other places" if len(places) > _MAX_PLACES else ""
    if places:
        yield wrap(f"Found at: {', '.join(places[:_MAX_PLACES])}{more}", "  ")
    if spec.select:
        default = f"; without it, {spec.select_default}" if spec.select_default is not None else ""
        yield wrap(f"Its fields depend on {spec.select}: {', '.join(spec.variants)}{default}", "  ")
    for key, field in PathResolver(ruleset.objects, ruleset.root).fields_of(name).items():
        yield wrap(f"{key}: {describe_value(field)}", "    ")
    yield wrap(f"Evidence: {spec.basis} ({spec.source})", "  ")
    yield from _rules(rule for rule in ruleset.rules if name in rule.places)


def places_of_objects(ruleset: Ruleset) -> dict[str, list[str]]:
    """Return the plain paths of the fields whose value, or items, are an object, by its name."""
    found: dict[str, dict[str, None]] = {}
    for path in paths_of_fields(ruleset):
        for field in find_fields(path, ruleset):
            found.setdefault(inner_object(field.spec, ruleset), {})[path] = None
    return {name: list(paths) for name, paths in found.items()}


def render_list(name: str, rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the explanation of a reference list: its meaning, its columns, its values, and what needs it."""
    known = [ruleset for ruleset in rulesets if name in ruleset.lists]
    if not known:
        return
    yield f"{name}, a reference list (in {', '.join(each.market for each in known)})"
    spec = known[0].lists[name]
    yield from (wrap(text, "  ") for text in (spec.about,) if text)
    if len(spec.columns) > 1:
        yield f"  Columns: {', '.join(spec.columns)}"
    yield from (wrap(f"Source: {text}", "  ") for text in (spec.source,) if text)
    for ruleset in known:
        yield wrap(f"Values in {ruleset.market}: {_values(ruleset, name)}", "  ")
    rules = {
        rule.id: rule for ruleset in known for rule in ruleset.rules if name in {used for used, *_ in rule.lists()}
    }
    choices = {
        f"{owner}.{key}": None
        for ruleset in known
        for owner, each in ruleset.objects.items()
        for key, field in each.fields.items()
        if field.listed == name
    }
    if choices:
        yield wrap(f"Contains the choices of {join_words(list(choices), ' and ')}", "  ")
    yield from _rules(rules.values())


def render_fact(name: str, rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the explanation of a fact about tenants: its meaning, what is stated, and the rules that depend on it."""
    known = [ruleset for ruleset in rulesets if name in ruleset.facts]
    if not known:
        return
    yield f"{name}, a fact of [tenant] (in {', '.join(each.market for each in known)})"
    yield wrap(known[0].facts[name].about, "  ")
    for ruleset in known:
        stated = str(ruleset.tenant[name]).lower() if name in ruleset.tenant else "not stated; an overlay can state it"
        yield wrap(f"Stated in {ruleset.market}: {stated}", "  ")
    rules = {rule.id: rule for ruleset in known for rule in ruleset.rules if name in rule.if_tenant}
    yield from _rules(rules.values())


def _values(ruleset: Ruleset, name: str) -> str:
    spec = ruleset.lists[name]
    if spec.values is None:
        return "none; supply them with --references"
    rows = [", ".join(row) for row in islice(spec.rows(), _MAX_VALUES + 1)]
    more = ", and more" if len(rows) > _MAX_VALUES else ""
    separator = "; " if len(spec.columns) > 1 else ", "
    return separator.join(rows[:_MAX_VALUES]) + more if rows else "an empty list"
