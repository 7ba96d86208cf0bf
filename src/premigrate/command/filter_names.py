"""Tells what select and ignore can name: rule ids, codes, and attrs of the fields that markets have."""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from premigrate.engine.envelope import WRAPPER
from premigrate.engine.findings import FIELD_RULE
from premigrate.engine.reading import NON_FIELD
from premigrate.exceptions import BadArgument
from premigrate.results import advice_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from premigrate.command.filters import Choice
    from premigrate.ruleset.model.fields import Field
    from premigrate.ruleset.model.ruleset import Rulebook

_POSITION = re.compile(r"[\d*?\[\]!^-]+")
_FREE = {"json", "object"}  # the types of fields in which anything may stand
_UP = re.compile(r"^(up\.)+")
_WILD = "*?"


class Fit(IntEnum):
    """How an attr pattern fits the fields of a market, the best last."""

    NOWHERE = 0
    UNKNOWN = 1
    """Only a field that the market does not have, below an object that it has: advice on it stands at such an attr."""
    MISSPELT = 2
    """As ``UNKNOWN``, but the name is like that of a field there."""
    FIELD = 3
    """A field, or something inside a field that takes any JSON."""


class Found(NamedTuple):
    """How a pattern fits, and for ``MISSPELT`` the pattern that was probably meant."""

    fit: Fit
    meant: str = ""


class Selectable:
    """What can be named in the markets of some rulebooks, taken together."""

    def __init__(self, books: Iterable[Rulebook]) -> None:
        self._markets = [_Fields(book) for book in books]
        self.names = {FIELD_RULE}.union(*(market.names for market in self._markets))

    def check(self, choice: Choice) -> Iterator[str]:
        """Yield warnings about words of ``ignore`` that fit nothing.

        Raises:
            BadArgument: a word of ``select`` fits nothing, or a word of either is a rule id or code misspelt.

        """
        for word in choice.select:
            if message := self._judge(word):
                raise BadArgument(f"--select: {message}")
        for word in choice.ignore:
            if message := self._judge(word):
                if self._may_be_attr(word):
                    yield f"--ignore: {message}"
                else:
                    raise BadArgument(f"--ignore: {message}")

    def _judge(self, word: str) -> str:
        """Say what is wrong with a word; empty if it may fit a finding."""
        if any(fnmatchcase(name, word) for name in self.names):
            return ""
        fit, meant = max(market.find(word) for market in self._markets) if self._markets else Found(Fit.NOWHERE)
        if fit == Fit.FIELD or (fit == Fit.UNKNOWN and "." in word):
            return ""
        is_attr = "." in word or "*" in word
        what = f"no field fits {word!r}" if is_attr else f"there is no rule or code {word!r}, nor such a field"
        near = meant or self._nearest(word)
        if near in self.names:
            what = f"there is no rule or code {word!r}"
        return f"{what}; did you mean {near}?" if near else what

    def _may_be_attr(self, word: str) -> bool:
        """Whether a word that fits nothing is more like an attr than like a rule id or code: those have no dots."""
        return "." in word or (bool(word) and "-" not in word and self._nearest(word) not in self.names)

    def _nearest(self, word: str) -> str:
        attrs = {attr for market in self._markets for attr in market.attrs}
        is_attr = "." in word
        general = ".".join("*" if step.isdigit() else step for step in word.split("."))
        near = get_close_matches(general, sorted(attrs if is_attr else self.names | attrs), 1)
        return near[0] if near else ""


class _Fields:
    """The fields of one market. ``attrs`` holds the attr of each, with ``*`` for positions."""

    def __init__(self, book: Rulebook) -> None:
        self.names = {*book.codes, *book.advice, *map(advice_id, book.advice)}
        self.names |= {rule.id for rule in (*book.rules, *book.idle)}
        self._book = book
        self._keys = {name: self._keys_of(name) for name in book.objects}
        self._every_key = frozenset(key for keys in self._keys.values() for key in keys)
        self._blamed = _blamed_by(book)
        self.attrs = [*self._attrs_in(book.root, "", ())]
        self._first = [attr.replace("*", "0") for attr in self.attrs]

    def find(self, pattern: str) -> Found:
        """Tell how a pattern fits."""
        if any(fnmatchcase(attr, pattern) for attr in self._first):
            return Found(Fit.FIELD)
        steps = pattern.split(".")
        if steps[0] == WRAPPER and len(steps) > 1:
            return Found(Fit.MISSPELT, ".".join(steps[1:]))  # no attr begins with the wrapper
        return max(self._find_in(self._book.root, steps, 0), default=Found(Fit.NOWHERE))

    def _keys_of(self, name: str) -> Mapping[str, Field | None]:
        """List the fields of an object, or of all its variants; None stands for the field that chooses the variant."""
        spec = self._book.objects[name]
        chosen: dict[str, Field | None] = {spec.select: None} if spec.select else {}
        variants = [self._book.objects[variant].fields for variant in spec.variants.values()]
        return {**chosen, **spec.fields, **{key: field for fields in variants for key, field in fields.items()}}

    def _attrs_in(self, name: str, before: str, above: tuple[str, ...]) -> Iterator[str]:
        yield from (f"{before}{blamed}" for blamed in self._blamed[name])
        for key, field in self._keys[name].items():
            attr = f"{before}{key}"
            yield attr
            yield from (f"{attr}.{blamed}" for blamed in self._blamed.get(f"{name}.{key}", ()))
            inside = field and (field.object or field.list)
            if field and field.list:
                attr += ".*"
                yield attr
            if inside in self._keys and inside not in above:
                yield from self._attrs_in(str(inside), f"{attr}.", (*above, name))

    def _find_in(self, name: str, steps: Sequence[str], at: int) -> Iterator[Found]:
        """Follow a pattern into an object, step by step: here ``*`` alone stands for one step."""
        step, keys = steps[at], self._keys[name]
        fitting = [key for key in keys if fnmatchcase(key, step)]
        for key in fitting:
            field = keys[key]
            if at + 1 == len(steps) or self._is_blamed(f"{name}.{key}", steps[at + 1 :]):
                yield Found(Fit.FIELD)
            elif field:
                yield from self._find_below(field, steps, at + 1)
        if self._is_blamed(name, steps[at:]) or self._book.objects[name].open:
            yield Found(Fit.FIELD)
        elif not fitting:
            known = self._every_key if steps[0].startswith("*") else keys
            word = step.strip(_WILD)
            near = get_close_matches(word, known, 1)
            meant = ".".join((*steps[:at], step.replace(word, near[0]), *steps[at + 1 :])) if near else ""
            yield Found(Fit.MISSPELT if near else Fit.UNKNOWN, meant)

    def _is_blamed(self, place: str, steps: Sequence[str]) -> bool:
        return any(fnmatchcase(blamed, ".".join(steps)) for blamed in self._blamed.get(place, ()))

    def _find_below(self, field: Field, steps: Sequence[str], at: int) -> Iterator[Found]:
        inside = field.object or field.list
        if field.list:
            if not _POSITION.fullmatch(steps[at]):
                return
            at += 1
        if at == len(steps) or field.type in _FREE or field.list in _FREE:
            yield Found(Fit.FIELD)
        elif inside in self._keys:
            yield from self._find_in(str(inside), steps, at)


def _blamed_by(book: Rulebook) -> dict[str, set[str]]:
    """Collect by object, and by ``object.field``, the attrs below it that rules blame and that need be no fields."""
    blamed = {name: {NON_FIELD} for name in book.objects}
    for rule in book.rules:
        attr = _UP.sub("", rule.attr or "")
        for place in rule.places if attr == rule.attr else book.objects:  # of what is above, the name is not known
            if attr:
                blamed.setdefault(place, set()).add(attr)
    return blamed
