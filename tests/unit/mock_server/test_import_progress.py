"""The clock runs at the given speed, and imports pass through their statuses with it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from premigrate import BadArgument, ImportStatus, LatestError, LatestEvent
from premigrate.api import engine_of
from premigrate.engine.import_key import ImportKey
from premigrate.engine.program import EndpointResponses
from premigrate.mock_server.clock import Clock
from premigrate.mock_server.import_progress import (
    STATUS_DURATION,
    ScheduledImport,
    kraken_number_of,
    status_at,
    status_starts,
)
from tests.conftest import validator_of

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = ImportKey("NORLYS", "EXTERNAL-1")


def answers() -> EndpointResponses:
    return engine_of(validator_of("dk")).program.responses


def scheduled(lifecycle: str, error: LatestError | None = None) -> ScheduledImport:
    return ScheduledImport(KEY, START - STATUS_DURATION, START, answers().lifecycles[lifecycle], error)


@pytest.mark.parametrize(("speed", "passed"), [(1, 2), (0, 0), (60, 120), (0.5, 1)])
def test_clock(speed: float, passed: float) -> None:
    real = [100.0]
    clock = Clock(START, speed, lambda: real[0])
    real[0] += 2
    assert clock.now() == START + timedelta(seconds=passed)
    assert clock.step(7.5) == clock.now() == START + timedelta(seconds=passed + 7.5)


@pytest.mark.parametrize("lifecycle", ["imported", "errored", "cancelled", "dry_run_succeeded", "dry_run_errored"])
def test_import_passes_through_every_status(lifecycle: str) -> None:
    each = scheduled(lifecycle, LatestError("c", "d"))
    changes = status_starts(each)
    assert changes == [START + STATUS_DURATION * index for index in range(len(each.statuses))]
    for status, begin in zip(each.statuses, changes, strict=True):
        for moment in (begin, begin + STATUS_DURATION - timedelta(microseconds=1)):
            found = status_at(each, moment, answers())
            assert (found.status, found.created_at, found.modified_at) == (status, START - STATUS_DURATION, begin)
            assert (found.latest_error is None) == (not status.endswith("ERRORED"))
            assert (found.kraken_identifier is None) == (status != "PROCESSED")
    assert status_at(each, START + timedelta(days=900), answers()).status == each.statuses[-1]


def test_import_is_pending_before_its_start() -> None:
    assert status_at(scheduled("imported"), START - STATUS_DURATION, answers()) == ImportStatus(
        "PENDING", START - STATUS_DURATION, START
    )


def test_latest_event_is_kept_until_the_next() -> None:
    with_events = replace(answers(), events={"PENDING": "CREATED", "PROCESSED": "DONE"})
    each = scheduled("imported")
    found = [status_at(each, START + STATUS_DURATION * index, with_events).latest_event for index in range(3)]
    assert found == [
        LatestEvent("CREATED", START),
        LatestEvent("CREATED", START),
        LatestEvent("DONE", START + 2 * STATUS_DURATION),
    ]


def test_account_numbers_are_distinct_and_stable() -> None:
    assert kraken_number_of(KEY) == kraken_number_of(KEY)
    numbers = {kraken_number_of(ImportKey(a, b)) for a, b in (("a", "bc"), ("ab", "c"), ("abc", ""), ("a", "\ud800"))}
    assert len(numbers) == 4
    assert all(number.startswith("A-") and len(number) == 10 for number in numbers)


def test_clock_stops_before_the_last_date() -> None:
    real = [0.0]
    clock = Clock(START, 1.0, lambda: real[0])
    ends = [clock.step(1e9) for _ in range(300)]
    assert ends[-1] == ends[-2] == clock.now()
    real[0] = 1e300
    assert clock.now() == ends[-1]
    assert ends[-1].year == 9998


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf")])
def test_invalid_speed_is_refused(speed: float) -> None:
    with pytest.raises(BadArgument, match="at least 0"):
        Clock(START, speed)
