"""Finds keys in examples that are not fields, such as misspelled ones."""

from collections.abc import Iterator

from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.path_resolver import PathResolver
from premigrate.ruleset.problems import unknown_name_message


def unknown_keys(ruleset: Ruleset, name: str, value: object) -> Iterator[str]:
    """Yield a message for each key in an example of an object, or below it, that is not a field."""
    return _unknown_keys(PathResolver(ruleset.objects, ruleset.root), ruleset, name, value)


def _unknown_keys(resolver: PathResolver, ruleset: Ruleset, name: str, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _unknown_keys(resolver, ruleset, name, item)
    if not isinstance(value, dict) or name not in ruleset.objects or ruleset.objects[name].open:
        return
    spec = ruleset.objects[name]
    chosen = value.get(spec.select) if spec.select else None
    kind = spec.variants.get(chosen) if isinstance(chosen, str) else None
    fields = {**resolver.fields_of(name), **(resolver.fields_of(kind) if kind else {})}
    for key, inner in value.items():
        field = fields.get(key)
        if field is None:
            yield f"{unknown_name_message('field', key, fields)} (in {name})"
        else:
            yield from _unknown_keys(resolver, ruleset, field.object or field.list or "", inner)
