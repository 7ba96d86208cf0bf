"""Turns mutants into verdicts: each goes into a copy of this process, where tests run that reach it."""

from __future__ import annotations

import math
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.mutation.applying import SRC, Functions, Importer, forget
from tests.mutation.reaching import OPTIONS, Reach, shorten, warm_up

if TYPE_CHECKING:
    from tests.mutation.mutants import Mutant

_GRACE, _SLOWER = 10, 5  # seconds, on top of five times what the tests take without a mutant
_BUSY = 100  # times as long may pass on the clock, for others use the machine too


ENDED = "it crashed or took too long"
"""What is told of a copy that tells nothing."""


class Verdict(NamedTuple):
    """What came of one mutant."""

    mutant: Mutant
    killer: str
    """The test that failed, or what else told that something is wrong; empty if the mutant survived."""
    tests: int
    """How many tests could have noticed."""


class _Tries:
    """Chooses the tests for a mutant, for so many seconds: those of its line first, of its room, and quick ones."""

    def __init__(self, reach: Reach, budget: float) -> None:
        self._reach, self._budget = reach, budget

    def tests(self, mutant: Mutant) -> list[str]:
        direct = set(self._reach.tests(mutant.file, self._lines(mutant)))
        if not self.is_early(mutant):
            return self._first(mutant, direct, self._budget)
        # then more tests than those may use what was made by it
        others = set(self._reach.all_tests(mutant.file)) - direct
        if not direct and not others:
            others = set(self._reach.seconds)
        return self._first(mutant, direct, self._budget / 2) + self._first(mutant, others, self._budget / 2)

    def _first(self, mutant: Mutant, found: set[str], budget: float) -> list[str]:
        """Choose as many as fit; one at least, if there is one."""
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(found, key=lambda test: self._rank(mutant, test)):
            spent += self._reach.seconds[test]
            if spent > budget and chosen:
                break
            chosen.append(test)
        return chosen

    def files(self) -> list[str]:
        """Name the files of all tests."""
        return sorted({test.partition("::")[0] for test in self._reach.seconds})

    def _lines(self, mutant: Mutant) -> range:
        """Tell its lines; with those above if none is known to run, as in the midst of a constant of many lines."""
        first = mutant.line
        while first > (mutant.function or 0) and not self._reach.is_reached(mutant.file, first):
            first -= 1
        return range(first, mutant.line + 1 + mutant.after.count("\n"))

    def is_early(self, mutant: Mutant) -> bool:
        return mutant.function is None or self._reach.is_early(mutant.file, mutant.line)

    def seconds(self, tests: list[str]) -> float:
        return _GRACE + _SLOWER * sum(self._reach.seconds[test] for test in tests)

    def _rank(self, mutant: Mutant, test: str) -> tuple[float, str]:
        """Put first what is near and quick: in the place of a slow one fit many others."""
        room = mutant.file.split("/")[1].removesuffix(".py")
        is_near = test.startswith((f"tests/unit/{room}/", f"tests/unit/test_{room}"))
        is_far = test.startswith(("tests/cases", "tests/fuzz"))  # there are very many, much like each other
        return self._reach.seconds[test] * (1 if is_near else 9 if is_far else 3), test


class _Stopper:
    """Runs chosen tests, in the order given, until one fails."""

    def __init__(self, chosen: list[str]) -> None:
        self._chosen = chosen
        self.killer = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        shorten(items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.killer = self.killer or f"importing {report.nodeid}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.killer = self.killer or report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        there = {item.nodeid: item for item in session.items}
        lost = [test for test in self._chosen if test not in there]
        if lost and not self.killer:
            self.killer = f"collecting {lost[0]}"
        items = [there[test] for test in self._chosen if test in there]
        for number, item in enumerate(items):
            if self.killer:
                break
            after = items[number + 1] if number + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        return True


def judge(mutants: list[Mutant], reach: Reach, budget: float) -> Iterator[Verdict]:
    """Try mutants one after the other, those first that a running process can take.

    Of what may have run before any test, it may be too late there: what survives is tried once more, from the start.

    Args:
        mutants: what to try.
        reach: what tests reach.
        budget: how many seconds the tests of one mutant may take without a mutant; others aren't run.

    """
    tries = _Tries(reach, budget)
    late: list[Mutant] = []
    for verdict in _judge_running(mutants, tries):
        if not isinstance(verdict, Verdict):
            late.append(verdict)
        elif not verdict.killer and tries.is_early(verdict.mutant):
            late.append(verdict.mutant)
        else:
            yield verdict
    for mutant in late:
        yield _judge_imported(mutant, tries)


def _judge_running(mutants: list[Mutant], tries: _Tries) -> Iterator[Verdict | Mutant]:
    """Judge in copies of a process that has collected all tests; gives back mutants that have to be imported."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os._exit(pytest.main([*OPTIONS, *tries.files()], plugins=[_Forker(mutants, tries, writing)]))
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        for line in told:
            number, tests, killer = line.rstrip("\n").split("\t", 2)
            mutant = mutants[int(number)]
            yield mutant if tests == "-" else Verdict(mutant, killer, int(tests))
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("the tests could not be collected")


class _Forker:
    """Takes the place of the loop that runs tests: forks for each mutant, and runs there what reaches it."""

    def __init__(self, mutants: list[Mutant], tries: _Tries, told: int) -> None:
        self._mutants, self._tries, self._told = mutants, tries, told

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        shorten(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        _import_all(sorted({mutant.file.split("/")[1] for mutant in self._mutants}))
        warm_up()
        functions = Functions()
        for number, mutant in enumerate(self._mutants):
            chosen = self._tries.tests(mutant)
            killer: str | None = ""
            if chosen:
                run = partial(self._run, session, functions, mutant, chosen)
                killer = in_copy(run, self._tries.seconds(chosen))
            tests = "-" if killer is None else str(len(chosen))
            os.write(self._told, f"{number}\t{tests}\t{killer or ''}\n".encode())
        return True

    def _run(self, session: pytest.Session, functions: Functions, mutant: Mutant, chosen: list[str]) -> str | None:
        if mutant.function is None or not functions.swap(mutant):
            return None
        if self._tries.is_early(mutant):
            forget()
        stopper = _Stopper(chosen)
        session.config.pluginmanager.unregister(self)
        session.config.pluginmanager.register(stopper)
        stopper.pytest_runtestloop(session)
        return stopper.killer


def _import_all(rooms: list[str]) -> None:
    """Import what would be imported late, so that the functions are there."""
    for room in rooms:
        for file in sorted((SRC / "premigrate").glob(f"{room}/**/*.py")):
            name = str(file.relative_to(SRC)).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            __import__(name)


def _judge_imported(mutant: Mutant, tries: _Tries) -> Verdict:
    """Judge a mutant that runs when its module is imported: premigrate is imported, and tests collected, with it."""
    chosen = tries.tests(mutant)

    def run() -> str:
        Importer(mutant).install()
        stopper = _Stopper(chosen)
        code = pytest.main([*OPTIONS, *sorted({test.partition("::")[0] for test in chosen})], plugins=[stopper])
        is_told = stopper.killer or code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
        return stopper.killer if is_told else f"pytest ended with {code}"

    return Verdict(mutant, in_copy(run, tries.seconds(chosen)) or "", len(chosen))


def in_copy(run: Callable[[], str | None], seconds: float, patience: float = 0.0) -> str | None:
    """Run in a copy of this process and give what is told there; whatever else ends it, too.

    Args:
        run: what to run.
        seconds: what it may take of a processor.
        patience: how many seconds may pass meanwhile; left out, a hundred times as many.

    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _run_copy(run, reading, writing, seconds)
    os.close(writing)
    end = time.monotonic() + (patience or _BUSY * seconds)
    told = b""
    with os.fdopen(reading, "rb") as pipe:
        while select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
            part = os.read(pipe.fileno(), 4096)
            if not part:
                break
            told += part
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if told == b"-":
        return None
    return told[1:].decode() if told else ENDED


def _run_copy(run: Callable[[], str | None], reading: int, writing: int, seconds: float) -> None:
    """Tell through a pipe what came of it, and end without what a process does when it ends."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.close(reading)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    try:
        killer = run()
    except BaseException as error:  # noqa: BLE001 - a mutant may raise anything
        killer = f"raised {type(error).__name__}"
    os.write(writing, b"-" if killer is None else b"+" + killer.encode())
    os._exit(0)
