"""One run over inputs: has them checked, here or in other processes, and tells the targets."""

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
    """Whoever is told of a run; one that is not open any more is told in vain. ``failure`` says why, if it failed."""

    is_open: bool
    failure: str
    every: bool
    """Whether it wants to hear of accounts without findings too."""
    most_of_a_kind: int | None
    """Of how many findings of a kind it shows the place; None: of all."""
    tells_advice: bool
    """Whether it tells advice, not errors only."""

    @property
    def render(self) -> Callable[[Iterable[Account]], str] | None:
        """Turn accounts into text in any process; None if the text of an account depends on others."""

    def begin(self, run: Run) -> None:
        """Hear that it begins."""

    def account(self, account: Account) -> None:
        """Hear of an account."""

    def rendered(self, text: str) -> None:
        """Hear of accounts that `render` has turned into text."""

    def unreadable(self, problem: Unreadable) -> None:
        """Hear of an input that could not be checked."""

    def end(self, tally: Tally) -> None:
        """Hear that it is over."""

    def discard(self) -> None:
        """Hear that it failed: nothing of it may be left."""


class Sorter(Protocol):
    """Whoever takes the texts of the accounts. ``failure`` says why it takes no more, if it failed."""

    failure: str

    def take(self, parts: Parts) -> None:
        """Take those of a chunk."""

    def end(self, tally: Tally) -> None:
        """Hear that it is over."""

    def discard(self) -> None:
        """Hear that it failed: nothing of it may be left."""


class Runner:
    """Goes through inputs. ``worst`` is the exit code so far."""

    def __init__(self, wish: Wish, targets: Sequence[Listener], sorter: Sorter | None = None) -> None:
        every = any(target.every for target in targets)
        renders = tuple(target.render for target in targets if target.render)
        self._wish = wish._replace(
            every=every,
            split=sorter is not None,
            most_errors=_most_of(targets),
            most_advice=_most_of(target for target in targets if target.tells_advice),
            renders=renders if wish.jobs > 1 and len(renders) == len(targets) else (),
        )
        self._targets, self._sorter = targets, sorter
        self._listeners: list[Listener | Sorter] = [*targets, *([sorter] if sorter else [])]
        self._reading = Reading(wish.column, wish.shown, skips_others=True)
        self._progress = Progress()
        self.tally = Tally()
        self.worst = Exit.CLEAN

    def run_over(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME, *, tell_day: bool) -> None:
        """Check what is at these paths; ``tell_day``: the output tells neither the day nor, perhaps, the counts."""
        self.run(paths, stdin_name)
        if not self.tally.accounts and not self.worst and not (self._reading.skipped and runs_in_hook()):
            found = ", ".join(map(plain, paths))
            self.complain(Exit.USAGE, f"nothing to check: no *.json, *.yaml, *.ndjson or *.parquet file in {found}")
        if self._wish.is_today and tell_day:
            echo(f"as of {self._wish.as_of} (today on this machine; --as-of sets it)", err=True)
        if self.tally.refused_set_aside and tell_day:
            echo(verdict(self.tally), err=True)

    def run(self, paths: tuple[str, ...], stdin_name: str = STDIN_NAME) -> None:
        """Check all inputs. A run that is interrupted is written to its end all the same; one that fails is not.

        What can't be written is told, and the rest is.

        Raises:
            PremigrateError: the market, the overlay or the reference lists are wrong, or worker processes were lost.

        """
        try:
            checker = Checker(self._wish)  # what is wrong with the market is told before anything is read
            self.tally.not_checked |= checker.not_checked
            with Interrupts() as interrupts:
                for target in self._targets:
                    target.begin(Run(__version__, self._wish.as_of, self._wish.is_today))
                count_bytes = partial(bytes_of, paths)
                self._check_all(self._reading.chunks(paths, stdin_name), checker.check, count_bytes, interrupts)
                for listener in self._listeners:
                    listener.end(self.tally)
                self._tell_failures()
                if interrupts.came:
                    self.worst = Exit.INTERRUPTED
        except BaseException:
            for listener in self._listeners:
                listener.discard()
            raise

    def _check_all(
        self,
        chunks: Iterator[Chunk],
        check: Callable[[Chunk], Outcome],
        count_bytes: Callable[[], int],
        interrupts: Interrupts,
    ) -> None:
        """Check all chunks, or those before an interrupt: it may come while one is read or checked, not written."""
        try:
            interrupts.allow(self._progress.expect, count_bytes)
            with closing(self._outcomes(chunks, check)) as outcomes:
                while (outcome := interrupts.allow(next, outcomes, None)) is not None:
                    self._take(outcome)
                    self._progress.show(self.tally, self._reading.bytes_read)
                    if not any(target.is_open for target in self._targets):
                        break
        except KeyboardInterrupt:
            self.tally.interrupted = True
            self.worst = Exit.INTERRUPTED
        self._progress.clear()

    def _outcomes(self, chunks: Iterator[Chunk], check: Callable[[Chunk], Outcome]) -> Generator[Outcome]:
        if self._wish.jobs == 1:
            for chunk in chunks:
                yield from perform_patiently(lambda task: check(task[0]), [chunk])
            return
        from premigrate.batch.worker_pool import run_tasks

        make = partial(_make_checking, self._wish)
        tell = partial(self.complain, Exit.CLEAN)
        with closing(run_tasks(tasks_of(chunks), make, self._wish.jobs, smaller_tasks, tell)) as results:
            for outcomes in results:
                yield from outcomes

    def complain(self, code: Exit, message: str) -> None:
        """Say on the error stream what went wrong, and remember it for the exit code."""
        self._progress.clear()
        echo(f"premigrate: {plain(message)}", err=True)
        self.worst = max(self.worst, code)

    def _take(self, outcome: Outcome) -> None:
        self.tally.add(outcome.tally)
        self.worst = max(self.worst, outcome.worst)
        if self._wish.baseline:
            self._wish.baseline.met |= outcome.met
            self._wish.baseline.accounts |= outcome.saw
        for told in outcome.told:
            if isinstance(told, Complaint):
                self.complain(*told)
            else:
                self._write(told)
        if self._sorter:
            self._sorter.take(outcome.parts)
        self._tell_failures()

    def _write(self, told: Account | Unreadable | Rendered) -> None:
        if isinstance(told, Rendered):
            for target, text in zip(self._targets, told.texts, strict=True):
                target.rendered(text)
            return
        for target in self._targets:
            if isinstance(told, Account):
                target.account(told)
            else:
                target.unreadable(told)

    def _tell_failures(self) -> None:
        """Say once of each listener that failed why it did."""
        for listener in self._listeners:
            if listener.failure:
                self.complain(Exit.USAGE, listener.failure)
                listener.failure = ""


def _most_of(targets: Iterable[Listener]) -> int | None:
    limits = [target.most_of_a_kind for target in targets]
    return None if None in limits else max(filter(None, limits), default=0)


def _make_checking(wish: Wish) -> Callable[[list[Chunk]], list[Outcome]]:
    """Make, in a worker, what checks the chunks of a task."""
    check, renders = Checker(wish).check, wish.renders
    if renders:
        return lambda chunks: [render_outcome(check(chunk), renders) for chunk in chunks]
    return lambda chunks: [check(chunk) for chunk in chunks]
