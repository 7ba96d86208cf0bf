"""The pages of the objects of a payload: each field, as it is in each market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.site.examples import example_values
from docs.site.field_facts import FieldForm, forms_of, rules_about
from docs.site.page import Page, code, codes, escape
from docs.site.places import OBJECTS, code_link, field_link, list_link, market_fields_path, object_path, rule_link
from premigrate.describe.explain_field import places_of_objects
from premigrate.describe.fields_page import objects_in_order
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docs.site.site_rules import SiteRules
    from premigrate.ruleset.model.ruleset import Ruleset


def field_pages(rules: SiteRules, root: Path) -> Iterator[Page]:
    """Yield the index of the objects, the index of each market, and a page for each object."""
    names = {name: objects_in_order(ruleset) for name, ruleset in rules.markets.items()}
    every = list(dict.fromkeys(name for market in names.values() for name in market))
    yield _index(every, names, rules)
    for market, ruleset in rules.markets.items():
        yield _market_index(names[market], ruleset)
    about = rules_about(rules)
    values = {market: example_values(root / "examples", ruleset) for market, ruleset in rules.markets.items()}
    places = {market: places_of_objects(ruleset) for market, ruleset in rules.markets.items()}
    for name in every:
        page = Page(object_path(name), f"Object {code(name)}", name, ("All objects", OBJECTS))
        held = [ruleset for market, ruleset in rules.markets.items() if name in names[market]]
        _object(page, name, held, places)
        _rules(page, [rule_id for rule_id, each in rules.rules.items() if name in each.places], rules)
        for key, forms in forms_of(name, held, values).items():
            _field(page, key, forms, len(held), rules)
            _rules(page, about.get((name, key), []), rules)
        yield page


def _index(every: list[str], names: Mapping[str, list[str]], rules: SiteRules) -> Page:
    page = Page(OBJECTS, "Objects and fields", "All objects")
    page.paragraph("A payload consists of these objects. The page of an object describes its fields in all markets.")
    page.paragraph(f"Those of one market: {', '.join(_market_links(page, rules))}.")
    rows = []
    for name in every:
        held = [ruleset for market, ruleset in rules.markets.items() if name in names[market]]
        rows.append((field_link(page, name), escape(held[0].objects[name].about), _titles(held)))
    page.table(("object", "meaning", "markets"), rows)
    return page


def _market_links(page: Page, rules: SiteRules) -> list[str]:
    return [page.link(ruleset.title, market_fields_path(market)) for market, ruleset in rules.markets.items()]


def _market_index(names: list[str], ruleset: Ruleset) -> Page:
    page = Page(market_fields_path(ruleset.market), f"Fields: {ruleset.title}", f"{ruleset.title}: fields")
    page.paragraph(f"These are the objects that a payload of {ruleset.title} can contain, with their required fields.")
    resolver = PathResolver(ruleset.objects, ruleset.root)
    rows = []
    for name in names:
        spec = ruleset.objects[name]
        own = {
            key: field for key, field in resolver.fields_of(name).items() if key == spec.select or key in spec.fields
        }
        required = (page.link(code(key), object_path(name), key) for key, field in own.items() if field.required)
        rows.append((field_link(page, name), escape(spec.about), str(len(own)), ", ".join(required) or "none"))
    page.table(("object", "meaning", "fields", "required"), rows)
    return page


def _object(page: Page, name: str, held: list[Ruleset], places: Mapping[str, dict[str, list[str]]]) -> None:
    """Describe the object itself: its meaning, where it is, its variants, and how it is known."""
    spec = held[0].objects[name]
    for text in dict.fromkeys(each.objects[name].about for each in held):
        page.paragraph(escape(text))
    found = dict.fromkeys(place for each in held for place in places[each.market].get(name, []))
    rows = [("Markets", _titles(held)), ("Found at", codes(found) if found else "the payload itself")]
    if not found and name != held[0].root:
        rows.pop()
    for each in held:
        if selecting := [other for other, above in each.objects.items() if name in above.variants.values()]:
            rows.append(("Variant of", ", ".join(field_link(page, other) for other in selecting)))
            break
    if spec.select:
        variants = (f"{code(value)}: {field_link(page, other)}" for value, other in spec.variants.items())
        rows.append((f"Depends on {page.link(code(spec.select), page.path, spec.select)}", ", ".join(variants)))
    rows.append(("Evidence", f"{spec.basis}: {escape(spec.source)}"))
    page.table(("", ""), rows)


def _field(page: Page, key: str, forms: list[FieldForm], markets: int, rules: SiteRules) -> None:
    page.section(code(key), anchor=key)
    for form in forms:
        if len(form.markets) < markets:
            page.paragraph(f"**{', '.join(map(rules.title, form.markets))}**")
        page.paragraph(escape(form.about))
        items = [f"Value: {escape(form.value)}"]
        if form.object:
            items.append(f"Object: {field_link(page, form.object)}")
        items += [f"Choices: {codes(form.choices)}"] if form.choices else []
        if form.is_open:
            listed = f" in the list {list_link(page, form.listed)}" if form.listed else ""
            items.append(f"The tenant defines the choices{listed}. Without them, any text is valid.")
        items += [f"Deprecated{escape(form.instead)}"] if form.is_deprecated else []
        items += [_hint(form, kind, text, rules) for kind, text in form.hints]
        page.items([*items, f"Evidence: {escape(form.evidence)}"])


def _hint(form: FieldForm, kind: str, text: str, rules: SiteRules) -> str:
    markets = form.hints[kind, text]
    where = f" ({', '.join(map(rules.title, markets))})" if len(markets) < len(form.markets) else ""
    return f"{kind}: {code(text) if kind == 'Example' else escape(text)}{where}"


def _rules(page: Page, ids: list[str], rules: SiteRules) -> None:
    if ids:
        page.paragraph("Rules that read it:")
        each = (rules.rules[rule_id] for rule_id in ids)
        page.items(f"{rule_link(page, one.rule.id)} ({code_link(page, one.rule.code)})" for one in each)


def _titles(held: list[Ruleset]) -> str:
    return ", ".join(ruleset.title for ruleset in held)
