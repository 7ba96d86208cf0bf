"""Finds patterns of supplier codes that can match the same code."""

from collections.abc import Iterable, Iterator, Mapping


def supplier_clashes(patterns: Iterable[str], others: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield each pattern that can match a code of another market: the pattern, the market, and its pattern."""
    for pattern in patterns:
        for market, globs in others.items():
            yield from ((pattern, market, glob) for glob in globs if overlap(pattern, glob))


def overlap(first: str, second: str) -> bool:
    """Return whether a text exists that both patterns match; ``*`` is any text, ``?`` one character."""
    reachable = {0}  # the positions in ``second`` that a text can reach together with the part of ``first`` read so far
    reachable = _skip_stars(reachable, second)
    for mark in first:
        if mark == "*":
            reachable = set(range(min(reachable), len(second) + 1)) if reachable else reachable
        else:
            reachable = _skip_stars(
                {
                    position + (second[position] != "*")
                    for position in reachable
                    if position < len(second) and (mark == "?" or second[position] in {mark, "*", "?"})
                },
                second,
            )
    return len(second) in reachable


def _skip_stars(positions: set[int], pattern: str) -> set[int]:
    """Add the positions after the stars at these positions, which may match nothing."""
    found = set(positions)
    for position in sorted(positions):
        end = position
        while end < len(pattern) and pattern[end] == "*":
            end += 1
            found.add(end)
    return found
