"""Turns paths into the result of every account at them, as an iterator, for programs that use premigrate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from premigrate.accounts.identity import reference_of
from premigrate.api import CachedValidator
from premigrate.batch.batch_validator import Looked, Looker
from premigrate.batch.inputs import STDIN_NAME
from premigrate.batch.load_accounts import Missed
from premigrate.batch.read_chunks import Reading
from premigrate.batch.tasks import perform_patiently, smaller_tasks, tasks_of
from premigrate.batch.worker_pool import run_tasks
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from premigrate.api import Validator
    from premigrate.batch.chunks import Chunk
    from premigrate.ruleset.load import Overlay
    from premigrate.ruleset.references import References


@dataclass(frozen=True, slots=True)
class Checked:
    """One account of an input and its result; or what could not be checked, and the problem.

    ``index`` is its position in the file. ``line`` is where its text begins, 0 in a file that has no lines or where
    the input as a whole is meant. ``reference`` is the number by which the account calls itself, if it says one.
    """

    file: str
    line: int
    index: int
    reference: str = ""
    result: Result | None = None
    problem: BadPayloadText | None = None

    @property
    def ok(self) -> bool:
        """Whether it was checked, and the API would accept it as far as could be checked."""
        return self.result is not None and self.result.ok


_Values: TypeAlias = tuple[str, int, int, str, Result | None, BadPayloadText | None]
"""The values of a `Checked`: a tuple is much quicker to pickle than a frozen dataclass."""


def check_files(  # noqa: PLR0913 - each says one thing, by its name
    paths: Iterable[str | os.PathLike[str]],
    *,
    as_of: date,
    market: str | None = None,
    overlay: Overlay | None = None,
    references: References | None = None,
    jobs: int = 1,
    column: str | None = None,
) -> Iterator[Checked]:
    """Check all accounts in files and folders, one after the other, with the answers of ``premigrate check``.

    Args:
        paths: files and folders, read as the command reads them; ``-`` is standard input.
        as_of: the day that counts as today.
        market: the market of all accounts; left out, ``import_supplier`` tells it.
        overlay: what differs for your tenant, as for `Validator`.
        references: lists that only your tenant knows, as for `Validator`.
        jobs: how many processes check at the same time; 0: as many as there are processors. The order of the results
            does not depend on it.
        column: the column of Parquet files that holds the payloads.

    Raises:
        PremigrateError: as `Validator` does, when the first account of a market is met; and `WorkerLost` if
            processes that worked for this one ended one after the other. What is wrong with an input, or takes too
            much memory, is told in its place, not raised.

    """
    if isinstance(paths, str) or jobs < 0:
        raise BadArgument("paths must be a list of paths, and jobs a number of at least 0")
    make = partial(_make_looking, market, as_of, overlay, references)
    chunks = Reading(column).chunks([os.fspath(path) for path in paths], STDIN_NAME)
    if jobs == 1:
        look = make()
        return _flat(result for chunk in chunks for result in perform_patiently(look, [chunk]))
    return _flat(run_tasks(tasks_of(chunks), make, jobs or os.cpu_count() or 1, smaller_tasks))


def _flat(results: Iterable[list[_Values]]) -> Iterator[Checked]:
    for some in results:
        for values in some:
            yield Checked(*values)


def _make_looking(
    market: str | None, as_of: date, overlay: Overlay | None, references: References | None
) -> Callable[[list[Chunk]], list[_Values]]:
    looker = Looker(market, partial(_validator, as_of, overlay, references))
    if market:
        looker.validator(market)
    return partial(_check, looker)


def _validator(as_of: date, overlay: Overlay | None, references: References | None, market: str) -> Validator:
    # each worker makes its own validators: compiled rules from the cache spare it half a second
    return CachedValidator(market=market, as_of=as_of, overlay=overlay, references=references)


def _check(looker: Looker, chunks: list[Chunk]) -> list[_Values]:
    found: list[_Values] = []
    for chunk in chunks:
        for seen in looker.look(chunk):
            if isinstance(seen, Looked):
                opened = seen.account
                _, account = seen.validator.account_of(opened.document.data)
                found.append((chunk.file, opened.line, opened.position, reference_of(account), seen.result, None))
            elif isinstance(seen, Missed):
                problem = BadPayloadText(seen.message, seen.line, seen.column)
                found.append((chunk.file, seen.line, seen.position, "", None, problem))
    return found
