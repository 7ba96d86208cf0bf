"""Renders the accounts of a result in the worker that checked them: text is faster to send than objects."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from premigrate.report.run import AccountReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from premigrate.command.check_chunks import ChunkResult, RunEvent


class RenderedAccounts(NamedTuple):
    """Consecutive accounts, as one text for each sink."""

    texts: tuple[str, ...]


def render_chunk_result(
    result: ChunkResult, renders: Sequence[Callable[[Iterable[AccountReport]], str]]
) -> ChunkResult:
    """Render the accounts of a result, with one function for each sink; other events stay where they are."""
    events: list[RunEvent] = []
    for is_account, group in groupby(result.events, key=lambda each: isinstance(each, AccountReport)):
        members = list(group)
        accounts = [each for each in members if isinstance(each, AccountReport)]
        events += [RenderedAccounts(tuple(render(accounts) for render in renders))] if is_account else members
    return result._replace(events=events)
