"""Writes the differences between the objects of a document and those of a ruleset as tables of an overlay."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.field_differences import FieldTables, field_table, is_other_type
from premigrate.tenant.match_objects import ObjectMatch, ObjectMatcher

Table = dict[str, Any]


@dataclass(slots=True)
class OverlayDifferences:
    """Tables of an overlay, and counts of what they hold.

    ``changes``, ``objects`` and ``lists`` are the tables ``change``, ``object`` and ``list``. ``counts`` has the keys
    ``added``, ``dropped`` and ``changed`` (fields), and ``objects``. ``type_changes`` maps fields whose type changed,
    as object and key, to their pointer in the document: rules that read them cannot hold.
    """

    changes: Table = field(default_factory=dict)
    objects: Table = field(default_factory=dict)
    lists: Table = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    type_changes: dict[tuple[str, str], str] = field(default_factory=dict)


def find_differences(
    ruleset: Ruleset, matcher: ObjectMatcher, example_fields: Collection[tuple[str, str]]
) -> OverlayDifferences:
    """Compare the objects of a document with those of a ruleset, and describe new ones.

    Args:
        ruleset: the ruleset.
        matcher: the objects of the document, by the names of the ruleset.
        example_fields: the fields, as object and key, that examples of the document contain; those are not dropped.

    """
    return _Differences(ruleset, matcher, example_fields).find()


class _Differences:
    """Collects the differences of all objects."""

    def __init__(self, ruleset: Ruleset, matcher: ObjectMatcher, example_fields: Collection[tuple[str, str]]) -> None:
        self._matcher, self._example_fields = matcher, example_fields
        self._tables = FieldTables(ruleset, matcher)
        self._found = OverlayDifferences()

    def find(self) -> OverlayDifferences:
        owners = self._matcher.kind_owners()
        for name, match in self._matcher.matches.items():
            spec, original = self._matcher.spec_of(name), self._matcher.copies.get(name)
            if spec is None:
                owner = self._matcher.spec_of(owners[name]) if name in owners else None
                self._add_object(name, match, dict(owner.fields) if owner else {})
                continue
            if original:
                self._add_copy(name, original, spec, match.pointers[0])
            if change := self._compare(name, spec, match):
                self._found.changes[name] = change
        self._found.lists = self._tables.lists()
        return self._found

    def _add_copy(self, name: str, original: str, spec: ObjectSpec, at: str) -> None:
        about = {"about": spec.about, "basis": "published", "source": _source(at)}
        self._found.objects[name] = {"like": original, **about}
        self._found.counts["objects"] += 1

    def _compare(self, name: str, spec: ObjectSpec, match: ObjectMatch) -> Table:
        """Return the changes of an object that the ruleset has."""
        change = {**self._compare_select(spec, match)}
        if kinds := self._compare_kinds(spec, match):
            change["variants"] = kinds
        if fields := {**self._compare_fields(name, spec, match), **self._drop(name, spec, match)}:
            change["fields"] = fields
        return change

    def _compare_select(self, spec: ObjectSpec, match: ObjectMatch) -> Table:
        learned = match.select
        if learned is None:
            return {}
        ours = {
            "select": spec.select,
            "select_required": spec.select_required if spec.select else True,
            "select_default": spec.select_default or "",
            "select_nullable": spec.select_nullable,
        }
        theirs = {
            "select": learned.select,
            "select_required": learned.select_required,
            "select_default": learned.select_default,
            "select_nullable": learned.select_nullable,
        }
        changed = {key: value for key, value in theirs.items() if value != ours[key]}
        if theirs["select_default"]:
            changed.pop("select_required", None)
        return {**changed, "because": f"The document says so: {learned.at}"} if changed else {}

    def _compare_kinds(self, spec: ObjectSpec, match: ObjectMatch) -> Table:
        if match.select is None:
            return {}
        because = f"The document says so: {match.select.at}"
        added = {value: name for value, name in match.kinds.items() if spec.variants.get(value) != name}
        gone = [value for value in spec.variants if value not in match.kinds]
        return {
            **{value: {"object": name, "because": because} for value, name in added.items()},
            **{value: {"drop": True, "because": because} for value in gone},
        }

    def _compare_fields(self, name: str, spec: ObjectSpec, match: ObjectMatch) -> Table:
        changes: Table = {}
        for key, learned in match.fields.items():
            old, target = spec.fields.get(key), self._matcher.targets.get((name, key), "")
            if old is None:
                table = field_table(learned, target, is_hidden=self._tables.is_hidden(key))
                changes[key] = {**table, "because": f"The document has it: {learned.at}"}
                self._found.counts["added"] += 1
                continue
            change = self._tables.compare(old, learned, target) if learned.is_known else {}
            if renamed := match.keys.get(key):
                change["key"] = renamed
            if change:
                changes[key] = {**change, "because": f"The document says so: {learned.at}"}
                self._found.counts["changed"] += 1
                if "replace" in change and is_other_type(old, learned):
                    self._found.type_changes[name, match.keys.get(key, key)] = learned.at
        return changes

    def _drop(self, name: str, spec: ObjectSpec, match: ObjectMatch) -> Table:
        """Return the changes that drop the fields of an object that the document declares in kinds only, or nowhere."""
        select = match.select.select if match.select else ""
        in_kinds = {
            key: self._matcher.matches[kind].fields[key].at
            for kind in match.kinds.values()
            for key in self._matcher.matches[kind].fields
        }
        changes: Table = {}
        for key in spec.fields:
            if key in match.fields or key == select:
                continue
            if key in in_kinds:
                changes[key] = {"drop": True, "because": f"The document declares it for each kind: {in_kinds[key]}"}
            elif match.is_complete and (name, key) not in self._example_fields:
                changes[key] = {"drop": True, "because": f"The document has no such field: {match.pointers[0]}"}
                self._found.counts["dropped"] += 1
        return changes

    def _add_object(self, name: str, match: ObjectMatch, known: Mapping[str, FieldSpec]) -> None:
        """Describe an object that is not in the ruleset; ``known`` are the fields of the object whose kind it is."""
        learned = self._matcher.names.learned[name]
        fields = {}
        for key, each in match.fields.items():
            target = self._matcher.targets.get((name, key), "")
            if key in known and each.is_known:
                fields[key] = self._tables.full_table(known[key], each, target)
            else:
                fields[key] = field_table(each, target, is_hidden=self._tables.is_hidden(key))
        about = learned.description or "Known only from the tenant's document."
        table: Table = {"about": about, "basis": "published", "source": _source(match.pointers[0])}
        if learned.is_open or any(self._matcher.matches[kind].is_complete is False for kind in match.kinds.values()):
            table["open"] = True
        if match.select:
            table |= _select_table(match)
        self._found.objects[name] = {**table, **({"fields": fields} if fields else {})}
        if match.keys:
            self._found.changes[name] = {
                "fields": {
                    key: {"key": renamed, "because": f"The document says so: {match.fields[key].at}"}
                    for key, renamed in match.keys.items()
                }
            }
        self._found.counts["objects"] += 1
        self._found.counts["added"] += len(fields)


def _select_table(match: ObjectMatch) -> Table:
    learned = match.select
    assert learned is not None  # noqa: S101 - asked by the caller
    optional: Table = {"select_default": learned.select_default} if learned.select_default else {}
    if not learned.select_required and not optional:
        optional = {"select_required": False}
    nullable = {"select_nullable": True} if learned.select_nullable else {}
    return {"select": learned.select, **optional, **nullable, "variants": dict(match.kinds)}


def _source(at: str) -> str:
    return f"The tenant's OpenAPI document: {at}"
