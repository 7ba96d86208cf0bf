"""Runs the check over inputs, in this process or in workers, and sends the events to sinks."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Protocol

from premigrate import __version__
from premigrate.batch.inputs import STDIN_NAME, bytes_of
from premigrate.batch.read_chunks import Reading
from premigrate.batch.tasks import perform_patiently, smaller_tasks, tasks_of
from premigrate.command.check_chunks import Checker, Complaint, Outcome, Wish
from premigrate.command.exit_codes import Exit
from premigrate.command.interrupts import Interrupts
from premigrate.command.progress import Progress
from premigrate.command.rendered import Rendered, render_outcome
from premigrate.command.streams import echo
from premigrate.optional_deps import runs_in_hook
from premigrate.report.run import Account, Run, Tally, Unreadable, plain, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from premigrate.batch.chunks import Chunk
    from premigrate.command.check_chunks import Parts

__all__ = ["Runner", "Wish"]


class Listener(Protocol):
    """Receives the events of a run; they are ignored once it is not open. ``failure`` says why it failed, if it did."""

    is_open: bool
    failure: str
    every: bool
    """Whether it needs accounts without findings too."""
    most_of_a_kind: int | None
    """How many findings of a kind it needs located; None: all."""
    tells_advice: bool
    """Whether it uses advice, not errors only."""

    @property
    def render(self) -> Callable[[Iterable[Account]], str] | None:
        """A function that renders accounts as text in any process; None if the text of an account depends on others."""

    def begin(self, run: Run) -> None:
        """Receive the start of the run."""

    def account(self, account: Account) -> None:
        """Receive a checked account."""

    def rendered(self, text: str) -> None:
        """Receive accounts that were rendered with `render`."""

    def unreadable(self, problem: Unreadable) -> None:
        """Receive an input that could not be checked."""

    def end(self, tally: Tally) -> None:
        """Receive the end of the run: complete the output."""

    def discard(self) -> None:
        """Remove the output: the run failed."""


class Sorter(Protocol):
    """Receives the texts of the accounts. ``failure`` says why it failed, if it did."""

    failure: str

    def take(self, parts: Parts) -> None:
        """Receive the texts of a chunk."""

    def end(self, tally: Tally) -> None:
        """Receive the end of the run: complete the files."""

    def discard(self) -> None:
        """Remove the files: the run failed."""


class Runner:
    """Checks inputs and sends the events to sinks. ``worst`` is the exit code so far."""

    def __init__(self, wish: Wish, targets: Sequence[Listener], sorter: Sorter | None = None) -> None:
        every = any(target.every for target in targets)
        renders = tuple(target.render for target in targets if target.render)
        self._options = wish._replace(
            every=every,
            split=sorter is not None,
            most_errors=_max_located(targets),
            most_advice=_max_located(target for target in targets if target.tells_advice),
            renders=renders if wish.jobs > 1 and len(renders) == len(targets) else (),
        )
        self._sinks, self._payload_sink = targets, sorter
        self._receivers: list[Listener | Sorter] = [*targets, *([sorter] if sorter else [])]
        self._reader = Reading(wish.column, wish.shown, skips_others=True)
        self._progress = Progress()
        self.tally = Tally()
        self.worst = Exit.CLEAN

    def run_over(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME, *, tell_day: bool) -> None:
        """Check all inputs, and report if there are none.

        ``tell_day``: the output shows neither the day that counts as today nor, in some formats, how many accounts are
        refused only by findings that are set aside, so both go to the error stream.
        """
        self.run(paths, stdin_name)
        if not self.tally.accounts and not self.worst and not (self._reader.skipped and runs_in_hook()):
            found = ", ".join(map(plain, paths))
            self.complain(Exit.USAGE, f"nothing to check: no *.json, *.yaml, *.ndjson or *.parquet file in {found}")
        if self._options.is_today and tell_day:
            echo(f"as of {self._options.as_of} (today on this machine; --as-of sets it)", err=True)
        if self.tally.refused_set_aside and tell_day:
            echo(verdict(self.tally), err=True)

    def run(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME) -> None:
        """Check all inputs.

        After an interrupt the outputs are completed; if the run fails, they are discarded. An output that can't be
        written is reported, and the run continues with the others.

        Raises:
            PremigrateError: the market, the overlay or the reference lists are wrong, or worker processes were lost.

        """
        try:
            checker = Checker(self._options)  # reports errors in the rules of the market before reading any input
            self.tally.not_checked |= checker.not_checked
            with Interrupts() as interrupts:
                for sink in self._sinks:
                    sink.begin(Run(__version__, self._options.as_of, self._options.is_today))
                count_bytes = partial(bytes_of, paths)
                self._check_all(self._reader.chunks(paths, stdin_name), checker.check, count_bytes, interrupts)
                for receiver in self._receivers:
                    receiver.end(self.tally)
                self._report_failures()
                if interrupts.came:
                    self.worst = Exit.INTERRUPTED
        except BaseException:
            for receiver in self._receivers:
                receiver.discard()
            raise

    def _check_all(
        self,
        chunks: Iterator[Chunk],
        check: Callable[[Chunk], Outcome],
        count_bytes: Callable[[], int],
        interrupts: Interrupts,
    ) -> None:
        """Check all chunks, or those before an interrupt, which takes effect while a chunk is read or checked."""
        try:
            interrupts.allow(self._progress.expect, count_bytes)
            with closing(self._outcomes(chunks, check)) as outcomes:
                while (outcome := interrupts.allow(next, outcomes, None)) is not None:
                    self._handle(outcome)
                    self._progress.show(self.tally, self._reader.bytes_read)
                    if not any(sink.is_open for sink in self._sinks):
                        break
        except KeyboardInterrupt:
            self.tally.interrupted = True
            self.worst = Exit.INTERRUPTED
        self._progress.clear()

    def _outcomes(self, chunks: Iterator[Chunk], check: Callable[[Chunk], Outcome]) -> Generator[Outcome]:
        if self._options.jobs == 1:
            for chunk in chunks:
                yield from perform_patiently(lambda task: check(task[0]), [chunk])
            return
        from premigrate.batch.worker_pool import run_tasks

        make = partial(_make_task_function, self._options)
        report = partial(self.complain, Exit.CLEAN)
        with closing(run_tasks(tasks_of(chunks), make, self._options.jobs, smaller_tasks, report)) as results:
            for outcomes in results:
                yield from outcomes

    def complain(self, code: Exit, message: str) -> None:
        """Print a message on the error stream, and raise the exit code to ``code`` if that is higher."""
        self._progress.clear()
        echo(f"premigrate: {plain(message)}", err=True)
        self.worst = max(self.worst, code)

    def _handle(self, outcome: Outcome) -> None:
        self.tally.add(outcome.tally)
        self.worst = max(self.worst, outcome.worst)
        if self._options.baseline:
            self._options.baseline.met |= outcome.met
            self._options.baseline.accounts |= outcome.saw
        for event in outcome.told:
            if isinstance(event, Complaint):
                self.complain(*event)
            else:
                self._write(event)
        if self._payload_sink:
            self._payload_sink.take(outcome.parts)
        self._report_failures()

    def _write(self, event: Account | Unreadable | Rendered) -> None:
        if isinstance(event, Rendered):
            for sink, text in zip(self._sinks, event.texts, strict=True):
                sink.rendered(text)
            return
        for sink in self._sinks:
            if isinstance(event, Account):
                sink.account(event)
            else:
                sink.unreadable(event)

    def _report_failures(self) -> None:
        """Report each sink that failed, once."""
        for receiver in self._receivers:
            if receiver.failure:
                self.complain(Exit.USAGE, receiver.failure)
                receiver.failure = ""


def _max_located(sinks: Iterable[Listener]) -> int | None:
    limits = [sink.most_of_a_kind for sink in sinks]
    return None if None in limits else max(filter(None, limits), default=0)


def _make_task_function(wish: Wish) -> Callable[[list[Chunk]], list[Outcome]]:
    """Make the function that checks the chunks of a task; called in a worker process."""
    check, renders = Checker(wish).check, wish.renders
    if renders:
        return lambda chunks: [render_outcome(check(chunk), renders) for chunk in chunks]
    return lambda chunks: [check(chunk) for chunk in chunks]
