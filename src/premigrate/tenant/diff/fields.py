"""Compares a field of one document with the same field of another: its type, limits, flags and validations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from premigrate.tenant.diff.model import Change, Definition, effect_of
from premigrate.tenant.spelled_out_lists import is_skipped

if TYPE_CHECKING:
    from premigrate.tenant.document.learned import LearnedField, Validation

KeysOf: TypeAlias = Callable[[str], tuple[str, ...]]
"""Returns the keys of the object at a pointer."""

_WIDER: Mapping[str, frozenset[str]] = {
    "choice": frozenset({"string", "json"}),
    "email": frozenset({"string", "json"}),
    "date": frozenset({"string", "json"}),
    "datetime": frozenset({"string", "json"}),
    "integer": frozenset({"decimal", "string", "json"}),
    "decimal": frozenset({"string", "json"}),
    "string": frozenset({"json"}),
    "boolean": frozenset({"json"}),
    "object": frozenset({"json"}),
    "described object": frozenset({"object", "json"}),
}
"""The types without limits that accept every value of a type."""

_TYPE_WORDS = {"type", "list", "fields"}
_AT_LEAST = ("min_length", "min_items")
_AT_MOST = ("max_length", "max_items")
_FLAGS = (("nullable", "null"), ("nullable_items", "null items"))


def compare_fields(key: str, old: LearnedField, new: LearnedField, old_keys: KeysOf, new_keys: KeysOf) -> list[Change]:
    """Return the changes of a field, without those of the object in it."""
    changes = [_of_type(key, old, new, old_keys, new_keys)]
    if _type(old) == _type(new) and old.is_list == new.is_list:
        changes += _of_limits(key, old, new)
    changes += compare_flags(key, old, new)
    changes += compare_validations(key, old.validations, new.validations)
    return [change for change in changes if change]


def compare_flags(key: str, old: LearnedField, new: LearnedField) -> Iterator[Change]:
    """Yield the changes of a field that do not depend on its type."""
    if old.required != new.required:
        yield _flag(key, "required", old.required, new.required, is_strict=True)
    for word, what in _FLAGS:
        before, after = bool(old.constraints.get(word)), bool(new.constraints.get(word))
        if before != after and (word == "nullable" or old.is_list == new.is_list):
            yield _flag(key, what, before, after, is_strict=False)
    yield from compare_default(key, old, new)
    yield from compare_deprecation(key, old, new)


def compare_default(key: str, old: LearnedField, new: LearnedField) -> Iterator[Change]:
    """Yield the change of the value of an absent field."""
    if old.default != new.default:
        yield Change(key, "default", _hashable(old.default), _hashable(new.default), "neither")


def compare_deprecation(key: str, old: LearnedField, new: LearnedField) -> Iterator[Change]:
    """Yield the change of the deprecation of a field."""
    before, after = (each.constraints.get("deprecated", False) for each in (old, new))
    if before != after:
        yield Change(key, "deprecated", before, after, "neither")


def compare_validations(key: str, old: Iterable[Validation], new: Iterable[Validation]) -> Iterator[Change]:
    """Yield the changes of the codes that validations name at a place."""
    before, after = _performed(old), _performed(new)
    for code in merge_keys(before, after):
        was, now = before.get(code), after.get(code)
        if was == now:
            continue
        effect = effect_of(stricter=bool(now), looser=bool(was))
        if was is not None and now is not None:
            yield Change(key, "validation performed again" if now else "validation skipped", code, code, effect)
            continue
        what = "validation" if was or now else "skipped validation"
        yield Change(key, f"{what} {'removed' if now is None else 'added'}", *_either(code, now), effect)


def definition_of(field: LearnedField, keys_of: KeysOf) -> Definition:
    """Return the type of a field, whether it is required, and all its limits."""
    pairs: list[tuple[str, Any]] = [("type", _type(field) if field.is_known else "not described")]
    pairs += [("list", True)] if field.is_list else []
    pairs += [("fields", keys_of(field.object_at))] if field.object_at else []
    pairs += [("required", True)] if field.required else []
    pairs += [(word, _hashable(value)) for word, value in field.constraints.items()]
    return tuple(pairs)


def merge_keys(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """Return the keys of both in the order of ``new``; those of ``old`` alone follow the one before them there."""
    merged, kept, last = list(new), set(new), -1
    for key in old:
        if key in kept:
            last = merged.index(key)
        else:
            last += 1
            merged.insert(last, key)
    return merged


def _type(field: LearnedField) -> str:
    return "object" if field.object_at else field.kind


def _of_type(key: str, old: LearnedField, new: LearnedField, old_keys: KeysOf, new_keys: KeysOf) -> Change | None:
    same = old.is_known == new.is_known and old.is_list == new.is_list
    if same and _type(old) == _type(new) and bool(old.object_at) == bool(new.object_at):
        return None
    is_comparable = same and old.is_known
    stricter = not is_comparable or not _accepts_all(new, old)
    looser = not is_comparable or not _accepts_all(old, new)
    before, after = (
        tuple(pair for pair in definition_of(field, keys_of) if pair[0] not in _SEPARATE)
        for field, keys_of in ((old, old_keys), (new, new_keys))
    )
    return Change(key, "type", before, after, effect_of(stricter=stricter, looser=looser))


_SEPARATE = {"required", "nullable", "deprecated"}
"""The words of a definition that are compared alone."""
_NO_LIMITS = {*_SEPARATE, "blank", "nullable_items"}


def _accepts_all(wide: LearnedField, narrow: LearnedField) -> bool:
    """Return whether the type of a field accepts all values of another type."""
    kind = "described object" if narrow.object_at else narrow.kind
    is_unlimited = not wide.object_at and not wide.constraints.keys() - _NO_LIMITS
    return is_unlimited and wide.kind in _WIDER.get(kind, ())


def _of_limits(key: str, old: LearnedField, new: LearnedField) -> Iterator[Change]:
    before, after = old.constraints, new.constraints
    yield from _of_choices(key, before.get("choices"), after.get("choices"))
    for word in (*_AT_LEAST, *_AT_MOST):
        yield from _of_limit(key, word, before.get(word), after.get(word), is_upper=word in _AT_MOST)
    if before.get("min_length") == after.get("min_length"):  # the change is already reported as a change of the length
        yield from _of_blank(key, old, new)
    yield from _of_digits(key, before, after)
    for what, words, sign in (("lower bound", ("min", "above"), 1), ("upper bound", ("max", "below"), -1)):
        yield from _of_bound(key, what, _bound(before, words), _bound(after, words), sign)
    yield from _of_patterns(key, before.get("patterns") or (), after.get("patterns") or ())


def _of_choices(key: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            effect = effect_of(stricter=old is None, looser=new is None)
            yield Change(key, "choices", _hashable(old), _hashable(new), effect)
        return
    if added := tuple(choice for choice in new if choice not in old):
        yield Change(key, "choices added", None, added, "looser")
    if removed := tuple(choice for choice in old if choice not in new):
        yield Change(key, "choices removed", removed, None, "stricter")


def _of_limit(key: str, what: str, old: int | None, new: int | None, *, is_upper: bool) -> Iterator[Change]:
    if old == new:
        return
    least, most = (
        (-1 if each is None else each for each in (old, new)) if not is_upper else (_compared(new), _compared(old))
    )
    yield Change(key, what, old, new, effect_of(stricter=least < most, looser=least > most))


def _compared(limit: int | None) -> float:
    return float("inf") if limit is None else limit


def _of_blank(key: str, old: LearnedField, new: LearnedField) -> Iterator[Change]:
    before, after = old.constraints.get("blank"), new.constraints.get("blank")
    if before != after:
        was, now = _accepts_blank(old), _accepts_blank(new)
        yield Change(key, "blank", was, now, effect_of(stricter=was and not now, looser=now and not was))


def _accepts_blank(field: LearnedField) -> bool:
    stated = field.constraints.get("blank")
    return bool(stated) if stated is not None or field.kind == "choice" else not (field.required or field.is_list)


def _of_digits(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the change of the digits before and after the point, as a pair."""
    before, after = _digits(old), _digits(new)
    if before == after:
        return
    pairs = [(_compared(was), _compared(now)) for was, now in zip(before, after, strict=True)]
    stricter, looser = any(was > now for was, now in pairs), any(was < now for was, now in pairs)
    yield Change(key, "digits", _named(before), _named(after), effect_of(stricter=stricter, looser=looser))


def _digits(limits: Mapping[str, Any]) -> tuple[int | None, int | None]:
    total, places = limits.get("max_digits"), limits.get("decimal_places")
    return (total - (places or 0) if total is not None else None), places


def _named(digits: tuple[int | None, int | None]) -> Definition | None:
    return None if digits == (None, None) else (("whole_digits", digits[0]), ("decimal_places", digits[1]))


def _bound(limits: Mapping[str, Any], words: tuple[str, str]) -> tuple[str, Any] | None:
    return next(((word, limits[word]) for word in words if word in limits), None)


def _of_bound(
    key: str, what: str, old: tuple[str, Any] | None, new: tuple[str, Any] | None, sign: int
) -> Iterator[Change]:
    before, after = _strictness(old, sign), _strictness(new, sign)
    if before != after:
        effect = effect_of(stricter=before < after, looser=before > after)
        yield Change(key, what, (old,) if old else None, (new,) if new else None, effect)


def _strictness(bound: tuple[str, Any] | None, sign: int) -> tuple[Decimal, bool]:
    if bound is None:
        return Decimal("-Infinity"), False
    word, value = bound
    return sign * Decimal(value), word in {"above", "below"}


def _of_patterns(key: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """Yield the change of the patterns, one of which must match; no pattern at all accepts every text."""
    before, after = set(old), set(new)
    if before != after:
        stricter = bool(after) and not (before and before < after)
        looser = bool(before) and not (after and after < before)
        yield Change(
            key, "pattern", tuple(old) or None, tuple(new) or None, effect_of(stricter=stricter, looser=looser)
        )


def _flag(key: str, what: str, old: bool, new: bool, *, is_strict: bool) -> Change:  # noqa: FBT001 - a value
    return Change(key, what, old, new, effect_of(stricter=new is is_strict, looser=new is not is_strict))


def _performed(validations: Iterable[Validation]) -> dict[str, bool]:
    """Return the codes that validations name; true if a validation is performed, not skipped."""
    performed: dict[str, bool] = {}
    for each in validations:
        for code in each.codes:
            performed[code] = performed.get(code, False) or not is_skipped(each)
    return performed


def _either(code: str, now: bool | None) -> tuple[str | None, str | None]:  # noqa: FBT001 - a state
    return (code, None) if now is None else (None, code)


def _hashable(value: object) -> Any:  # noqa: ANN401 - any value of a document
    if isinstance(value, list | tuple):
        return tuple(map(_hashable, value))
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, Mapping) else value
