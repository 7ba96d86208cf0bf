"""Parses regular expressions into sequences of counted characters: each group and alternative becomes sequences."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from premigrate.formats.pattern import LazyPattern

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PATTERNS = 100
"""The most sequences of an expression."""
MOST_PIECES = 1000
"""The most pieces of a sequence."""
_MOST_NESTED = 20

_COUNT = LazyPattern(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")
_COUNT_LENGTH = len("{1000,1000}")
_GROUP = re.compile(r"\(\?(?::|P?<[A-Za-z_][A-Za-z0-9_]*>)")
_CLASSES = frozenset("dDwWsS")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_WRITTEN = {character: f"\\{letter}" for letter, character in _ESCAPES.items()}
_UNESCAPED = {"\\-": "-", "\\&": "&", "\\~": "~"}
"""The escapes of characters that have a meaning in sets only."""
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_ANCHORS = {"^": "^", "$": "$"}
_ANCHOR_ESCAPES = {"A": "^", "Z": "$", "z": "$"}


class NotPlainError(Exception):
    """The expression has no equivalent plain patterns."""


class Piece(NamedTuple):
    """One character with its count, or an anchor (``^`` or ``$``, counted 0 times).

    ``members`` are the parts of the set of characters, as they are written between brackets; without any, a negated set
    contains all characters. ``most`` is None if there is no limit.
    """

    members: tuple[str, ...] = ()
    is_negated: bool = False
    least: int = 1
    most: int | None = 1
    anchor: str = ""

    @property
    def is_single(self) -> bool:
        """Whether it is exactly one character."""
        return not self.anchor and self.least == self.most == 1

    @property
    def is_range(self) -> bool:
        """Whether the count can vary."""
        return self.least != self.most

    def written(self) -> str:
        """Return the piece as part of a plain pattern."""
        return f"{self._atom()}{self._count()}"

    def _atom(self) -> str:
        if self.is_negated and not self.members:
            return "."
        first = self.members[0]
        if len(self.members) == 1 and not self.is_negated and len(first.removeprefix("\\")) == 1:
            return f"\\{first}" if first in "(){}*+?$." else _UNESCAPED.get(first, first)
        return f"[{'^' if self.is_negated else ''}{''.join(self.members)}]"

    def _count(self) -> str:
        if not self.is_range:
            return "" if self.least == 1 else f"{{{self.least}}}"
        if self.most is None:
            return {0: "*", 1: "+"}.get(self.least, f"{{{self.least},}}")
        return "?" if (self.least, self.most) == (0, 1) else f"{{{self.least},{self.most}}}"


Sequence = tuple[Piece, ...]
ANY = Piece(is_negated=True)
_NO_LINE_BREAK = Piece(("\\n",), is_negated=True)


def parse_regex(regex: str) -> list[Sequence]:
    """Return the alternatives of an expression, without groups.

    Raises:
        NotPlainError: the expression has other parts than characters, sets, anchors and groups, or too many
            alternatives.

    """
    return _Parser(regex).parse()


class _Parser:
    """Reads an expression into its alternatives, without groups."""

    def __init__(self, regex: str) -> None:
        self._regex, self._position, self._depth = regex, 0, 0

    def parse(self) -> list[Sequence]:
        alternatives = self._alternatives()
        if self._position < len(self._regex):
            raise NotPlainError  # a closing parenthesis
        return alternatives

    def _peek(self) -> str:
        return self._regex[self._position : self._position + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise NotPlainError
        self._position += 1
        return character

    def _take_if(self, character: str) -> bool:
        is_next = self._peek() == character
        self._position += is_next
        return is_next

    def _alternatives(self) -> list[Sequence]:
        found = self._concatenation()
        while self._take_if("|"):
            found += self._concatenation()
        singles = [each[0] for each in found if len(each) == 1 and each[0].is_single and not each[0].is_negated]
        if len(singles) == len(found) > 1:  # single characters are one set
            return [(Piece(tuple(dict.fromkeys(member for each in singles for member in each.members))),)]
        return _distinct(found)

    def _concatenation(self) -> list[Sequence]:
        found: list[Sequence] = [()]
        while self._peek() not in {"", "|", ")"}:
            found = _joined(found, self._counted(self._term()))
        return found

    def _term(self) -> list[Sequence]:
        character = self._take()
        if character == "(":
            return self._group()
        if character in _ANCHORS:
            return [(Piece(least=0, most=0, anchor=_ANCHORS[character]),)]
        if character == "\\" and self._peek() in _ANCHOR_ESCAPES:
            return [(Piece(least=0, most=0, anchor=_ANCHOR_ESCAPES[self._take()]),)]
        if character in {"*", "+", "?", "{"}:
            raise NotPlainError
        if character == "[":
            return [(self._set(),)]
        return [(_NO_LINE_BREAK if character == "." else Piece((self._member(character),)),)]

    def _group(self) -> list[Sequence]:
        self._depth += 1
        if self._peek() == "?":
            opening = _GROUP.match(self._regex, self._position - 1)
            if not opening:
                raise NotPlainError
            self._position = opening.end()
        if self._depth > _MOST_NESTED:
            raise NotPlainError
        found = self._alternatives()
        if self._take() != ")":
            raise NotPlainError
        self._depth -= 1
        return found

    def _set(self) -> Piece:
        is_negated, members = self._take_if("^"), []
        while not self._take_if("]"):
            first = self._member(self._take())
            if self._peek() == "-" and self._regex[self._position + 1 : self._position + 2] != "]":
                self._position += 1
                members.append(f"{_end_of_range(first)}-{_end_of_range(self._member(self._take()))}")
            else:
                members.append(first)
        if not members:
            raise NotPlainError
        if any(f"\\{letter}" in members and f"\\{letter.upper()}" in members for letter in "dws"):
            if is_negated:
                raise NotPlainError
            return ANY
        return Piece(tuple(members), is_negated)

    def _member(self, character: str) -> str:
        """Return a character or class, of which ``character`` has been taken, as it is written in a set."""
        if character != "\\":
            return _write_character(character)
        letter = self._take()
        code = _CODE.match(self._regex, self._position - 1)
        if code:
            self._position = code.end()
            return _write_character(chr(int(code[1] or code[2], 16)))
        if letter in _CLASSES:
            return f"\\{letter}"
        if letter in _ESCAPES:
            return _write_character(_ESCAPES[letter])
        if letter.isalnum() or not letter.isascii():
            raise NotPlainError
        return _write_character(letter)

    def _counted(self, term: list[Sequence]) -> list[Sequence]:
        bounds = self._count()
        if bounds is None:
            return term
        least, most = bounds
        if most is not None and least > most:
            raise NotPlainError
        if len(term) == 1 and len(term[0]) == 1:
            (piece,) = term[0]
            if piece.is_single:
                return [(piece._replace(least=least, most=most),)]
            if piece.anchor:
                raise NotPlainError
        return _repeated(term, least, most)

    def _count(self) -> tuple[int, int | None] | None:
        counts: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        bounds = counts.get(self._peek())
        if bounds:
            self._position += 1
        elif self._peek() == "{":
            text, brace, _ = self._regex[self._position : self._position + _COUNT_LENGTH].partition("}")
            count = _COUNT.fullmatch(text + brace)
            if not count:
                raise NotPlainError
            self._position += len(count[0])
            least = int(count[1])
            bounds = least, least if not count[2] else int(count[3]) if count[3] else None
        else:
            return None
        self._take_if("?")  # a lazy count matches the same texts
        return bounds


def _write_character(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        raise NotPlainError  # half of a character
    return f"\\{character}" if character in r"\[]^-&|~" else _WRITTEN.get(character, character)


def _end_of_range(member: str) -> str:
    if member[0] == "\\" and member[1:] in _CLASSES:
        raise NotPlainError
    return member


def _distinct(sequences: Iterable[Sequence]) -> list[Sequence]:
    found = list(dict.fromkeys(sequences))
    if len(found) > MOST_PATTERNS or any(len(each) > MOST_PIECES for each in found):
        raise NotPlainError
    return found


def _joined(left: list[Sequence], right: list[Sequence]) -> list[Sequence]:
    return _distinct((*first, *second) for first, second in product(left, right))


def _repeated(term: list[Sequence], least: int, most: int | None) -> list[Sequence]:
    """Return the sequences of a group that occurs several times."""
    if most is None or most > MOST_PIECES:
        raise NotPlainError
    found: list[Sequence] = []
    repeated: list[Sequence] = [()]
    for times in range(most + 1):
        if times >= least:
            found = _distinct([*found, *repeated])
        repeated, shorter = _joined(repeated, term) if times < most else repeated, repeated
        if repeated == shorter:  # the group is empty, or the last round
            break
    return found or repeated
