"""Splits what was learned from a document into the files of a market."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from premigrate.documents.toml_writer import render_overlay
from premigrate.ruleset.rule_files import MARKET_FILE

if TYPE_CHECKING:
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.tenant.model import LearnedTenant

_MAX_LINES = 300
"""The size limit of a rule file, in lines."""
_SCHEMA_LINE = "#:schema ../rules.schema.json"
_BY_TOPIC = ("change", "object")
_SPLIT = {*_BY_TOPIC, "disabled", "enabled", "list"}
"""The tables whose entries may be in several files."""
_NO_DESCRIPTION = "The document does not describe it."


def market_files(learned: LearnedTenant, ruleset: Ruleset) -> dict[str, str]:
    """Return the rule files of a market, as texts by their names.

    What concerns an object of the platform is in a file with the name of its topic; a long one is split. If the
    document names no import supplier, the market file has none either, and `premigrate market check` reports that.

    Args:
        learned: what was learned, based on the platform.
        ruleset: the ruleset of the platform with the learned overlay.

    """
    tables = {name: table for name, table in learned.overlay.items() if name not in _BY_TOPIC}
    tables["market"] = _market_table(tables["market"])
    tables["disabled"] = {**tables.get("disabled", {}), **_without_format(ruleset, tables.get("disabled", {}))}
    files = dict(_split(MARKET_FILE.removesuffix(".toml"), tables, learned.title))
    topics = _topics(learned.overlay, ruleset)
    for topic in sorted(set(topics.values())):
        own = {
            kind: {
                name: _described(kind, entry)
                for name, entry in learned.overlay.get(kind, {}).items()
                if topics[name] == topic
            }
            for kind in _BY_TOPIC
        }
        files |= _split(topic, {kind: entries for kind, entries in own.items() if entries}, learned.title)
    return files


def _market_table(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "extends" and (key, value) != ("suppliers", ["*"])}


def _without_format(ruleset: Ruleset, disabled: Mapping[str, str]) -> dict[str, str]:
    """Return the rules that lack the format of the country, with the reason; an overlay needs not disable them."""
    return {
        rule.id: ruleset.off_reasons[rule.id]
        for rule in ruleset.disabled
        if rule.format and rule.disabled is None and rule.id not in disabled
    }


def _topics(overlay: Mapping[str, Any], ruleset: Ruleset) -> dict[str, str]:
    """Return the topic of each changed or new object: that of the platform's file, or of an object that contains it."""
    owners: dict[str, str] = {}
    for name, spec in ruleset.objects.items():
        parts = [*spec.variants.values(), *(field.object or field.list or "" for field in spec.fields.values())]
        for part in parts:
            owners.setdefault(part, name)
    topics = {}
    for name in dict.fromkeys(name for kind in _BY_TOPIC for name in overlay.get(kind, {})):
        here, seen = name, set()
        while "/" not in ruleset.source_files.get(f"object {here}", "") and here in owners and here not in seen:
            seen.add(here)
            here = owners[here]
        topics[name] = ruleset.source_files.get(f"object {here}", "account").rpartition("/")[2].removesuffix(".toml")
    return topics


def _described(kind: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object or a change in which each new field has an ``about``, which a market's files require."""
    if "fields" not in entry:
        return dict(entry)
    fields = {key: _with_about(field, is_new=kind == "object") for key, field in entry["fields"].items()}
    return {**entry, "fields": fields}


def _with_about(field: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    says_type = {"type", "object", "list"} & field.keys()
    if (
        "about" in field
        or not says_type
        or not (is_new or str(field.get("because", "")).startswith("The document has it"))
    ):
        return dict(field)
    return {**field, "about": _NO_DESCRIPTION}


def _split(topic: str, tables: Mapping[str, Any], title: str) -> Iterator[tuple[str, str]]:
    """Yield names and texts of files within the size limit that together hold the tables of a topic."""
    number = 1
    taken: dict[str, Any] = {}
    for kind, entries in tables.items():
        for name, entry in entries.items() if kind in _SPLIT else [("", entries)]:
            more = {**taken, kind: {**taken.get(kind, {}), name: entry} if name else entry}
            if taken and _lines(more, title) > _MAX_LINES:
                yield _file(topic, number, taken, title)
                number, taken = number + 1, {kind: {name: entry} if name else entry}
            else:
                taken = more
    if taken:
        yield _file(topic, number, taken, title)


def _lines(tables: Mapping[str, Any], title: str) -> int:
    return _text(tables, title).count("\n")


def _file(topic: str, number: int, tables: Mapping[str, Any], title: str) -> tuple[str, str]:
    return f"{topic}{f'_{number}' if number > 1 else ''}.toml", _text(tables, title)


def _text(tables: Mapping[str, Any], title: str) -> str:
    return f"{_SCHEMA_LINE}\n{render_overlay(tables, f'{title}, learned from its OpenAPI document')}"
