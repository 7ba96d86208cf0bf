"""Completes markets, rule ids, codes, attrs and topics in a shell.

Loading the rules is too slow for a completion, so the names are kept in the cache of compiled rules. Errors are ignored
and complete nothing, because a message would appear in the command line.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from premigrate.api import markets

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click


class MarketNames(msgspec.Struct):
    """The names of a market, sorted: the topics of explain, and what select and ignore take."""

    topics: list[str]
    selectable: list[str]


def complete_markets(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:  # noqa: ARG001
    """Return the markets whose names begin with what is typed."""
    with suppress(Exception):
        return [name for name in markets() if name.startswith(begun)]
    return []


def complete_topics(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:  # noqa: ARG001
    """Return the topics of explain that begin with what is typed."""
    with suppress(Exception):
        return _beginning_with(begun, (names.topics for names in _names_for(context)))
    return []


def complete_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:  # noqa: ARG001
    """Return the rule ids, codes and attrs that begin with what is typed, after the last comma."""
    before, comma, word = begun.rpartition(",")
    with suppress(Exception):
        found = _beginning_with(word, (names.selectable for names in _names_for(context)))
        return [f"{before}{comma}{name}" for name in found]
    return []


def _beginning_with(begun: str, groups: Iterable[list[str]]) -> list[str]:
    return sorted({name for group in groups for name in group if name.startswith(begun)})


def _names_for(context: click.Context) -> list[MarketNames]:
    """Return the names of the market on the command line or in the configuration; else those of all markets."""
    from premigrate.ruleset.cache import get_or_build  # not needed by other commands

    known, chosen = markets(), context.params.get("market")
    return [
        get_or_build(f"names{market}", MarketNames, partial(_collect_names, market))
        for market in ((chosen,) if chosen in known else known)
    ]


def _collect_names(market: str) -> MarketNames:
    from premigrate.command.filter_names import SelectableNames
    from premigrate.describe.explain import find_topics
    from premigrate.describe.market import ruleset_of

    ruleset = ruleset_of(market)
    selectable = SelectableNames([ruleset])
    return MarketNames(sorted(find_topics([ruleset])), sorted(selectable.names | selectable.attrs))
