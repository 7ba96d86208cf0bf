"""Extracts the keys of the accounts of files, in this process or in workers, in the order of the inputs."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.batch.chunks import LineChunk, SkippedChunk
from premigrate.batch.load_accounts import LoadedAccount, ReadFailure, load_chunk
from premigrate.batch.tasks import group_into_tasks, run_or_split, split_task
from premigrate.cohort.api import KeyExtractor
from premigrate.cohort.clashes import Origin
from premigrate.cohort.program import AccountKeys
from premigrate.exceptions import UnknownMarket
from premigrate.report.run import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from premigrate.batch.chunks import Chunk
    from premigrate.ruleset.overlays import Overlay
    from premigrate.ruleset.references import References


class InputProblem(NamedTuple):
    """An input, or an account in it, that cannot be compared; ``is_skipped``: it was skipped on purpose."""

    message: str
    is_skipped: bool = False


Extracted: TypeAlias = AccountKeys | InputProblem


class ExtractorOptions(NamedTuple):
    """The arguments of a `KeyExtractor`, to be sent to workers."""

    market: str | None = None
    overlay: Overlay | None = None
    references: References | None = None


def extract_from_chunks(
    chunks: Iterator[Chunk], options: ExtractorOptions, jobs: int, report: Callable[[str], object]
) -> Generator[Extracted]:
    """Yield the keys of each account, or why it has none, in order; the same with any number of processes.

    Args:
        chunks: the inputs.
        options: the arguments of the extractors.
        jobs: the number of processes; with 1, this process does the work.
        report: called with a message if a worker is lost and another one takes over its work.

    Raises:
        PremigrateError: the market, the overlay or the reference lists are wrong, or worker processes were lost.

    """
    make_function = partial(_make_task_function, options)
    if jobs == 1:
        extract = make_function()
        for chunk in chunks:
            for found in run_or_split(extract, [chunk]):
                yield from found
        return
    from premigrate.batch.worker_pool import run_tasks

    with closing(run_tasks(group_into_tasks(chunks), make_function, jobs, split_task, report)) as results:
        for found in results:
            yield from found


def _make_task_function(options: ExtractorOptions) -> Callable[[list[Chunk]], list[Extracted]]:
    """Make the function that extracts the keys of chunks; called in a worker process."""
    extractor = KeyExtractor(**options._asdict())
    return lambda chunks: [found for chunk in chunks for found in _extract(extractor, chunk)]


def _extract(extractor: KeyExtractor, chunk: Chunk) -> Iterator[Extracted]:
    if isinstance(chunk, SkippedChunk):
        yield InputProblem(f"{escape(chunk.file)}: {chunk.reason}", is_skipped=True)
        return
    for item in load_chunk(chunk):
        if isinstance(item, LoadedAccount):
            line = item.line if isinstance(chunk, LineChunk) else 0  # in other formats the position is enough
            yield _keys_of(extractor, item.document.data, Origin(item.file, item.position, line))
        elif isinstance(item, ReadFailure):
            yield InputProblem(f"{_name(Origin(item.file, line=item.line))}: {item.message}")


def _keys_of(extractor: KeyExtractor, payload: object, origin: Origin) -> Extracted:
    try:
        return extractor.extract(payload, origin)
    except UnknownMarket:
        hint = explain_unknown_market(payload)
        return InputProblem(f"{_name(origin)}, account {origin.position}: {hint}")


def _name(origin: Origin) -> str:
    return f"{escape(origin.file)}:{origin.line}" if origin.line else escape(origin.file)
