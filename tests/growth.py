"""Tells whether what is done takes a time in proportion to the size of what it is done to; no time itself counts."""

import time
from collections.abc import Callable
from typing import Any

_SHORTEST = 0.002  # seconds; less can't be measured well
_TIMES = 8
_MOST = 16.0
"""Of eight times as much at most so many times as long: twice what is right, and a quarter of what a square is."""
_ROUNDS = 4


def measure(run: Callable[[], object], rounds: int) -> float:
    """Measure the shortest of some rounds, in seconds of this process."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        run()
        best = min(best, time.process_time() - begun)
    return best


def growth(make: Callable[[int], Any], most: int, least: int = 1000) -> tuple[int, float, float]:
    """Measure how much longer eight times the size takes: the smaller size, its seconds, and how many times as long.

    Sizes grow until they take a time that can be measured, up to ``most``; if none does, the answer is 0.
    """
    size = least
    while measure(make(size), 1) < _SHORTEST:
        size *= _TIMES
        if size > most:
            return size, 0.0, 0.0
    begun, run, grown = max(measure(make(size), _ROUNDS), _SHORTEST / 2), make(size * _TIMES), float("inf")
    for _ in range(_ROUNDS):
        grown = min(grown, measure(run, 1) / begun)
        if grown < _MOST:  # it has shown already that it can be so fast
            break
    return size, begun, grown


def grows_linearly(make: Callable[[int], Any], most: int, least: int = 1000) -> bool:
    """Whether time grows with the size and not faster; a machine that is busy elsewhere gets some more tries."""
    return any(growth(make, most, least)[2] < _MOST for _ in range(3))
