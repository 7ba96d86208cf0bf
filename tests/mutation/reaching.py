"""Turns one run of the tests into what each of them reaches: which lines, and in how many seconds.

It is kept in ``.mutation`` and recorded again where a source or a test has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from coverage import Coverage, CoverageData
from hypothesis import Phase, settings

from tests.mutation.applying import SRC

ROOT = SRC.parent
KEPT = ROOT / ".mutation"
_EXAMPLES = 10  # of a property: most mutants that it notices, it notices soon
TESTS = ("tests/unit", "tests/cases", "tests/rules", "tests/property", "tests/fuzz")
_LEFT_OUT = ("tests/unit/benchmarks", "tests/unit/serving", "tests/unit/engines", "tests/property/test_learning.py")
OPTIONS = ("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist", "-o", "addopts=",
           "-s", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-m", "not slow and not browser")  # fmt: skip


def test_files() -> list[str]:
    """List the files of tests that mutants are tried with: those of the engine and what surrounds it."""
    found = [str(file.relative_to(ROOT)) for folder in TESTS for file in sorted((ROOT / folder).rglob("test_*.py"))]
    return [file for file in found if not file.startswith(_LEFT_OUT)]


class Reach:
    """Which tests reach a line, and how long each takes."""

    def __init__(self, seconds: dict[str, float], data: CoverageData) -> None:
        self.seconds = seconds
        self._data = data
        self._files: dict[str, dict[int, list[str]]] = {}

    def _lines(self, file: str) -> dict[int, list[str]]:
        if file not in self._files:
            self._files[file] = self._data.contexts_by_lineno(str(SRC / file))
        return self._files[file]

    def is_early(self, file: str, line: int) -> bool:
        """Whether a line runs before any test does: when tests are collected, or validators made that they share."""
        return "" in self._lines(file).get(line, [])

    def is_reached(self, file: str, line: int) -> bool:
        """Whether a line runs at all."""
        return line in self._lines(file)

    def tests(self, file: str, lines: range) -> list[str]:
        """Name the tests that reach one of some lines."""
        found = {test for line in lines for test in self._lines(file).get(line, ())}
        return sorted(found & self.seconds.keys())

    def all_tests(self, file: str) -> list[str]:
        """Name the tests that reach anything of a file."""
        return sorted({test for tests in self._lines(file).values() for test in tests} & self.seconds.keys())


def shorten(items: list[pytest.Item]) -> None:
    """Have properties try few examples, the same each time, and not look for a simpler one once they failed."""
    for item in items:
        test = getattr(item, "obj", None)
        usual: settings | None = getattr(test, "_hypothesis_internal_use_settings", None)
        if usual is not None:
            test._hypothesis_internal_use_settings = settings(  # type: ignore[union-attr]
                usual,
                max_examples=min(_EXAMPLES, usual.max_examples),
                phases=(Phase.explicit, Phase.generate),
                derandomize=True,
                database=None,
            )


def warm_up() -> None:
    """Make what most tests share, so that no test is said to reach what only the first one does."""
    import premigrate
    from tests.conftest import validator_of

    for market in premigrate.markets():
        validator_of(market)


class _Recorder:
    """Runs tests as pytest does, and writes down for each what it reached."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        shorten(items)

    def pytest_collection_finish(self) -> None:
        warm_up()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        began = time.process_time()
        done = yield
        self.seconds[item.nodeid] = time.process_time() - began
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


class _Kept(NamedTuple):
    sources: str
    tests: dict[str, str]
    seconds: dict[str, float]


def _digest(files: Iterator[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _now() -> tuple[str, dict[str, str]]:
    sources = (
        file
        for folder in ("src", "rules")
        for file in sorted((ROOT / folder).rglob("*.*"))
        if "__pycache__" not in file.parts
    )
    return _digest(sources), {file: _digest(iter([ROOT / file])) for file in test_files()}


def reach(say: Any = print) -> Reach:
    """Give what tests reach, after recording those anew that have changed.

    Raises:
        SystemExit: a test fails without any mutant.

    """
    listed = KEPT / "tests.json"
    sources, tests = _now()
    old = _Kept(**json.loads(listed.read_text("utf-8"))) if listed.exists() else _Kept("", {}, {})
    if old.sources != sources:
        old = _Kept(sources, {}, {})
        (KEPT / "reach").unlink(missing_ok=True)
    changed = [file for file in tests if old.tests.get(file) != tests[file]]
    seconds = {test: took for test, took in old.seconds.items() if test.partition("::")[0] in tests.keys() - changed}
    if changed:
        say(f"recording what {len(changed)} files of tests reach ...")
        KEPT.mkdir(exist_ok=True)
        seconds |= _record(changed)
        listed.write_text(json.dumps(_Kept(sources, tests, seconds)._asdict()), "utf-8")
    data = CoverageData(str(KEPT / "reach"))
    data.read()
    return Reach(seconds, data)


def _record(files: list[str]) -> dict[str, float]:
    """Record in a process of its own, for here premigrate must not have been imported yet."""
    told = KEPT / "seconds.json"
    child = os.fork()
    if not child:
        coverage = Coverage(data_file=str(KEPT / "reach"), source=[str(SRC)], config_file=False)
        coverage.load()
        coverage.start()
        recorder = _Recorder(coverage)
        pytest.main([*OPTIONS, *files], plugins=[recorder])
        coverage.stop()
        coverage.save()
        told.write_text(json.dumps([recorder.seconds, recorder.failed]), "utf-8")
        os._exit(0)
    os.waitpid(child, 0)
    seconds, failed = json.loads(told.read_text("utf-8"))
    if failed or not seconds:
        sys.exit(f"tests fail without any mutant: {failed[:5]}")
    return dict(seconds)
