"""Gives the objects that are ``like`` another one its fields, and the rules that suit them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from premigrate.ruleset.check_attrs import names_field_below, resolve_attr
from premigrate.ruleset.crosscheck import resolve_rule_paths
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.fields import SELECT_KEYS, ObjectSpec
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.path_resolver import PathError, PathResolver


def resolve_copies(draft: RulesetDraft, file: str, pending: set[str]) -> None:
    """Give the objects of a file that are like another one its fields and kinds, as they are at this point.

    ``pending`` holds the names of all objects for which this has not been done; it is updated.
    """
    for name in sorted(pending):
        if draft.sources[f"object {name}"] == file:
            _resolve(draft, name, pending, ())


def _resolve(draft: RulesetDraft, name: str, pending: set[str], above: tuple[str, ...]) -> None:
    if name not in pending:
        return
    spec, place = draft.objects[name], f"[object.{name}] like"
    other, file = spec.like or "", draft.sources[f"object {name}"]
    if name in above or other == name:
        draft.report.add(file, place, f"like must name another object than {name} itself; or write its fields")
    elif other not in draft.objects:
        draft.report.add_unknown(file, place, "object", other, draft.objects)
    else:
        _resolve(draft, other, pending, (*above, name))
        draft.objects[name] = _copied(spec, draft.objects[other])
        renamed = {key: new for (owner, key), new in draft.new_keys.items() if owner == other}
        draft.new_keys |= {(name, key): new for key, new in renamed.items()}
    pending.discard(name)


def _copied(spec: ObjectSpec, original: ObjectSpec) -> ObjectSpec:
    """Return an object with the keys of the original that it does not set itself."""
    select = spec if spec.select else original
    fields = {key: field for key, field in {**original.fields, **spec.fields}.items() if key != select.select}
    update = {
        "fields": fields,
        "open": spec.open if "open" in spec.model_fields_set else original.open,
        **{key: getattr(select, key) for key in (*SELECT_KEYS, "variants")},
    }
    return spec.model_copy(update=update)


def add_copied_places(draft: RulesetDraft) -> None:
    """Apply the rules and fixes of an object, or a field of it, to the objects that are like it and suit them."""
    copies = {name: tuple(_originals(name, draft.objects)) for name, spec in draft.objects.items() if spec.like}
    if not copies:
        return
    resolver = PathResolver(draft.objects, draft.market.root or "")
    for rule in tuple(draft.rules.values()):
        places = dict.fromkeys(rule.places)
        for copy, originals in copies.items():
            for place in rule.places:
                name, dot, key = place.partition(".")
                if name in originals and _suits(resolver, rule, place, f"{copy}{dot}{key}"):
                    places[f"{copy}{dot}{key}"] = None
        if len(places) > len(rule.places):
            draft.rules[rule.id] = rule.model_copy(update={"on": tuple(places)})
    for fix in tuple(draft.fixes.values()):
        named = {tuple(place.split(".")) for place in fix.on}
        found = [f"{copy}.{key}" for copy, names in copies.items() for name, key in named if name in names]
        added = tuple(sorted(place for place in found if place not in fix.on and resolver.has_place(place)))
        draft.fixes[fix.id] = fix.model_copy(update={"on": fix.on + added}) if added else fix


def own_places(rule: Rule, objects: Mapping[str, ObjectSpec]) -> tuple[str, ...]:
    """Return the places of a rule without those that it has because an object is like another one."""
    return tuple(place for place in rule.places if not _is_copied(place, rule, objects))


def _is_copied(place: str, rule: Rule, objects: Mapping[str, ObjectSpec]) -> bool:
    name, dot, key = place.partition(".")
    return any(f"{original}{dot}{key}" in rule.places for original in _originals(name, objects))


def _originals(name: str, objects: Mapping[str, ObjectSpec]) -> Iterator[str]:
    """Yield the object that an object is like, the one that this is like, and so on."""
    seen = {name}
    spec = objects.get(name)
    while spec and spec.like and spec.like not in seen:
        yield spec.like
        seen.add(spec.like)
        spec = objects.get(spec.like)


def _suits(resolver: PathResolver, rule: Rule, original: str, place: str) -> bool:
    """Return whether the paths and the attr of a rule resolve at a place as they do at the original."""
    with suppress(PathError):
        resolve_rule_paths(resolver, rule, place)
        if rule.attr is not None:
            if names_field_below(rule.attr):
                resolve_attr(resolver, place, rule.attr)
            return True
        return not resolver.has_place(original) or (
            resolver.is_single_value(place) == resolver.is_single_value(original)
        )
    return False
