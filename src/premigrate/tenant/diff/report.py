"""Renders the differences between two documents, as text and as data for JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from premigrate.report.findings import pattern_of
from premigrate.report.run import escape, pluralize
from premigrate.tenant.diff.compare import place_of_field
from premigrate.tenant.diff.model import EFFECTS
from premigrate.tenant.diff.phrases import join_values, phrase_of

if TYPE_CHECKING:
    from premigrate.tenant.diff.model import (
        Change,
        DocumentDiff,
        ErrorKey,
        ObjectChanges,
        PayloadChanges,
        TouchedAccount,
    )
    from premigrate.tenant.model import DocumentNote

_WIDTH = 80
_MAX_ACCOUNTS, _MAX_PLACES, _MAX_RULES, _MAX_KINDS = 10, 3, 12, 20
_ROOT = "the account"


def render_diff(diff: DocumentDiff, *, in_full: bool) -> Iterator[str]:
    """Yield the lines of the report; in full it has all values of long lists, and all accounts."""
    counts = Counter(change.effect for change in diff.changes)
    yield f"{escape(diff.new.title)}: {escape(diff.old.file)} -> {escape(diff.new.file)}, market {escape(diff.market)}"
    if diff.is_empty:
        yield "  no differences"
    else:
        shown = ", ".join(f"{counts[effect]} {effect}" for effect in EFFECTS if counts[effect])
        yield f"  {pluralize(len(diff.changes), 'change')}{f': {shown}' if shown else ''}"
    if diff.old.path != diff.new.path:
        yield from _wrapped("  path: ", f"{diff.old.path} -> {diff.new.path}")
    for each in diff.objects:
        yield from _object(each, in_full=in_full)
    yield from _rules(diff, in_full=in_full)
    yield from _notes("new, but not checked", diff.new_notes)
    yield from _notes("gone, was not checked", diff.gone_notes)
    if diff.payloads:
        yield from _payloads(diff.payloads, in_full=in_full)


def _object(each: ObjectChanges, *, in_full: bool) -> Iterator[str]:
    first, *others = each.places
    yield ""
    yield from _wrapped("", first or _ROOT)
    if others:
        also = [other or _ROOT for other in (others if in_full else others[:_MAX_PLACES])]
        left = len(others) - len(also) + each.more_places
        yield from _wrapped("  also at ", ", ".join(also) + (f" and {pluralize(left, 'more place')}" if left else ""))
    for change, _ in each.changes:
        named = f"{change.key}: " if change.key else ""
        yield from _wrapped(f"  {change.effect:8}  ", named + phrase_of(change, in_full=in_full))


def _rules(diff: DocumentDiff, *, in_full: bool) -> Iterator[str]:
    rules = diff.rules
    if any(rules):
        switched = Counter(each.is_on for each in rules.switched)
        yield ""
        yield f"rules: {switched[False]} disabled, {switched[True]} enabled, {len(rules.reading)} with changed fields"
    for each in rules.switched:
        yield from _wrapped(f"  {'enabled' if each.is_on else 'disabled':8}  ", f"{each.rule}: {each.reason}")
    for field, names in _rules_by_field(diff).items():
        yield from _wrapped("  ", f"{field} is read by {join_values(names, 0 if in_full else _MAX_RULES)}")
    for name, added, removed in rules.lists:
        words = [f"added {join_values(added)}"] if added else []
        words += [f"removed {join_values(removed)}"] if removed else []
        yield from _wrapped("  ", f"the list {name}: {'; '.join(words)}")


def _rules_by_field(diff: DocumentDiff) -> dict[str, list[str]]:
    """Return the rules that read changed fields, by field in document order."""
    places = [place_of_field(each.places[0], change.key) for each in diff.objects for change, _ in each.changes]
    by_field: dict[str, list[str]] = {place: [] for place in places}
    for reading in diff.rules.reading:
        for place in reading.fields:
            by_field[place].append(reading.rule)
    return {place: names for place, names in by_field.items() if names}


def _notes(title: str, notes: Sequence[DocumentNote]) -> Iterator[str]:
    if notes:
        yield ""
        yield title
    for note in notes:
        yield from _wrapped("  ", f"{note.at} {note.message}")


def _payloads(payloads: PayloadChanges, *, in_full: bool) -> Iterator[str]:
    touched = payloads.touched
    yield ""
    yield f"payloads: {pluralize(payloads.accounts, 'account')} checked, {len(touched)} affected"
    kinds = _count_kinds(touched)
    most = None if in_full else _MAX_KINDS
    for (word, code, pattern), count in kinds[:most]:
        yield from _wrapped(f"  {word:4}  ", f"{_error((code, pattern))}, in {pluralize(count, 'account')}")
    if left := len(kinds[most or len(kinds) :]):
        yield f"  {left} more (--show-all shows each)"
    for account in touched if in_full else touched[:_MAX_ACCOUNTS]:
        yield from _account(account)
    if not in_full and len(touched) > _MAX_ACCOUNTS:
        yield ""
        yield f"{pluralize(len(touched) - _MAX_ACCOUNTS, 'more account')} (--show-all shows each)"
    if payloads.is_interrupted:
        yield "interrupted: not all payloads were checked"


def _account(account: TouchedAccount) -> Iterator[str]:
    line = f":{account.line}" if account.line else ""
    number = f" ({account.number})" if account.number else ""
    yield ""
    which = "" if account.is_only else f", account {account.position}"
    yield f"{escape(account.file)}{line}{which}{escape(number)}"
    for word, errors in (("new", account.new), ("gone", account.gone)):
        for error, count in Counter(errors).items():
            yield from _wrapped(f"  {word:4}  ", _error(error) + (f" ({count} times)" if count > 1 else ""))


def _count_kinds(touched: Sequence[TouchedAccount]) -> list[tuple[tuple[str, str, str], int]]:
    """Return the kinds of new and gone errors with the number of accounts, new and frequent ones first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for account in touched:
        for word, errors in (("new", account.new), ("gone", account.gone)):
            counts.update({(word, code, pattern_of(attr)) for code, attr in errors})
    return sorted(counts.items(), key=lambda each: (each[0][0] != "new", -each[1], each[0]))


def _error(error: ErrorKey) -> str:
    code, attr = error
    return f"{code} at {attr}" if attr else code


def _wrapped(before: str, text: str) -> Iterator[str]:
    """Yield a text after ``before``, escaped and wrapped at spaces; further lines are indented as much."""
    yield from textwrap.wrap(
        escape(text),
        _WIDTH,
        initial_indent=before,
        subsequent_indent=" " * min(len(before) + 2, _WIDTH // 2),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [before.rstrip()]


def diff_data(diff: DocumentDiff) -> dict[str, Any]:
    """Return all differences as data for JSON."""
    counts = Counter(change.effect for change in diff.changes)
    return {
        "old": diff.old._asdict(),
        "new": diff.new._asdict(),
        "market": diff.market,
        "counts": {effect: counts[effect] for effect in EFFECTS},
        "changes": [_change_data(each, placed.change) for each in diff.objects for placed in each.changes],
        "rules": {
            "switched": [
                {"rule": each.rule, "state": "enabled" if each.is_on else "disabled", "reason": each.reason}
                for each in diff.rules.switched
            ],
            "reading": [{"rule": each.rule, "fields": list(each.fields)} for each in diff.rules.reading],
            "lists": [
                {"list": each.name, "added": _plain(each.added), "removed": _plain(each.removed)}
                for each in diff.rules.lists
            ],
        },
        "notes": {
            "new": [note._asdict() for note in diff.new_notes],
            "gone": [note._asdict() for note in diff.gone_notes],
        },
        "payloads": _payload_data(diff.payloads) if diff.payloads else None,
    }


def _change_data(each: ObjectChanges, change: Change) -> dict[str, Any]:
    place, *others = (place_of_field(place, change.key) for place in each.places)
    return {
        "place": place,
        "also_at": others,
        "more_places": each.more_places,
        "object": each.places[0],
        "field": change.key or None,
        "change": change.what,
        "old": _value_data(change.old, change.what),
        "new": _value_data(change.new, change.what),
        "effect": change.effect,
    }


_DEFINITIONS = {"added", "removed", "type", "digits", "lower bound", "upper bound"}
"""The changes whose values are definitions: pairs of a word and a value."""


def _value_data(value: Any, what: str) -> Any:  # noqa: ANN401 - a value of a document
    if what in _DEFINITIONS and value is not None:
        return {word: _plain(each) for word, each in value}
    return _plain(value)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _payload_data(payloads: PayloadChanges) -> dict[str, Any]:
    return {
        "accounts": payloads.accounts,
        "unreadable": payloads.unreadable,
        "interrupted": payloads.is_interrupted,
        "touched": [
            {
                "file": each.file,
                "index": each.position,
                "line": each.line or None,
                "account": each.number,
                "new": [{"code": code, "attr": attr} for code, attr in each.new],
                "gone": [{"code": code, "attr": attr} for code, attr in each.gone],
            }
            for each in payloads.touched
        ],
    }
