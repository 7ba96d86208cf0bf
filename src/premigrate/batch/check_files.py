"""The Python API that validates files and folders: an iterator over the results of their accounts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from premigrate.accounts.identity import external_account_number_of
from premigrate.api import CachedValidator, engine_of
from premigrate.batch.batch_validator import BatchValidator, CheckedAccount
from premigrate.batch.inputs import STDIN_NAME
from premigrate.batch.load_accounts import ReadFailure
from premigrate.batch.read_chunks import ChunkReader
from premigrate.batch.tasks import group_into_tasks, run_or_split, split_task
from premigrate.batch.worker_pool import run_tasks
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from premigrate.api import Validator
    from premigrate.batch.chunks import Chunk
    from premigrate.ruleset.overlays import Overlay
    from premigrate.ruleset.references import References


@dataclass(frozen=True, slots=True)
class AccountResult:
    """The result of one account of an input, or the problem that prevented the validation of an account or input.

    ``position`` is the position of the account in the file. ``line`` is the line where its text begins; 0 if the file
    has no lines, or the problem concerns the whole input. ``account_number`` is the account number, empty if there is
    none.
    """

    file: str
    line: int
    position: int
    account_number: str = ""
    result: Result | None = None
    problem: BadPayloadText | None = None

    @property
    def ok(self) -> bool:
        """Whether the account was validated, and the API would accept it as far as it was checked."""
        return self.result is not None and self.result.ok


_Values: TypeAlias = tuple[str, int, int, str, Result | None, BadPayloadText | None]
"""The fields of a `AccountResult`: a tuple is much faster to pickle than a frozen dataclass."""


def check_files(  # noqa: PLR0913 - independent options, all keyword-only
    paths: Iterable[str | os.PathLike[str]],
    *,
    as_of: date,
    market: str | None = None,
    overlay: Overlay | None = None,
    references: References | None = None,
    jobs: int = 1,
    column: str | None = None,
) -> Iterator[AccountResult]:
    """Validate all accounts in files and folders, in order, with the same results as ``premigrate check``.

    An input that cannot be read, or that takes too much memory, does not raise: it yields an `AccountResult` with a
    problem.

    Args:
        paths: files and folders, found as by the command; ``-`` is standard input.
        as_of: the date that counts as today.
        market: the market of all accounts; by default, it is detected by ``import_supplier``.
        overlay: the differences of your tenant, as for `Validator`.
        references: the reference lists of your tenant, as for `Validator`.
        jobs: number of processes; 1 validates in this process, 0 starts one per processor. It does not affect the order
            of the results.
        column: the column of Parquet files that holds the payloads.

    Raises:
        BadArgument: ``paths`` is a single string, or ``jobs`` is negative.
        PremigrateError: as `Validator` does, at the first account of a market; `WorkerLost` if worker processes ended
            repeatedly.

    """
    if isinstance(paths, str) or jobs < 0:
        raise BadArgument("paths must be a list of paths, and jobs a number of at least 0")
    make = partial(_make_check, market, as_of, overlay, references)
    chunks = ChunkReader(column).chunks([os.fspath(path) for path in paths], STDIN_NAME)
    if jobs == 1:
        look = make()
        return _flatten(result for chunk in chunks for result in run_or_split(look, [chunk]))
    return _flatten(run_tasks(group_into_tasks(chunks), make, jobs or os.cpu_count() or 1, split_task))


def _flatten(results: Iterable[list[_Values]]) -> Iterator[AccountResult]:
    for batch in results:
        for values in batch:
            yield AccountResult(*values)


def _make_check(
    market: str | None, as_of: date, overlay: Overlay | None, references: References | None
) -> Callable[[list[Chunk]], list[_Values]]:
    looker = BatchValidator(market, partial(_validator, as_of, overlay, references))
    if market:
        looker.validator(market)
    return partial(_check, looker)


def _validator(as_of: date, overlay: Overlay | None, references: References | None, market: str) -> Validator:
    # each worker creates its own validators; loading compiled rules from the cache saves half a second
    return CachedValidator(market=market, as_of=as_of, overlay=overlay, references=references)


def _check(looker: BatchValidator, chunks: list[Chunk]) -> list[_Values]:
    results: list[_Values] = []
    for chunk in chunks:
        for item in looker.validate_chunk(chunk):
            if isinstance(item, CheckedAccount):
                loaded = item.account
                _, account = engine_of(item.validator).account_of(loaded.document.data)
                results.append(
                    (chunk.file, loaded.line, loaded.position, external_account_number_of(account), item.result, None)
                )
            elif isinstance(item, ReadFailure):
                problem = BadPayloadText(item.message, item.line, item.column)
                results.append((chunk.file, item.line, item.position, "", None, problem))
    return results
