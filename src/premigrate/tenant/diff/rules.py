"""Finds the rules and reference lists that the changes between two documents touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from premigrate.describe.market import ruleset_of
from premigrate.ruleset.load import load_footprints
from premigrate.tenant.diff.compare import place_of_field
from premigrate.tenant.diff.model import ListChange, ReadingRule, RuleChanges, SwitchedRule
from premigrate.tenant.document.merge_keywords import VALIDATORS_KEY
from premigrate.tenant.match_objects import ObjectMatcher

if TYPE_CHECKING:
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.ruleset.rule_footprints import Footprint
    from premigrate.tenant.diff.model import ObjectChanges, PlacedChange
    from premigrate.tenant.model import LearnedTenant
    from premigrate.tenant.overlay_tables import DocumentedAccount

_UNREAD = {"default", "deprecated"}
"""Changes of fields that no rule notices."""


def base_ruleset(learned: LearnedTenant) -> Ruleset:
    """Return the rules that a learned overlay changes."""
    return ruleset_of(learned.market, {"market": learned.overlay["market"]})


def synonyms_of(ruleset: Ruleset) -> tuple[frozenset[str], ...]:
    """Return the groups of keys that the rules know for the same field."""
    fields = (item for spec in ruleset.objects.values() for item in spec.fields.items())
    return tuple(dict.fromkeys(frozenset({key, *each.aliases}) for key, each in fields if each.aliases))


class RuleSide:
    """The rules of a learned overlay: those that are on, and what they read of the document."""

    def __init__(self, account: DocumentedAccount, learned: LearnedTenant, base: Ruleset) -> None:
        ruleset = ruleset_of(learned.market, learned.overlay)
        self.overlay = learned.overlay
        self.off_reasons = ruleset.off_reasons
        self.on = {rule.id for rule in ruleset.rules} | {rule.id for rule in ruleset.cohort_rules}
        self.off = {rule.id for rule in ruleset.disabled} | {rule.id for rule in ruleset.disabled_cohort_rules}
        self.footprints: Mapping[str, Footprint] = load_footprints(learned.market, learned.overlay)
        self._matcher = ObjectMatcher(base, account.objects, account.document)
        self._matcher.match(base.root, account.root)
        self._names: dict[str, dict[str, None]] = {}
        for name, known in self._matcher.names_in_rules().items():
            for at in self._matcher.matches[name].pointers:
                self._names.setdefault(at, {}).update(dict.fromkeys(known))

    def names_of_field(self, at: str, key: str) -> Iterator[tuple[str, str]]:
        """Yield the names that rules have for a field of the object at a pointer, as object and key."""
        for name in self._names.get(at, ()):
            yield name, key
            match = self._matcher.matches.get(name)
            yield from ((name, known) for known, written in (match.keys.items() if match else ()) if written == key)


def compare_rules(old: RuleSide, new: RuleSide, changes: Iterable[ObjectChanges]) -> RuleChanges:
    """Return the rules whose state differs, those that read changed fields, and the lists that differ."""
    known = [name for name in new.footprints if name in old.footprints]
    switched = [
        SwitchedRule(name, name in new.on, _reason(name, old, new))
        for name in known
        if (name in old.on and name in new.off) or (name in old.off and name in new.on)
    ]
    changed = _changed_fields(old, new, changes)
    reading = []
    for name in known:
        if name in old.on and name in new.on:
            fields = {field for side in (old, new) for field in side.footprints[name].fields}
            if places := [place for place, names in changed.items() if names & fields]:
                reading.append(ReadingRule(name, tuple(places)))
    return RuleChanges(tuple(switched), tuple(reading), tuple(_lists(old.overlay, new.overlay)))


def _reason(name: str, old: RuleSide, new: RuleSide) -> str:
    if name not in new.on:
        return new.off_reasons.get(name, "")
    return str(new.overlay.get("enabled", {}).get(name) or f"No longer: {old.off_reasons.get(name, '')}")


def _changed_fields(old: RuleSide, new: RuleSide, changes: Iterable[ObjectChanges]) -> dict[str, set[tuple[str, str]]]:
    """Return the names that rules have for the changed fields, by the first place of each."""
    changed: dict[str, set[tuple[str, str]]] = {}
    for each in changes:
        for placed in each.changes:
            if placed.change.key and placed.change.what not in _UNREAD:
                place = place_of_field(each.places[0], placed.change.key)
                changed.setdefault(place, set()).update(_names(old, new, placed))
    return changed


def _names(old: RuleSide, new: RuleSide, placed: PlacedChange) -> Iterator[tuple[str, str]]:
    change, pairs = placed
    for old_at, new_at in pairs:
        yield from old.names_of_field(old_at, change.old_key or change.key)
        yield from new.names_of_field(new_at, change.key)


def _lists(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ListChange]:
    """Yield the lists that texts of validations spell out otherwise; the choices of fields are compared as such."""
    before, after = _spelled_out(old), _spelled_out(new)
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name, ()), after.get(name, ())
        added = tuple(value for value in now if value not in was)
        removed = tuple(value for value in was if value not in now)
        if added or removed:
            yield ListChange(name, added, removed)


def _spelled_out(overlay: Mapping[str, Any]) -> dict[str, list[Any]]:
    lists = overlay.get("list", {}).items()
    return {name: each["values"] for name, each in lists if f"/{VALIDATORS_KEY}/" in each["source"]}
