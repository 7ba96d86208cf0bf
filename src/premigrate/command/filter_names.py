"""Checks the names given to select and ignore: rule ids, codes, and attrs of the fields of the markets."""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from premigrate.compiler.rules import reported_attr
from premigrate.engine.envelope import WRAPPER_KEY
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.engine.readers import NON_FIELD_ERRORS_KEY
from premigrate.exceptions import BadArgument
from premigrate.results import advice_id
from premigrate.ruleset.kinds import family, variants_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from premigrate.command.filters import NameFilter
    from premigrate.ruleset.model.fields import FieldSpec
    from premigrate.ruleset.model.ruleset import Ruleset

_POSITION = re.compile(r"[\d*?\[\]!^-]+")
_ANY_CONTENT = {"json", "object"}  # types of fields that may contain anything
_UP = re.compile(r"^(up\.)+")
_WILD = "*?"


class MatchQuality(IntEnum):
    """How well an attr pattern matches the fields of a market, from worst to best."""

    NONE = 0
    UNKNOWN_FIELD = 1
    """A field that the market lacks, in an object that it has; advice about unknown keys has such attrs."""
    SIMILAR_FIELD = 2
    """As ``UNKNOWN_FIELD``, but the name is similar to that of a field there."""
    FIELD = 3
    """A field, or something inside a field that accepts any JSON."""


class PatternMatch(NamedTuple):
    """How well a pattern matches, and for ``SIMILAR_FIELD`` the pattern that was probably meant."""

    quality: MatchQuality
    suggestion: str = ""


class SelectableNames:
    """The names that can be selected in the markets of some rulesets, taken together."""

    def __init__(self, rulesets: Iterable[Ruleset]) -> None:
        self._markets = [_MarketFields(ruleset) for ruleset in rulesets]
        self.names = {FRAMEWORK_RULE_ID}.union(*(market.names for market in self._markets))

    def check(self, name_filter: NameFilter) -> Iterator[str]:
        """Yield warnings about attrs in ``ignore`` that match nothing.

        Raises:
            BadArgument: a name in ``select`` matches nothing, or one in ``ignore`` matches nothing and is no attr.

        """
        for word in name_filter.select:
            if message := self._problem_with(word):
                raise BadArgument(f"--select: {message}")
        for word in name_filter.ignore:
            if message := self._problem_with(word):
                if self._may_be_attr(word):
                    yield f"--ignore: {message}"
                else:
                    raise BadArgument(f"--ignore: {message}")

    def _problem_with(self, word: str) -> str:
        """Return what is wrong with a name; empty if it may match a finding."""
        if any(fnmatchcase(name, word) for name in self.names):
            return ""
        fit, meant = (
            max(market.find(word) for market in self._markets) if self._markets else PatternMatch(MatchQuality.NONE)
        )
        if fit == MatchQuality.FIELD or (fit == MatchQuality.UNKNOWN_FIELD and "." in word):
            return ""
        is_attr = "." in word or "*" in word
        what = f"{word!r} matches no field" if is_attr else f"{word!r} is not a rule, code or field"
        near = meant or self._nearest(word)
        if near in self.names:
            what = f"{word!r} is not a rule or code"
        return f"{what}; did you mean {near}?" if near else what

    def _may_be_attr(self, word: str) -> bool:
        """Return whether a name that matches nothing is more like an attr than like a rule id or code."""
        return "." in word or (bool(word) and "-" not in word and self._nearest(word) not in self.names)

    @property
    def attrs(self) -> set[str]:
        """The attr of each field of the markets, with ``*`` for list positions."""
        return {attr for market in self._markets for attr in market.attrs}

    def _nearest(self, word: str) -> str:
        is_attr = "." in word
        general = ".".join("*" if step.isdigit() else step for step in word.split("."))
        near = get_close_matches(general, sorted(self.attrs if is_attr else self.names | self.attrs), 1)
        return near[0] if near else ""


class _MarketFields:
    """The fields of one market. ``attrs`` holds the attr of each, with ``*`` for list positions."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.names = {*ruleset.codes, *ruleset.advice, *map(advice_id, ruleset.advice)}
        self.names |= {rule.id for rule in (*ruleset.rules, *ruleset.disabled)}
        self._ruleset = ruleset
        self._keys = {name: self._keys_of(name) for name in ruleset.objects}
        self._every_key = frozenset(key for keys in self._keys.values() for key in keys)
        self._reported = _reported_attrs(ruleset)
        self.attrs = [*self._attrs_in(ruleset.root, "", ())]
        self._first = [attr.replace("*", "0") for attr in self.attrs]

    def find(self, pattern: str) -> PatternMatch:
        """Return how well a pattern matches."""
        if any(fnmatchcase(attr, pattern) for attr in self._first):
            return PatternMatch(MatchQuality.FIELD)
        steps = pattern.split(".")
        if steps[0] == WRAPPER_KEY and len(steps) > 1:
            return PatternMatch(MatchQuality.SIMILAR_FIELD, ".".join(steps[1:]))  # no attr begins with the wrapper
        return max(self._find_in(self._ruleset.root, steps, 0), default=PatternMatch(MatchQuality.NONE))

    def _keys_of(self, name: str) -> Mapping[str, tuple[FieldSpec, ...]]:
        """Return the fields of an object and of all its variants; a key that selects the variant has none."""
        specs = family(name, self._ruleset.objects)
        found: dict[str, tuple[FieldSpec, ...]] = {spec.select: () for spec in specs if spec.select}
        for spec in specs:
            for key, field in spec.fields.items():
                found[key] = (*found.get(key, ()), field)
        return found

    def _attrs_in(self, name: str, before: str, above: tuple[str, ...]) -> Iterator[str]:
        yield from (f"{before}{reported}" for reported in self._reported[name])
        for key, fields in self._keys[name].items():
            attr = f"{before}{key}"
            yield attr
            yield from (f"{attr}.{reported}" for reported in self._reported_of(name, key))
            inner = {(bool(field.list), field.object or field.list or "") for field in fields}
            for is_list, inside in sorted(inner):
                place = f"{attr}.*" if is_list else attr
                if is_list:
                    yield place
                if inside in self._keys and inside not in above:
                    yield from self._attrs_in(inside, f"{place}.", (*above, name))

    def _find_in(self, name: str, steps: Sequence[str], at: int) -> Iterator[PatternMatch]:
        """Match a pattern against an object, step by step; a lone ``*`` matches one step here."""
        step, keys = steps[at], self._keys[name]
        fitting = [key for key in keys if fnmatchcase(key, step)]
        for key in fitting:
            if at + 1 == len(steps) or _is_reported(self._reported_of(name, key), steps[at + 1 :]):
                yield PatternMatch(MatchQuality.FIELD)
                continue
            for field in keys[key]:
                yield from self._find_below(field, steps, at + 1)
        if _is_reported(self._reported.get(name, ()), steps[at:]) or self._ruleset.objects[name].open:
            yield PatternMatch(MatchQuality.FIELD)
        elif not fitting:
            known = self._every_key if steps[0].startswith("*") else keys
            word = step.strip(_WILD)
            near = get_close_matches(word, known, 1)
            meant = ".".join((*steps[:at], step.replace(word, near[0]), *steps[at + 1 :])) if near else ""
            yield PatternMatch(MatchQuality.SIMILAR_FIELD if near else MatchQuality.UNKNOWN_FIELD, meant)

    def _reported_of(self, name: str, key: str) -> set[str]:
        """Return the attrs that rules report below a field of an object or of its variants."""
        names = (name, *variants_below(name, self._ruleset.objects))
        return set().union(*(self._reported.get(f"{each}.{key}", ()) for each in names))

    def _find_below(self, field: FieldSpec, steps: Sequence[str], at: int) -> Iterator[PatternMatch]:
        inside = field.object or field.list
        if field.list:
            if not _POSITION.fullmatch(steps[at]):
                return
            at += 1
        if at == len(steps) or field.type in _ANY_CONTENT or field.list in _ANY_CONTENT:
            yield PatternMatch(MatchQuality.FIELD)
        elif inside in self._keys:
            yield from self._find_in(str(inside), steps, at)


def _is_reported(reported: Iterable[str], steps: Sequence[str]) -> bool:
    return any(fnmatchcase(attr, ".".join(steps)) for attr in reported)


def _reported_attrs(ruleset: Ruleset) -> dict[str, set[str]]:
    """Collect by object, and by ``object.field``, the attrs below it that rules report and that may not be fields."""
    reported = {name: {NON_FIELD_ERRORS_KEY} for name in ruleset.objects}
    for rule in ruleset.rules:
        whole = reported_attr(rule, ruleset) or ""
        attr = _UP.sub("", whole)
        for place in rule.places if attr == whole else ruleset.objects:  # the objects above are not known by name
            if attr:
                reported.setdefault(place, set()).add(attr)
    return reported
