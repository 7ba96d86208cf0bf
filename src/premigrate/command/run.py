"""Runs the check over inputs, in this process or in workers, and sends the events to sinks."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from premigrate import __version__
from premigrate.batch.inputs import STDIN_NAME, total_size
from premigrate.batch.read_chunks import ChunkReader
from premigrate.batch.tasks import group_into_tasks, run_or_split, split_task
from premigrate.command.check_chunks import ChunkChecker, ChunkResult, Diagnostic, RunOptions
from premigrate.command.exit_codes import ExitCode
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.progress import ProgressLine
from premigrate.command.rendered_accounts import RenderedAccounts, render_chunk_result
from premigrate.command.streams import echo
from premigrate.optional_deps import is_pre_commit_hook
from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput, escape, summarize

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from premigrate.batch.chunks import Chunk
    from premigrate.command.check_chunks import SplitPayloads
    from premigrate.command.since import EarlierReport


class Sink(Protocol):
    """Receives the events of a run; they are ignored once it is not open.

    ``failure`` is the reason if it failed. After the end, ``notices`` are messages about the output, and ``written``
    lists the files.
    """

    is_open: bool
    failure: str
    notices: list[str]
    written: list[str]
    needs_clean_accounts: bool
    """Whether it needs accounts without findings too."""
    max_located: int | None
    """How many findings of a kind it needs located; None: all."""
    tells_advice: bool
    """Whether it uses advice, not errors only."""

    @property
    def render(self) -> Callable[[Iterable[AccountReport]], str] | None:
        """A function that renders accounts as text in any process; None if the text of an account depends on others."""

    def begin(self, run: RunInfo) -> None:
        """Receive the start of the run."""

    def write_account(self, account: AccountReport) -> None:
        """Receive a checked account."""

    def write_rendered(self, text: str) -> None:
        """Receive accounts that were rendered with ``render``."""

    def write_unreadable(self, problem: UnreadableInput) -> None:
        """Receive an input that could not be checked."""

    def end(self, tally: Tally) -> None:
        """Receive the end of the run: complete the output."""

    def discard(self) -> None:
        """Remove the output: the run failed."""


class PayloadSink(Protocol):
    """Receives the texts of the accounts. ``failure`` is the reason if it failed; ``written`` lists its files."""

    failure: str
    written: list[str]

    def take(self, parts: SplitPayloads) -> None:
        """Receive the texts of a chunk."""

    def end(self, tally: Tally) -> None:
        """Receive the end of the run: complete the files."""

    def discard(self) -> None:
        """Remove the files: the run failed."""


class Runner:
    """Checks inputs and sends the events to sinks. ``exit_code`` is the exit code so far.

    ``quiet``: write to the error stream only what makes the exit code 2 or more. ``since``: compare with that report.
    """

    def __init__(
        self,
        options: RunOptions,
        sinks: Sequence[Sink],
        payload_sink: PayloadSink | None = None,
        *,
        quiet: bool = False,
        since: EarlierReport | None = None,
    ) -> None:
        every = since is not None or any(target.needs_clean_accounts for target in sinks)
        renders = tuple(target.render for target in sinks if target.render)
        self._options = options._replace(
            needs_clean_accounts=every,
            keep_payloads=payload_sink is not None,
            max_located_errors=_max_located(sinks),
            max_located_advice=_max_located(target for target in sinks if target.tells_advice),
            render_functions=renders if options.jobs > 1 and len(renders) == len(sinks) and not since else (),
        )
        self._sinks, self._payload_sink = sinks, payload_sink
        self._receivers: list[Sink | PayloadSink] = [*sinks, *([payload_sink] if payload_sink else [])]
        self._reader = ChunkReader(options.column, options.display_paths, skip_non_payloads=True)
        self._progress = ProgressLine(is_wanted=not quiet)
        self._quiet, self._since = quiet, since
        self.tally = Tally()
        self.exit_code = ExitCode.CLEAN

    def run_with_notes(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME, *, print_notes: bool) -> None:
        """Check all inputs, and report if there are none.

        ``print_notes`` writes to the error stream what the output does not show: the day that counts as today, and how
        many accounts are refused only by findings that are set aside.
        """
        self.run(paths, stdin_name)
        if not self.tally.accounts and not self.exit_code and not (self._reader.skipped_count and is_pre_commit_hook()):
            found = ", ".join(map(escape, paths))
            self.report_problem(
                ExitCode.USAGE, f"nothing to check: there is no .json, .yaml, .ndjson or .parquet file in {found}"
            )
        print_notes = print_notes and not self._quiet
        if self._options.is_as_of_default and print_notes:
            echo(f"as of {self._options.as_of} (today on this machine; change it with --as-of)", err=True)
        if self.tally.refused_set_aside and print_notes:
            echo(summarize(self.tally), err=True)
        if self.tally.since and print_notes:
            echo(str(self.tally.since), err=True)

    def run(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME) -> None:
        """Check all inputs.

        After an interrupt the outputs are completed; if the run fails, they are discarded. An output that cannot be
        written is reported, and the run continues with the others.

        Raises:
            PremigrateError: the market, the overlay or the reference lists are wrong, or worker processes were lost.

        """
        try:
            checker = ChunkChecker(self._options)  # reports errors in the rules of the market before reading any input
            self.tally.needs |= checker.needs
            with InterruptGuard() as interrupts:
                for sink in self._sinks:
                    sink.begin(RunInfo(__version__, self._options.as_of, self._options.is_as_of_default))
                count_bytes = partial(total_size, paths)
                self._check_all(self._reader.chunks(paths, stdin_name), checker.check, count_bytes, interrupts)
                self.tally.since = self._since.result() if self._since else None
                for receiver in self._receivers:
                    receiver.end(self.tally)
                self._report_failures()
                for notice in chain.from_iterable(sink.notices for sink in self._sinks):
                    self.report_problem(ExitCode.CLEAN, notice)
                self._progress.report_written(chain.from_iterable(each.written for each in self._receivers))
                if interrupts.was_interrupted:
                    self.exit_code = ExitCode.INTERRUPTED
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove the outputs: the run failed."""
        for receiver in self._receivers:
            receiver.discard()

    def _check_all(
        self,
        chunks: Iterator[Chunk],
        check: Callable[[Chunk], ChunkResult],
        count_bytes: Callable[[], int],
        interrupts: InterruptGuard,
    ) -> None:
        """Check all chunks, or those before an interrupt, which takes effect while a chunk is read or checked."""
        try:
            interrupts.call_interruptible(self._progress.set_total, count_bytes)
            with closing(self._results(chunks, check)) as results:
                while (result := interrupts.call_interruptible(next, results, None)) is not None:
                    self._handle(result)
                    self._progress.update(self.tally, self._reader.bytes_read)
                    if not any(sink.is_open for sink in self._sinks):
                        break
        except KeyboardInterrupt:
            self.tally.interrupted = True
            self.exit_code = ExitCode.INTERRUPTED
        self._progress.clear()

    def _results(self, chunks: Iterator[Chunk], check: Callable[[Chunk], ChunkResult]) -> Generator[ChunkResult]:
        if self._options.jobs == 1:
            for chunk in chunks:
                yield from run_or_split(lambda task: check(task[0]), [chunk])
            return
        from premigrate.batch.worker_pool import run_tasks

        make = partial(_make_task_function, self._options)
        report = partial(self.report_problem, ExitCode.CLEAN)
        with closing(run_tasks(group_into_tasks(chunks), make, self._options.jobs, split_task, report)) as results:
            for chunk_results in results:
                yield from chunk_results

    def report_problem(self, code: ExitCode, message: str) -> None:
        """Print a message on the error stream, and raise the exit code to ``code`` if that is higher."""
        self._progress.clear()
        if not self._quiet or code > ExitCode.ERRORS:
            echo(f"premigrate: {escape(message)}", err=True)
        self.exit_code = max(self.exit_code, code)

    def _handle(self, result: ChunkResult) -> None:
        self.tally.add(result.tally)
        self.exit_code = max(self.exit_code, result.exit_code)
        if self._options.baseline:
            self._options.baseline.matched_keys |= result.matched_entries
            self._options.baseline.checked_accounts |= result.checked_accounts
        for event in result.events:
            if isinstance(event, Diagnostic):
                self.report_problem(*event)
            else:
                self._write(event)
        if self._payload_sink:
            self._payload_sink.take(result.payloads)
        self._report_failures()

    def _write(self, event: AccountReport | UnreadableInput | RenderedAccounts) -> None:
        if isinstance(event, RenderedAccounts):
            for sink, text in zip(self._sinks, event.texts, strict=True):
                sink.write_rendered(text)
            return
        if isinstance(event, AccountReport) and self._since:
            event = self._since.compare(event)
        for sink in self._sinks:
            if isinstance(event, AccountReport):
                sink.write_account(event)
            else:
                sink.write_unreadable(event)

    def _report_failures(self) -> None:
        """Report each sink that failed, once."""
        for receiver in self._receivers:
            if receiver.failure:
                self.report_problem(ExitCode.USAGE, receiver.failure)
                receiver.failure = ""


def _max_located(sinks: Iterable[Sink]) -> int | None:
    limits = [sink.max_located for sink in sinks]
    return None if None in limits else max(filter(None, limits), default=0)


def _make_task_function(options: RunOptions) -> Callable[[list[Chunk]], list[ChunkResult]]:
    """Make the function that checks the chunks of a task; called in a worker process."""
    check, renders = ChunkChecker(options).check, options.render_functions
    if renders:
        return lambda chunks: [render_chunk_result(check(chunk), renders) for chunk in chunks]
    return lambda chunks: [check(chunk) for chunk in chunks]
