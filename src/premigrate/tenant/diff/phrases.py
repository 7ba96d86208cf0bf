"""Says a change between two documents in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from premigrate.report.run import pluralize

if TYPE_CHECKING:
    from premigrate.tenant.diff.model import Change

_MAX_VALUES = 12
"""How many values of a list are shown, unless all are."""
_BOUNDS = {"min": "at least", "above": "more than", "max": "at most", "below": "less than"}
_VALID = {False: "refused", True: "valid"}
_YES = {False: "no", True: "yes"}
_IS_LEFT_OUT = {"type", "list", "fields", "required", "nullable", "nullable_items", "blank", "deprecated"}
"""The words of a definition that are not shown as a limit and its value."""


def phrase_of(change: Change, *, in_full: bool) -> str:
    """Return what changed, without the name of the field; in full it has all values of long lists."""
    most = 0 if in_full else _MAX_VALUES
    what, old, new = change.what, change.old, change.new
    if what == "added":
        return f"added: {_definition(new, most)}"
    if what == "removed":
        return f"removed: {_definition(old, most)}"
    if what == "renamed":
        return f"renamed from {old}"
    if what in {"choices added", "choices removed", "kinds added", "kinds removed"}:
        return f"{what}: {join_values(new or old, most)}"
    if "validation" in what:
        return f"{what}: {new or old}"
    say = _SAID.get(what, _value)
    return f"{what} {say(old, most)} -> {say(new, most)}"


def join_values(values: Sequence[Any], most: int = _MAX_VALUES) -> str:
    """Return values as a list in words, the first ``most`` of them (0: all)."""
    shown = values[:most] if most else values
    more = len(values) - len(shown)
    return ", ".join(map(_text, shown)) + (f" and {more} more" if more else "")


def _definition(pairs: Sequence[tuple[str, Any]], most: int) -> str:
    words = dict(pairs)
    kind = "anything" if words["type"] == "json" else words["type"]
    if "fields" in words:
        kind = f"object of {pluralize(len(words['fields']), 'field')}"
    named = f"{'required ' if words.get('required') else ''}{'list of ' if words.get('list') else ''}{kind}"
    limits = [f"{word} {_value(value, most)}" for word, value in pairs if word not in _IS_LEFT_OUT]
    limits += [f"{_FLAG_WORDS[word]} {_VALID[bool(words[word])]}" for word in _FLAG_WORDS if word in words]
    limits += [f"deprecated {_deprecation(words['deprecated'])}".removesuffix(" yes")] if "deprecated" in words else []
    return ", ".join([named, *limits])


_FLAG_WORDS = {"blank": "blank", "nullable": "null", "nullable_items": "null items"}


def _value(value: Any, most: int = _MAX_VALUES) -> str:  # noqa: ANN401 - a value of a document
    if value is None:
        return "none"
    return join_values(value, most) if isinstance(value, tuple) else _text(value)


def _text(value: Any) -> str:  # noqa: ANN401
    return _YES[value] if isinstance(value, bool) else '""' if value == "" else str(value)


def _digits(value: tuple[tuple[str, int | None], ...] | None, _: int) -> str:
    if value is None:
        return "any"
    whole, places = (number for _, number in value)
    shown = [f"{whole} before"] if whole is not None else []
    shown += [f"{places} after"] if places is not None else []
    return f"{' and '.join(shown)} the point"


def _bound(value: tuple[tuple[str, Any]] | None, _: int) -> str:
    return f"{_BOUNDS[value[0][0]]} {value[0][1]}" if value else "none"


def _deprecation(value: bool | str) -> str:  # noqa: FBT001 - a value of a document
    return f"for {value}" if isinstance(value, str) else _YES[value]


_SAID: Mapping[str, Callable[[Any, int], str]] = {
    "type": _definition,
    "digits": _digits,
    "lower bound": _bound,
    "upper bound": _bound,
    "pattern": lambda value, _: " or ".join(value) if value else "none",
    "null": lambda value, _: _VALID[value],
    "null items": lambda value, _: _VALID[value],
    "blank": lambda value, _: _VALID[value],
    "deprecated": lambda value, _: _deprecation(value),
    "other keys": lambda value, _: "declared" if value else "not declared",
}
