"""Adds proposed changes to the tables of an overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.ruleset.model.fields import FITTING_TYPES, FieldSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from premigrate.compare.proposals import ProposedChange
    from premigrate.ruleset.model.ruleset import Ruleset

_Tables = dict[str, Any]
_UNKNOWN_TEXT = "Refused with the code {code}; its text is not known yet."


def add_changes(base: Mapping[str, Any], ruleset: Ruleset, changes: Sequence[ProposedChange]) -> _Tables:
    """Return the tables of an overlay with changes added; ``ruleset`` is that of the overlay ``base``."""
    tables = {name: _copied(table) for name, table in base.items()}
    for change in changes:
        _ADDERS[change.kind](tables, ruleset, change)
    return {name: table for name, table in tables.items() if table}


def _copied(table: Any) -> Any:  # noqa: ANN401 - any TOML
    if isinstance(table, dict):
        return {key: _copied(value) for key, value in table.items()}
    return [_copied(item) for item in table] if isinstance(table, list | tuple) else table


def _add_switch(tables: _Tables, _: Ruleset, change: ProposedChange) -> None:
    other = "disabled" if change.kind == "enabled" else "enabled"
    tables.get(other, {}).pop(change.name, None)
    tables.setdefault(change.kind, {})[change.name] = change.evidence


def _add_place(tables: _Tables, _: Ruleset, change: ProposedChange) -> None:
    tables.setdefault("attr_change", {})[change.name] = {"attr": change.value, "because": change.evidence}


def _add_text(tables: _Tables, ruleset: Ruleset, change: ProposedChange) -> None:
    spec = ruleset.codes[change.name]
    metadata = {"meaning": spec.meaning, "detail_basis": "observed", "source": change.evidence}
    codes = tables.setdefault("code", {})
    if spec.detail:
        codes[change.name] = {"detail": change.value, **metadata}
        return
    before = codes.get(change.name, {}).get("details", {})
    details = {kind: change.value for kind, text in spec.details.items() if text == change.old}
    codes[change.name] = {"details": {**before, **details}, **metadata}


def _add_code(tables: _Tables, ruleset: Ruleset, change: ProposedChange) -> None:
    _declare(tables, ruleset, change, like=change.old)
    tables.setdefault("code_change", {})[change.name] = {"code": change.value, "because": change.evidence}


def _add_rule(tables: _Tables, ruleset: Ruleset, change: ProposedChange) -> None:
    _declare(tables, ruleset, change)
    rule = {
        "id": change.name,
        **change.keys,
        "code": change.value,
        "why": "The API refused such accounts; this is the simplest condition that explains all recorded answers.",
        "basis": "observed",
        "source": change.evidence,
    }
    tables["rule"] = [*tables.get("rule", ()), rule]


def _declare(tables: _Tables, ruleset: Ruleset, change: ProposedChange, *, like: str = "") -> None:
    """Declare a code that is new, with the text of another one or none that is known."""
    if change.value in ruleset.codes:
        return
    spec = ruleset.codes.get(like)
    tables.setdefault("code", {}).setdefault(
        change.value,
        {
            "detail": spec.detail if spec else _UNKNOWN_TEXT.format(code=change.value),
            "meaning": spec.meaning if spec else "Observed in recorded answers; no page of the API describes it.",
            "detail_basis": "observed" if not spec else spec.detail_basis,
            "source": change.evidence,
        },
    )


def _add_field(tables: _Tables, ruleset: Ruleset, change: ProposedChange) -> None:
    """Change a field; where keys that it has no longer fit, all that it has now are written."""
    owner, _, key = change.name.partition(".")
    fields = tables.setdefault("change", {}).setdefault(owner, {}).setdefault("fields", {})
    earlier = fields.get(key, {})
    known = ruleset.objects[owner].fields[key].model_dump(exclude_none=True, exclude_unset=True)
    keys = {**change.keys, "basis": "observed"}
    now = {**known, **{name: value for name, value in earlier.items() if name in FieldSpec.model_fields}, **keys}
    kind = now.get("type")
    kept = {name: _toml(value) for name, value in now.items() if value is not None and _fits(name, kind)}
    if "type" in change.keys and kind == "choice":
        kept.pop("open", None)
    because = {"because": " ".join(dict.fromkeys(filter(None, [earlier.get("because"), change.evidence])))}
    if known.keys() - kept.keys() or earlier.get("replace"):
        fields[key] = {
            **{name: earlier[name] for name in ("key",) if name in earlier},
            **kept,
            "replace": True,
            **because,
        }
    else:
        fields[key] = {**earlier, **{name: _toml(value) for name, value in keys.items()}, **because}


def _fits(name: str, kind: str | None) -> bool:
    return name not in FITTING_TYPES or kind in FITTING_TYPES[name]


def _toml(value: Any) -> Any:  # noqa: ANN401 - any TOML
    return list(value) if isinstance(value, tuple) else value


_ADDERS = {
    "text": _add_text,
    "place": _add_place,
    "enabled": _add_switch,
    "disabled": _add_switch,
    "code": _add_code,
    "field": _add_field,
    "rule": _add_rule,
}
