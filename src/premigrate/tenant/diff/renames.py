"""Recognizes fields that have another key in a newer document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from premigrate.tenant.diff.fields import KeysOf
    from premigrate.tenant.document.learned import LearnedField

_ENOUGH = 0.5
"""The share of words of two keys, or of fields of two objects, that must be the same."""


def find_evident_renames(
    old: Mapping[str, LearnedField],
    new: Mapping[str, LearnedField],
    synonyms: Collection[frozenset[str]],
    old_keys: KeysOf,
    new_keys: KeysOf,
) -> dict[str, str]:
    """Return the new keys of fields by the old ones, where one field alone can be the other.

    Args:
        old: the fields of an object in the old document.
        new: its fields in the new one.
        synonyms: groups of keys that the rules know for the same field.
        old_keys: returns the keys of an object of the old document.
        new_keys: the same for the new one.

    """
    removed, added = [key for key in old if key not in new], [key for key in new if key not in old]
    pairs = [
        (key, other)
        for key in removed
        for other in added
        if _is_alike(old[key], new[other])
        and _is_evident((key, old[key], old_keys), (other, new[other], new_keys), synonyms)
    ]
    return dict(_unambiguous(pairs))


def _unambiguous(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    olds, news = [key for key, _ in pairs], [key for _, key in pairs]
    for key, other in pairs:
        if olds.count(key) == 1 and news.count(other) == 1:
            yield key, other


def _is_alike(one: LearnedField, other: LearnedField) -> bool:
    """Return whether two fields have the same type."""
    return (one.kind, one.is_list, bool(one.object_at)) == (other.kind, other.is_list, bool(other.object_at))


def _is_evident(
    old: tuple[str, LearnedField, KeysOf], new: tuple[str, LearnedField, KeysOf], synonyms: Collection[frozenset[str]]
) -> bool:
    key, before, old_keys = old
    other, after, new_keys = new
    if any({key, other} <= group for group in synonyms):
        return True
    if before.constraints.get("deprecated") == other or after.constraints.get("deprecated") == key:
        return True
    if before.object_at:
        return _share(set(old_keys(before.object_at)), set(new_keys(after.object_at))) >= _ENOUGH
    if before.about and before.about == after.about:
        return True
    return before.constraints == after.constraints and _share(set(key.split("_")), set(other.split("_"))) >= _ENOUGH


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0
