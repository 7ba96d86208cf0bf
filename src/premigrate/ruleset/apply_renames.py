"""Gives the fields that a market writes under other keys these keys, in objects, rules and examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.model.path_marks import rewrite_paths
from premigrate.ruleset.model.rules import FOUND, Rule
from premigrate.ruleset.path_renamer import AmbiguousKeyError, NewKeys, PathRenamer
from premigrate.ruleset.path_resolver import PathError, PathType

Renaming: TypeAlias = Mapping[str, str]
"""The new texts of the paths of a rule, by the texts that they replace."""


def apply_renames(draft: RulesetDraft) -> None:
    """Rename the fields in ``draft.new_keys`` in all objects, rules, cohort rules and fixes.

    A rule whose places need different paths is split: ``draft.split_rules`` holds the further parts.
    """
    new_keys = {place: new for place, (new, file) in draft.new_keys.items() if _is_free(draft, *place, new, file)}
    if not new_keys:
        return
    renamer = PathRenamer(draft.objects, draft.market.root or "", new_keys)
    for rule in tuple(draft.rules.values()):
        first, *others = _renamed_rules(renamer, rule)
        draft.rules[rule.id] = first
        if others:
            draft.split_rules[rule.id] = tuple(others)
    draft.fixes |= {fix.id: _renamed_fix(renamer, fix) for fix in draft.fixes.values()}
    root = draft.market.root or ""
    draft.cohort_rules |= {each.id: _renamed_cohort_rule(renamer, each, root) for each in draft.cohort_rules.values()}
    for name, spec in draft.objects.items():
        draft.objects[name] = spec.model_copy(update={"fields": dict(_renamed_fields(name, spec, new_keys))})
    for (name, old), new in new_keys.items():
        if f"field {name}.{old}" in draft.sources:
            draft.sources[f"field {name}.{new}"] = draft.sources[f"field {name}.{old}"]


def _renamed_fix(renamer: PathRenamer, fix: Fix) -> Fix:
    on = tuple(dict.fromkeys(place for each in fix.on for place in renamer.rename_place(each)))
    return fix if on == fix.on else fix.model_copy(update={"on": on})


def _is_free(draft: RulesetDraft, name: str, old: str, new: str, file: str) -> bool:
    """Return whether a field can have a new key; report it if not."""
    spec = draft.objects[name]
    others = [key for (owner, key), (other, _) in draft.new_keys.items() if (owner, other) == (name, new)]
    if old == spec.select or (new == spec.select and old not in spec.fields):
        return True
    is_taken = new in spec.fields or new == spec.select or len(others) > 1 or (name, new) in draft.dropped_fields
    if is_taken:
        message = f"{name} already has a field {new}; choose another key"
        draft.report.add(file, f"[change.{name}.fields] {old}", message)
    return not is_taken


def _renamed_fields(name: str, spec: ObjectSpec, new_keys: NewKeys) -> Iterator[tuple[str, FieldSpec]]:
    for key, field in spec.fields.items():
        instead = new_keys.get((name, field.deprecated)) if isinstance(field.deprecated, str) else None
        yield (
            new_keys.get((name, key), key),
            field.model_copy(update={"deprecated": instead}) if instead else field,
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """How a rule is written at a place."""

    place: str
    for_each: str | None
    attr: str | None
    paths: tuple[tuple[str, str], ...]
    good: tuple[Any, ...]
    bad: tuple[Any, ...]


def _renamed_rules(renamer: PathRenamer, rule: Rule) -> list[Rule]:
    """Return a rule with the new keys: in several parts with the same id if its places need different paths."""
    parts = [part for place in rule.places for part in _parts(renamer, rule, place)]
    groups: list[list[_Part]] = []
    for part in parts:
        same = [group for group in groups if _is_same(group[0], part)]
        if same:
            same[0].append(part)
        else:
            groups.append([part])
    return [_written(rule, group) for group in groups]


def _is_same(part: _Part, other: _Part) -> bool:
    return (part.for_each, part.attr, part.paths, part.good, part.bad) == (
        other.for_each, other.attr, other.paths, other.good, other.bad,
    )  # fmt: skip


def _written(rule: Rule, group: list[_Part]) -> Rule:
    part, places = group[0], tuple(dict.fromkeys(each.place for each in group))
    if places == rule.places and _is_same(part, _unchanged(rule, part.place)):
        return rule
    renaming = dict(part.paths)
    changed = rewrite_paths(rule, lambda path: renaming.get(path, path), without=_OWN_KEYS)
    update = {"on": places, "for_each": part.for_each, "attr": part.attr, "good": part.good, "bad": part.bad}
    return rule.model_copy(update={**changed, **update})


_OWN_KEYS = ("on", "for_each", "attr")


def _unchanged(rule: Rule, place: str) -> _Part:
    return _Part(place, rule.for_each, rule.attr, (), rule.good, rule.bad)


def _parts(renamer: PathRenamer, rule: Rule, on: str) -> Iterator[_Part]:
    """Yield how a rule is written at a place: once, or for each variant if their keys differ."""
    for place in renamer.rename_place(on):
        try:
            yield _part(renamer, rule, place)
        except PathError:  # a dropped place, or a mistake that is reported later
            yield _unchanged(rule, place)
        except AmbiguousKeyError:
            variants = [part for each in renamer.variants_of(place) for part in _parts(renamer, rule, each)]
            fitting = [part for part in variants if _resolves(renamer, rule, part.place)]
            yield from fitting or [_unchanged(rule, place)]


def _resolves(renamer: PathRenamer, rule: Rule, place: str) -> bool:
    try:
        _part(renamer, rule, place)
    except (PathError, AmbiguousKeyError):
        return False
    return True


def _part(renamer: PathRenamer, rule: Rule, place: str) -> _Part:
    starts = renamer.start(place)
    items, for_each = renamer.rename(starts, rule.for_each) if rule.for_each else (starts, rule.for_each)
    attr = rule.attr
    if attr is not None and attr != FOUND and attr.partition(".")[0] != "up":
        attr = renamer.rename_attr(starts, attr)
    good, bad = (
        tuple(renamer.rename_keys(starts, example) for example in examples) for examples in (rule.good, rule.bad)
    )
    return _Part(place, for_each, attr, tuple(sorted(_renaming(renamer, rule, items).items())), good, bad)


def _renaming(renamer: PathRenamer, rule: Rule | CohortRule, starts: tuple[PathType, ...]) -> Renaming:
    """Return the new texts of the paths of a rule, and of the beginnings of these paths.

    Raises:
        PathError: a path cannot be resolved.
        AmbiguousKeyError: a path, or two that are written alike, lead to fields that have different keys now.

    """
    found: dict[str, str] = {}
    for base, path in rule.paths():
        kinds, new_base = renamer.rename(starts, base) if base else (starts, "")
        for text, new in ((base, new_base), (path, renamer.rename(kinds, path)[1])):
            if found.setdefault(text, new) != new:
                raise AmbiguousKeyError(text)
    for text, new in tuple(found.items()):
        old_steps, new_steps = text.split("."), new.split(".")
        for size in range(1, len(old_steps) + 1):
            before, after = ".".join(old_steps[:size]), ".".join(new_steps[:size])
            found.setdefault(before, after)
            found.setdefault(before.removesuffix("[]"), after.removesuffix("[]"))
    return {text: new for text, new in found.items() if text != new}


def _renamed_cohort_rule(renamer: PathRenamer, rule: CohortRule, root: str) -> CohortRule:
    try:
        starts = renamer.start(root)
        items, for_each = renamer.rename(starts, rule.for_each) if rule.for_each else (starts, rule.for_each)
        renaming = _renaming(renamer, rule, items)
    except (PathError, AmbiguousKeyError):  # a mistake that is reported later, unless the rule is off
        return rule
    changed = rewrite_paths(rule, lambda path: renaming.get(path, path), without=_OWN_KEYS)
    good, bad = (
        tuple(tuple(renamer.rename_keys(starts, account) for account in accounts) for accounts in examples)
        for examples in (rule.good, rule.bad)
    )
    return rule.model_copy(update={**changed, "for_each": for_each, "good": good, "bad": bad})
