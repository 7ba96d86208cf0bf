"""Renders the accounts of an outcome in the worker that checked them: text is faster to send than objects."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from premigrate.report.run import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from premigrate.command.check_chunks import Outcome, Told


class Rendered(NamedTuple):
    """Consecutive accounts, as one text for each sink."""

    texts: tuple[str, ...]


def render_outcome(outcome: Outcome, renders: Sequence[Callable[[Iterable[Account]], str]]) -> Outcome:
    """Render the accounts of an outcome, with one function for each sink; other events stay where they are."""
    events: list[Told] = []
    for is_account, group in groupby(outcome.told, key=lambda each: isinstance(each, Account)):
        members = list(group)
        accounts = [each for each in members if isinstance(each, Account)]
        events += [Rendered(tuple(render(accounts) for render in renders))] if is_account else members
    return outcome._replace(told=events)
