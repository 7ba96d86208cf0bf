"""Measures whether the time of a function grows linearly with the size of its input; absolute times do not count."""

import time
from collections.abc import Callable
from typing import Any

_MIN_SECONDS = 0.002  # seconds; shorter times can't be measured reliably
_FACTOR = 8
_MAX_RATIO = 16.0
"""The maximum ratio for an input eight times as large: twice that of linear growth, a quarter of quadratic growth."""
_ROUNDS = 4


def measure(run: Callable[[], object], rounds: int) -> float:
    """Return the shortest time of some rounds, in seconds of CPU time."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def growth(make: Callable[[int], Any], max_size: int, min_size: int = 1000) -> tuple[int, float, float]:
    """Return a size, its time in seconds, and the ratio of the time of eight times that size to its time.

    The size grows until its time can be measured, up to ``max_size``; the ratio is 0 if it can't be measured.
    """
    size = min_size
    while measure(make(size), 1) < _MIN_SECONDS:
        size *= _FACTOR
        if size > max_size:
            return size, 0.0, 0.0
    seconds, run, ratio = max(measure(make(size), _ROUNDS), _MIN_SECONDS / 2), make(size * _FACTOR), float("inf")
    for _ in range(_ROUNDS):
        ratio = min(ratio, measure(run, 1) / seconds)
        if ratio < _MAX_RATIO:  # one fast round is enough
            break
    return size, seconds, ratio


def grows_linearly(make: Callable[[int], Any], max_size: int, min_size: int = 1000) -> bool:
    """Return whether time grows at most linearly with the size; repeated because the machine may be busy."""
    return any(growth(make, max_size, min_size)[2] < _MAX_RATIO for _ in range(3))
