"""Renders the reference of the fields of a market's payload as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.describe.explain_field import describe_value
from premigrate.describe.fields import inner_object
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.ruleset.model.fields import FieldSpec
    from premigrate.ruleset.model.ruleset import Ruleset

_INTRO = """\
# Fields of {title}

This page describes the account payload of {title}: each object with its fields, in the order in which errors are
reported. `make catalogue` writes it from the rule files. `premigrate explain customers.mobile` shows one field with its
rules, and `premigrate schema` writes the fields as a JSON Schema.
"""


def render_fields_page(ruleset: Ruleset) -> Iterator[str]:
    """Yield the lines of the page: a table for each object that a payload can contain, the account first."""
    yield from _INTRO.format(title=ruleset.title).splitlines()
    resolver = PathResolver(ruleset.objects, ruleset.root)
    for name in objects_in_order(ruleset):
        yield from ("", f"## {name}", "", ruleset.objects[name].about, "")
        yield from ("| field | value | meaning |", "|---|---|---|")
        spec = ruleset.objects[name]
        for key, field in resolver.fields_of(name).items():
            if key == spec.select or key in spec.fields:  # a variant has a table of its own fields
                yield f"| `{key}` | {_value(field)} | {field.about or ''} |"


def _value(field: FieldSpec) -> str:
    described = describe_value(field).replace("|", "\\|")
    if field.choices and not field.open:
        return described.replace("a text", f"one of {', '.join(field.choices)}", 1)
    return described


def objects_in_order(ruleset: Ruleset) -> list[str]:
    """Return the objects that a payload can contain, each before those in its fields."""
    found: dict[str, None] = {}
    pending = [ruleset.root]
    while pending:
        name = pending.pop(0)
        if name in found:
            continue
        found[name] = None
        spec = ruleset.objects[name]
        inner = [inner_object(field, ruleset) for field in spec.fields.values()]
        pending = [*spec.variants.values(), *filter(None, inner), *pending]
    return list(found)
