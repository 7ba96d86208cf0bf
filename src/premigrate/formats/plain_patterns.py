r"""Converts regular expressions of JSON Schema to plain patterns.

An expression of JSON Schema matches a text if it matches any part of it, so an end without ``^`` or ``$`` becomes
``.*``. Groups and alternatives become patterns of their own. ``\d``, ``\w`` and ``\s`` mean what they mean in Python,
which runs on the server: digits, letters and white space of any script.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from premigrate.formats.pattern import MOST_OPTIONAL, compile_plain_pattern
from premigrate.formats.regex_sequences import (
    ANY,
    MOST_PATTERNS,
    MOST_PIECES,
    NotPlainError,
    Piece,
    Sequence,
    parse_regex,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 2000  # characters


def plain_patterns(regex: str) -> tuple[str, ...] | None:
    """Return plain patterns of which one matches a whole text if and only if ``regex`` matches a part of it.

    ``$`` matches at the end of the text only. Return None if the expression cannot be converted: it has look-arounds,
    back references, more than one open count, or would become too many patterns.
    """
    if len(regex) > _LONGEST:
        return None
    try:
        found = [pattern for sequence in parse_regex(regex) for pattern in _patterns(sequence)]
        patterns = tuple(dict.fromkeys(found))
        if not 0 < len(patterns) <= MOST_PATTERNS:
            return None
        for pattern in patterns:
            compile_plain_pattern(pattern)
    except (NotPlainError, ValueError):
        return None
    return patterns


def _patterns(sequence: Sequence) -> Iterator[str]:
    """Yield the plain patterns of a sequence; none if it never matches."""
    start = max((at for at, piece in enumerate(sequence) if piece.anchor == "^"), default=-1)
    end = min((at for at, piece in enumerate(sequence) if piece.anchor == "$"), default=len(sequence))
    outside = [*sequence[: max(start, 0)], *sequence[end + 1 :]]
    if any(piece.least for piece in outside):
        return  # a character before the start or after the end
    pieces = _merged(piece for piece in sequence[start + 1 : end] if not piece.anchor)
    is_open_start, is_open_end = start < 0, end == len(sequence)
    if is_open_start:
        pieces = _without_extra(pieces)
    if is_open_end:
        pieces = _without_extra(pieces[::-1])[::-1]
    if is_open_end or is_open_start:
        filler = ANY._replace(least=0, most=None)
        pieces = [*([filler] if is_open_start and (pieces or not is_open_end) else []), *pieces]
        pieces += [filler] if is_open_end else []
    yield from ("".join(piece.written() for piece in each) for each in _with_few_ranges(pieces))


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours with the same characters."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        is_same = last and last.members == piece.members and last.is_negated == piece.is_negated
        if last and is_same and (last.is_range or piece.is_range):
            most = None if last.most is None or piece.most is None else last.most + piece.most
            found[-1] = piece._replace(least=last.least + piece.least, most=most)
        else:
            found.append(piece)
    return [piece for piece in found if piece.most != 0]


def _without_extra(pieces: list[Piece]) -> list[Piece]:
    """Remove what is optional at the beginning, because any characters may precede the rest."""
    required = next((at for at, piece in enumerate(pieces) if piece.least), len(pieces))
    return [piece._replace(most=piece.least) if not at else piece for at, piece in enumerate(pieces[required:])]


def _with_few_ranges(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Replace ranges of counts by each of their counts, except for those that a plain pattern can have."""
    is_free = bool(pieces) and pieces[-1]._replace(least=1, most=1) == ANY and pieces[-1].most is None
    counted = [at for at, piece in enumerate(pieces[:-1] if is_free else pieces) if piece.is_range]
    widest = max(counted, key=lambda at: _width(pieces[at]), default=-1)
    optional = [at for at in counted if (pieces[at].least, pieces[at].most) == (0, 1)]
    kept = {
        *([] if widest in optional else [widest]),
        *optional[:MOST_OPTIONAL],
        *([len(pieces) - 1] if is_free else []),
    }
    choices, total = [], 1
    for at, piece in enumerate(pieces):
        total *= 1 if at in kept else min(_width(piece), MOST_PATTERNS) + 1
        if total > MOST_PATTERNS or (piece.most is None and at not in kept):
            raise NotPlainError
        each = (piece,) if at in kept else [piece._replace(least=n, most=n) for n in _counts(piece)]
        choices.append(each)
    for chosen in product(*choices):
        yield [piece for piece in chosen if piece.most != 0]


def _width(piece: Piece) -> int:
    return _LONGEST * MOST_PIECES if piece.most is None else piece.most - piece.least


def _counts(piece: Piece) -> range:
    return range(piece.least, (piece.most or 0) + 1)
