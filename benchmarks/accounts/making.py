"""Turns a seed into the texts of accounts: a pool of varied ones, each written with values that no other has.

So a million accounts take a minute, and no more than the pool is ever in memory.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.accounts import dk, pt
from benchmarks.accounts.serial import Template, template
from benchmarks.accounts.spoiling import WAYS, spoil

MARKETS: Mapping[str, Any] = {"dk": dk.account, "pt": pt.account}
GOOD, BAD = 1000, 500
"""Different accounts of a market in the pool."""
_AT_ONCE = 2000


class Maker:
    """Makes accounts of some markets, in turns by chance, of which a share is bad."""

    def __init__(self, seed: int, *, share_bad: float = 0.01, markets: Sequence[str] = tuple(MARKETS)) -> None:
        self._rng = Random(f"accounts {seed}")  # noqa: S311 - to be repeated, not to be secret
        self._share_bad, self._markets = share_bad, markets
        self._good = {market: [self._make(market) for _ in range(GOOD if share_bad < 1 else 0)] for market in markets}
        bad = BAD if share_bad > 0 else 0
        self._bad = {market: [self._make(market, bad=True) for _ in range(bad)] for market in markets}

    def _make(self, market: str, *, bad: bool = False) -> Template:
        account = MARKETS[market](self._rng)
        if bad:
            spoil(account, self._rng, WAYS[market])
        return template(json.dumps(account, ensure_ascii=False, separators=(",", ":")))

    def texts(self) -> Iterator[str]:
        """Write one account after the other, without end."""
        chance, choice, serial = self._rng.random, self._rng.choice, 0
        while True:
            serial += 1
            pool = self._bad if chance() < self._share_bad else self._good
            yield choice(pool[choice(self._markets)]).fill(serial)


def texts(count: int, seed: int, *, share_bad: float = 0.01, markets: Sequence[str] = tuple(MARKETS)) -> Iterator[str]:
    """Write so many accounts as JSON texts."""
    return islice(Maker(seed, share_bad=share_bad, markets=markets).texts(), count)


def write(path: Path, count: int, seed: int, *, share_bad: float = 0.01) -> None:
    """Write so many accounts of all markets into a file, one in each line."""
    made = texts(count, seed, share_bad=share_bad)
    with path.open("wb") as file:
        while lines := list(islice(made, _AT_ONCE)):
            file.write(("\n".join(lines) + "\n").encode())
