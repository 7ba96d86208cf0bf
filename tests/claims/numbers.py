"""What the documents say in numbers, each with what it is computed from.

A claim is a page, a piece of its text with ``{}`` in place of each number, and what computes the numbers. The piece
has to stand in the page with just these.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from benchmarks.memory import TARGET

import premigrate
from premigrate.api_models import ENDPOINTS
from premigrate.bulk.recorded import _TELLING
from premigrate.cli.exits import Exit
from premigrate.cli.options import Jobs
from premigrate.cli.serve import serve
from premigrate.cli.splitting import FAILED, PASSED, UNCHECKED
from premigrate.comparing import read_answer
from premigrate.errors import BadDocument, BadPayloadText
from premigrate.gathering.groups import DIGEST
from premigrate.learning.document import make_document
from premigrate.rendering import cohort
from premigrate.rendering.comparison import percent
from premigrate.rendering.outputs import github_output, html_output, sarif_output, text_output
from premigrate.rendering.schema import DRAFTS
from premigrate.serving import Clock
from premigrate.serving.description import describe
from premigrate.serving.progress import PACE
from premigrate.source import read_json
from premigrate.source.lines import LONGEST
from tests.conftest import validator_of
from tests.payloads import AS_OF, ROOT, good_account
from tests.rules.test_catalogue import LONGEST_FILE, MODULES

_WORDS = {
    2: "two",
    3: "three",
    5: "five",
    10: "ten",
    500: "five hundred",
    1000: "a thousand",
    200_000: "two hundred thousand",
}
_PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


class Claim(NamedTuple):
    """A piece of a page, and its numbers."""

    page: str
    text: str
    numbers: Callable[[], tuple[object, ...]]


def in_words(number: float) -> str:
    """Write a number as the documents write small and round ones."""
    return _WORDS[int(number)]


def status_of(*names: str) -> tuple[int, ...]:
    """Tell the HTTP statuses of some answers, as the rules have them; they are the same in all markets."""
    told = {
        tuple(validator_of(market).answers.by_name[name].status for name in names) for market in premigrate.markets()
    }
    (statuses,) = told
    return statuses


def _oldest_python() -> str:
    return str(_PROJECT["requires-python"]).removeprefix(">=")


def _tried_pythons() -> tuple[str, str]:
    """Tell the oldest and the newest Python that the package is said to be for."""
    told = [text.rpartition(" ")[2] for text in _PROJECT["classifiers"] if re.search(r":: 3\.\d+$", text)]
    return told[0], told[-1]


def _split_in_whole() -> str:
    """Count the files of sorted accounts that hold accounts as they are."""
    return in_words(len({PASSED, FAILED, UNCHECKED}))


def _most_memory() -> int:
    """Tell the bound of memory, which every figure that was measured keeps."""
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in results.partition("## Memory")[2].splitlines()]
    head = next(row for row in rows if "peak MB" in row)
    peaks = [
        float(row[head.index("peak MB")].replace(",", "")) for row in rows if row and row[0].startswith("premigrate")
    ]
    assert peaks
    assert max(peaks) < TARGET.need, "benchmarks/RESULTS.md has a process that took more"
    return int(TARGET.need)


def _oracle(where: str, pattern: str) -> str:
    (found,) = re.findall(pattern, (ROOT / where).read_text("utf-8"))
    return in_words(int(found))


def _lines() -> tuple[int, int, int]:
    """Tell the length of modules, to the next hundred, and the most of modules and rule files."""
    lengths = [len(file.read_text("utf-8").splitlines()) for file in MODULES]
    return round(sum(lengths) / len(lengths) / 100) * 100, LONGEST_FILE, LONGEST_FILE


def _left_out(*statuses: int) -> tuple[int, ...]:
    """Give back statuses of which a comparison says that they tell nothing of the payload."""
    assert all(isinstance(read_answer(status, {"detail": "d"}), str) for status in statuses)
    return statuses


def _never_rounded_up() -> tuple[str]:
    whole = percent(1, 1).split(".")[0]
    assert percent(10**9 - 1, 10**9).split(".")[0] != whole
    return (whole,)


def _read_versions() -> tuple[str, ...]:
    """Give back the versions of OpenAPI that are read; the one before is not."""
    versions = ("3.0", "3.1")
    for version in versions:
        make_document({"openapi": f"{version}.0", "paths": {}})
    try:
        make_document({"openapi": "2.0", "paths": {}})
    except BadDocument as error:
        assert all(version in str(error) for version in versions)  # noqa: PT017
        return versions
    raise AssertionError("version 2 was read")


def _good_status() -> tuple[int]:
    (status,) = {validator_of(each).validate(good_account(each)).response.status for each in premigrate.markets()}
    return (status,)


def _verdicts() -> tuple[int, int]:
    (good,) = _good_status()
    (bad,) = {validator_of(each).validate({}).response.status for each in premigrate.markets()}
    return good, bad


def _first_index() -> tuple[int]:
    paths = [ROOT / "examples" / "dk" / "good.json"]
    return (next(premigrate.check_files(paths, as_of=AS_OF)).index,)


def _sarif() -> tuple[str]:
    (version,) = re.findall(r"\d[\d.]*\d$", (sarif_output.__doc__ or "").partition(",")[0])
    assert f"sarif-schema-{version}.json" in sarif_output._SCHEMA
    return (version,)


def _first_place() -> tuple[int]:
    """Tell on which line, and in which column, a text begins."""
    try:
        read_json("?")
    except BadPayloadText as error:
        (place,) = {error.line, error.column}
        return (place,)
    raise AssertionError("it was read")


def _where_it_is_served() -> tuple[str, int]:
    said = {option.name: option.default for option in serve.params}
    return str(said["host"]), int(str(said["port"]))


def _standing_still() -> tuple[int]:
    """Give back a speed with which time only passes when it is stepped."""
    speed, real = 0, [0.0]
    clock = Clock(datetime(2026, 1, 31, tzinfo=UTC), speed, lambda: real[0])
    before, real[0] = clock.now(), 3600
    assert clock.now() == before < clock.step(1)
    return (speed,)


def _one_step() -> tuple[int]:
    """Give back seconds that pass by a step of as many."""
    seconds = 30
    clock = Clock(datetime(2026, 1, 31, tzinfo=UTC), 0)
    assert clock.now() + timedelta(seconds=seconds) == clock.step(seconds)
    return (seconds,)


CLAIMS = (
    Claim("README.md", "Python {} or newer", lambda: (_oldest_python(),)),
    Claim("README.md", "advice makes the exit code {} too", lambda: (Exit.ERRORS,)),
    Claim("README.md", "not {} of a kind", lambda: (in_words(text_output.SHOWN),)),
    Claim(
        "README.md",
        "Exit codes: {} nothing wrong, {} errors predicted, {} wrong use, nothing to check or an output that can't be "
        "written, {} a mistake in a rule file or overlay, {} input that can't be read, {} interrupted.",
        lambda: tuple(Exit),
    ),
    Claim("README.md", "the {} API pages", lambda: (in_words(len(premigrate.markets())),)),
    Claim("README.md", "rev: v{}", lambda: (premigrate.__version__,)),
    Claim("README.md", "Apache-{}", lambda: (_PROJECT["license"].removeprefix("Apache-"),)),
    Claim(
        "CONTRIBUTING.md",
        "`make oracle` compares {} answers",
        lambda: (_oracle("Makefile", r"ORACLE_PAYLOADS=(\d+)"),),
    ),
    Claim(
        "CONTRIBUTING.md",
        "`make test` does {})",
        lambda: (_oracle("tests/oracle/test_framework.py", r'"ORACLE_PAYLOADS", "(\d+)"'),),
    ),
    Claim("CONTRIBUTING.md", "about {} lines and {} at most, functions fit a screen, rule files have {} lines", _lines),
    Claim("docs/bulk.md", "among those of the file, from {}.", _first_index),
    Claim("docs/bulk.md", "more than {} MiB", lambda: (LONGEST >> 20,)),
    Claim("docs/bulk.md", "less than {} MB", lambda: (_most_memory(),)),
    Claim("docs/bulk.md", "all else is checked. The exit code is {}.", lambda: (Exit.UNREADABLE,)),
    Claim("docs/bulk.md", "The exit code is {} at least", lambda: (Exit.USAGE,)),
    Claim("docs/bulk.md", "the other {} hold whole accounts", lambda: (_split_in_whole(),)),
    Claim("docs/ci.md", "{} annotations of each level a step", lambda: (in_words(github_output._MOST),)),
    Claim("docs/ci.md", "rev: v{}", lambda: (premigrate.__version__,)),
    Claim("docs/cohort.md", "not {} of a clash", lambda: (in_words(cohort._SHOWN),)),
    Claim("docs/cohort.md", "{} says that something clashes", lambda: (Exit.ERRORS,)),
    Claim("docs/cohort.md", "digests of {} bits", lambda: (DIGEST * 8,)),
    Claim("docs/compare.md", "only a {} needs one", lambda: (_TELLING,)),
    Claim("docs/compare.md", "shapes of a {} are understood", lambda: status_of("not_valid")),
    Claim("docs/compare.md", "imported already, {}, {}, {} ...", lambda: _left_out(401, 429, 500)),
    Claim("docs/compare.md", "never up to {} %", _never_rounded_up),
    Claim("docs/compare.md", "{} says that all is as predicted, and {} that", lambda: (Exit.CLEAN, Exit.ERRORS)),
    Claim("docs/configuration.md", "as `jobs`, {} is `auto`", lambda: (Jobs().convert("auto", None, None),)),
    Claim("docs/configuration.md", "JSON Schema ({}, or draft {})", lambda: DRAFTS),
    Claim("docs/dependencies.md", "Python ({} to {})", _tried_pythons),
    Claim("docs/engines.md", "of the API's answer, {} or {};", _verdicts),
    Claim("docs/market.md", "always answer {}.", _good_status),
    Claim("docs/outputs.md", "{} of a kind are shown", lambda: (in_words(text_output.SHOWN).capitalize(),)),
    Claim("docs/outputs.md", "SARIF {},", _sarif),
    Claim("docs/outputs.md", "the first {} findings", lambda: (f"{html_output._MOST_FINDINGS:,}",)),
    Claim("docs/outputs.md", "Lines and columns count from {},", _first_place),
    Claim("docs/serve.md", "http://{}:{}", _where_it_is_served),
    Claim("docs/serve.md", "/validate/` | {} `{{}}`; {} with", _verdicts),
    Claim("docs/serve.md", "/accounts/` | {} `{{}}`; {} not valid", lambda: status_of("scheduled", "not_valid")),
    Claim("docs/serve.md", "| {} with the status; {} |", lambda: status_of("import_status", "not_found")),
    Claim(
        "docs/serve.md",
        "{} for what is not JSON, {}, {},",
        lambda: status_of("malformed", "wrong_method", "wrong_media_type"),
    ),
    Claim("docs/serve.md", "and {} for what is too large", lambda: status_of("too_large")),
    Claim("docs/serve.md", "OpenAPI {}.", lambda: (describe({}, needs_token=False)["openapi"].removesuffix(".0"),)),
    Claim(
        "docs/serve.md", "PENDING for {} seconds, IN_PROGRESS for {},", lambda: (in_words(PACE.total_seconds()),) * 2
    ),
    Claim("docs/serve.md", "with {}, time only passes when it is stepped", _standing_still),
    Claim("docs/serve.md", '`{{"seconds": {}}}`', _one_step),
    Claim("docs/serve.md", "`broken` ({}), `throttled` ({},", lambda: status_of("broken", "throttled")),
    Claim("docs/serve.md", "the {} endpoints are documented", lambda: (in_words(len(ENDPOINTS)),)),
    Claim("docs/tenant.md", "of OpenAPI {} or {};", _read_versions),
    Claim("docs/tenant.md", "doesn't answer {} wants a look", _good_status),
)
