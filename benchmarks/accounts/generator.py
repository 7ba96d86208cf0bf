"""Generates accounts as JSON texts from a seed: templates from a pool, each filled with unique values.

This takes a minute for a million accounts, and only the pool is kept in memory.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.accounts.mutations import add_errors, mutations_of
from benchmarks.accounts.placeholders import Template, parse_template
from benchmarks.payloads import good_account
from premigrate import markets

MARKETS: Mapping[str, Callable[[Random], Any]] = {
    market: import_module(f"benchmarks.accounts.{market}").account
    for market in markets()
    if find_spec(f"benchmarks.accounts.{market}")
}
"""The function that generates an account, for each market that has a module here."""
GOOD, BAD = 1000, 500
"""Number of good and bad templates of a market in the pool."""
_LINES_PER_WRITE = 2000


class AccountGenerator:
    """Generates random accounts of some markets, of which a share has errors."""

    def __init__(self, seed: int, *, share_bad: float = 0.01, markets: Sequence[str] = tuple(MARKETS)) -> None:
        self._seed, self._share_bad, self._markets = seed, share_bad, markets
        self._pool: dict[tuple[str, bool, int], Template] = {}

    def texts(self) -> Iterator[str]:
        """Yield accounts as JSON texts, without end."""
        rng, serial = Random(f"accounts {self._seed}"), 0  # noqa: S311 - reproducible, not secret
        chance, share_bad, markets, pool = rng.random, self._share_bad, self._markets, self._pool
        while True:
            serial += 1
            is_bad = chance() < share_bad
            key = (markets[int(chance() * len(markets))], is_bad, int(chance() * (BAD if is_bad else GOOD)))
            if key not in pool:
                pool[key] = self._make(*key)
            yield pool[key].fill(serial)

    def _make(self, market: str, is_bad: bool, index: int) -> Template:  # noqa: FBT001 - the items of a pool key
        rng = Random(f"{self._seed} {market} {is_bad} {index}")  # noqa: S311
        account = MARKETS[market](rng)
        if is_bad:
            add_errors(account, rng, mutations_of(market))
        return parse_template(json.dumps(account, ensure_ascii=False, separators=(",", ":")))


def account_texts(
    count: int, seed: int, *, share_bad: float = 0.01, markets: Sequence[str] = tuple(MARKETS)
) -> Iterator[str]:
    """Return ``count`` accounts as JSON texts."""
    return islice(AccountGenerator(seed, share_bad=share_bad, markets=markets).texts(), count)


def example_texts(count: int) -> Iterator[str]:
    """Yield ``count`` example accounts as JSON texts: those of all markets in turn, with unique account numbers."""
    accounts = [good_account(market) for market in MARKETS]
    for serial, account in zip(range(count), cycle(accounts), strict=False):
        account["external_account_number"] = f"EXT-{serial:09d}"
        yield json.dumps(account, ensure_ascii=False, separators=(",", ":"))


def write_lines(path: Path, accounts: Iterator[str]) -> None:
    """Write accounts to a file, one per line."""
    with path.open("wb") as file:
        while lines := list(islice(accounts, _LINES_PER_WRITE)):
            file.write(("\n".join(lines) + "\n").encode())
