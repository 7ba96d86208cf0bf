"""Writes the state of a rule in a market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.site.page import escape
from docs.site.places import fact_link, list_link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docs.site.page import Page
    from premigrate.describe.market_states import MarketState, StateName

MEANINGS: dict[StateName, str] = {
    "checked": "Every run checks it.",
    "needs list": "A run checks it if `--references` supplies the list. Without the list, each account that needs it "
    "has the rule in `not_checked`.",
    "needs fact": "A run checks it if `[tenant]` in an overlay states the fact. Without the fact, each account that "
    "needs it has the rule in `not_checked`.",
    "server only": "It depends on data that only the server has, so no run checks it. Accounts that it concerns have "
    "it in `not_checked`.",
    "off": "No source shows that the market has it, or a setting of the tenant decides. An overlay can enable it.",
    "not for this market": "It cannot apply in this market.",
}
"""The meaning of each state."""


def state_cell(page: Page, states: Iterable[MarketState]) -> str:
    """Return the distinct states of a rule, with links to what it needs."""
    return " and ".join(dict.fromkeys(_state(page, each) for each in states)) or "not in this market"


def _state(page: Page, state: MarketState) -> str:
    facts = [f"fact {fact_link(page, name)}" for name in state.facts]
    needed = ", ".join([*facts, *(f"list {list_link(page, name)}" for name in state.lists)])
    if state.state in {"needs fact", "needs list"}:
        return f"needs {needed}"
    return f"{state.state}, and needs {needed}" if needed else state.state


def reasons_of(states: Iterable[MarketState]) -> list[str]:
    """Return the distinct reasons of some states, as Markdown."""
    return list(dict.fromkeys(escape(each.reason) for each in states if each.reason))
