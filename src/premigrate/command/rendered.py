"""Turns the accounts of an outcome into finished text in the worker that checked them: text is quicker to send."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from premigrate.report.run import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from premigrate.command.check_chunks import Outcome, Told


class Rendered(NamedTuple):
    """Accounts that follow each other, as one text for each target."""

    texts: tuple[str, ...]


def render_outcome(outcome: Outcome, renders: Sequence[Callable[[Iterable[Account]], str]]) -> Outcome:
    """Render the accounts of an outcome, with one function for each target; its other messages keep their places."""
    told: list[Told] = []
    for is_account, group in groupby(outcome.told, key=lambda each: isinstance(each, Account)):
        some = list(group)
        accounts = [each for each in some if isinstance(each, Account)]
        told += [Rendered(tuple(render(accounts) for render in renders))] if is_account else some
    return outcome._replace(told=told)
