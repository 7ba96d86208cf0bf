"""Turns one run of the tests into what each of them reaches: which lines, and in how many seconds.

It is kept in ``.mutation`` and recorded again where a source or a test has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from coverage import Coverage, CoverageData
from hypothesis import Phase, settings

from tests.mutation.applying import SRC

ROOT = SRC.parent
KEPT = ROOT / ".mutation"
_EXAMPLES = 5  # of a property: most mutants that it notices, it notices soon
_WHOLE = ("tests/unit", "tests/cases", "tests/rules", "tests/property")
"""Folders of tests that go through all rooms."""
_ELSEWHERE = ("test_learning.py", "test_compare.py", "test_schema.py", "test_published.py", "test_catalogue.py")
"""Files there that are about something else, and take long."""
OPTIONS = ("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist", "-o", "addopts=",
           "-s", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-m", "not slow and not browser")  # fmt: skip


def tests_for(rooms: Iterable[str]) -> list[str]:
    """List the files of tests that mutants of some rooms are tried with: those of the rooms, and those of the whole."""
    own = [file for room in sorted(rooms) for file in sorted((ROOT / "tests/unit" / room).rglob("test_*.py"))]
    shared = [file for folder in _WHOLE for file in sorted((ROOT / folder).glob("test_*.py"))]
    return [str(file.relative_to(ROOT)) for file in (*own, *shared) if file.name not in _ELSEWHERE]


class Reach:
    """Which tests reach a line, and how long each takes."""

    def __init__(self, seconds: dict[str, float], sources: set[str]) -> None:
        """Read all at once what was recorded of some sources: coverage clears its files when a forked process reads."""
        self.seconds = seconds
        self._files: dict[str, dict[int, list[str]]] = {source: defaultdict(list) for source in sources}
        for recorded in sorted(KEPT.glob("reach-*")):
            data = CoverageData(str(recorded))
            data.read()
            for source, lines in self._files.items():
                for line, tests in data.contexts_by_lineno(str(SRC / source)).items():
                    lines[line] += tests

    def is_early(self, file: str, line: int) -> bool:
        """Whether a line runs before any test does: when tests are collected, or validators made that they share."""
        return "" in self._files[file].get(line, [])

    def is_reached(self, file: str, line: int) -> bool:
        """Whether a line runs at all."""
        return line in self._files[file]

    def tests(self, file: str, lines: range) -> list[str]:
        """Name the tests that reach one of some lines."""
        found = {test for line in lines for test in self._files[file].get(line, ())}
        return sorted(found & self.seconds.keys())

    def all_tests(self, file: str) -> list[str]:
        """Name the tests that reach anything of a file."""
        return sorted({test for tests in self._files[file].values() for test in tests} & self.seconds.keys())


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
        validator_of(market).validate({})  # an engine is made when it is first asked


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


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def reach(files: list[str], sources: set[str]) -> Reach:
    """Give what the tests of some files reach of some sources, after recording those anew that have changed.

    A test that fails without any mutant, as one may that measures time, is left out.
    """
    listed = KEPT / "tests.json"
    state = _digest(*sorted((ROOT / "src").rglob("*.py")), *sorted((ROOT / "rules").rglob("*.toml")))
    kept = _Kept(**json.loads(listed.read_text("utf-8"))) if listed.exists() else _Kept("", {}, {})
    if kept.sources != state:
        kept = _Kept(state, {}, {})
        for file in KEPT.glob("reach-*"):
            file.unlink()
    tests = {file: _digest(ROOT / file) for file in files}
    changed = [file for file in tests if kept.tests.get(file) != tests[file]]
    if changed:
        KEPT.mkdir(exist_ok=True)
        seconds = {test: took for test, took in kept.seconds.items() if test.partition("::")[0] not in changed}
        kept = _Kept(state, {**kept.tests, **tests}, seconds | _record(changed))
        listed.write_text(json.dumps(kept._asdict()), "utf-8")
    return Reach({test: took for test, took in kept.seconds.items() if test.partition("::")[0] in tests}, sources)


def _record(files: list[str]) -> dict[str, float]:
    """Record in two processes of their own, for here premigrate must not have been imported yet."""
    halves = [half for half in (files[::2], files[1::2]) if half]
    children = []
    names = [f"{time.time_ns()}-{number}" for number in range(len(halves))]
    for name, half in zip(names, halves, strict=True):
        children.append(os.fork())
        if not children[-1]:
            try:
                _record_here(half, name)
            finally:
                os._exit(0)
    for child in children:
        os.waitpid(child, 0)
    seconds: dict[str, float] = {}
    for name in names:
        took, failed = json.loads((KEPT / f"seconds-{name}.json").read_text("utf-8"))
        seconds |= {test: spent for test, spent in took.items() if test not in failed}
        if failed:
            print(f"not used, for they fail without any mutant: {', '.join(failed)}", file=sys.stderr)
    return seconds


def _record_here(files: list[str], name: str) -> None:
    coverage = Coverage(data_file=str(KEPT / f"reach-{name}"), source=[str(SRC)], config_file=False)
    coverage.start()
    recorder = _Recorder(coverage)
    pytest.main([*OPTIONS, *files], plugins=[recorder])
    coverage.stop()
    coverage.save()
    (KEPT / f"seconds-{name}.json").write_text(json.dumps([recorder.seconds, recorder.failed]), "utf-8")
