"""Finds the folder of a market, and its examples and cases."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from premigrate.exceptions import BadArgument
from premigrate.ruleset.problems import unknown_name_message
from premigrate.ruleset.rule_files import MARKET_FILE, market_names, rules_root


class MarketFolder(NamedTuple):
    """The paths of a market: ``rules`` is the folder of its rules, which is beside those of the other markets."""

    rules: Path

    @property
    def name(self) -> str:
        """The name of the market."""
        return self.rules.name

    @property
    def market_file(self) -> Path:
        """The file that defines the market."""
        return self.rules / MARKET_FILE

    def example(self, kind: str) -> Path:
        """Return the path of the good or the bad payload."""
        return self._root / "examples" / self.name / f"{kind}.json"

    @property
    def cases(self) -> Path:
        """The folder of the cases."""
        return self._root / "tests" / "cases" / self.name

    @property
    def _root(self) -> Path:
        return self.rules.parent.parent

    def shown(self, path: Path) -> str:
        """Return a path from the folder that contains the rules."""
        return path.relative_to(self._root).as_posix()


def find_market(market: str) -> MarketFolder:
    """Return the folder of a market, which is given by its path, or by the name of an installed market.

    Raises:
        BadArgument: there is no such folder or market.

    """
    folder = Path(market).resolve()
    if not (folder / MARKET_FILE).is_file():
        installed = rules_root()
        if market not in market_names() or not isinstance(installed, Path):
            reason = unknown_name_message("market", market, market_names())
            raise BadArgument(f"{market} has no {MARKET_FILE}, and {reason}")
        folder = installed / market
    return MarketFolder(folder)
