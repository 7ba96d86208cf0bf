"""Turns the values of a reference list into a set to look into."""

import re
from collections.abc import Iterable, Iterator

_RANGE = re.compile(r"([0-9]+)-([0-9]+)", re.ASCII)


def expand_list(values: Iterable[str]) -> frozenset[str]:
    """Collect all values; ``1000-1049`` stands for the whole numbers between, with as many digits."""
    return frozenset(value for written in values for value in _expand(written))


def _expand(written: str) -> Iterator[str]:
    match = _RANGE.fullmatch(written)
    if match and len(match[1]) == len(match[2]):
        yield from (f"{number:0{len(match[1])}}" for number in range(int(match[1]), int(match[2]) + 1))
    else:
        yield written
