"""The date of a recorded call is the date on the API's clock, or any date that it may have been."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

import premigrate
from premigrate.cli.group import commands
from premigrate.compare.call_dates import compare_best_date, drop_date_dependent, possible_dates
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.results import Error
from premigrate.ruleset.load import timezones_of
from premigrate.ruleset.timezones import find_timezones
from tests.payloads import good_account, put
from tests.recordings import entry

COPENHAGEN, LISBON, AZORES = map(ZoneInfo, ("Europe/Copenhagen", "Europe/Lisbon", "Atlantic/Azores"))
JUNE, JULY = date(2026, 6, 30), date(2026, 7, 1)
PLACE = "ledgers.0.historical_statement_transactions.0.transaction_date"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "zones", "days"),
    [
        (JUNE, (COPENHAGEN,), (JUNE,)),
        (JUNE, (), (JUNE,)),
        (utc("2026-06-30T22:30"), (COPENHAGEN,), (JULY,)),
        (utc("2026-06-30T21:59"), (COPENHAGEN,), (JUNE,)),
        (utc("2026-12-31T22:59"), (COPENHAGEN,), (date(2026, 12, 31),)),  # without summer time
        (utc("2026-12-31T23:00"), (COPENHAGEN,), (date(2027, 1, 1),)),
        (utc("2026-06-30T22:59"), (LISBON,), (JUNE,)),
        (utc("2026-06-30T23:30"), (LISBON,), (JULY,)),
        (utc("2026-06-30T23:30"), (LISBON, AZORES), (JULY, JUNE)),
        (utc("2026-06-30T12:00"), (LISBON, AZORES), (JUNE,)),
        (datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), (LISBON,), (JUNE,)),
        (utc("2026-06-30T22:30"), (), (JUNE, JULY)),
        (utc("2026-07-01T01:30"), (), (JULY, JUNE)),
        (datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), (), (JULY, JUNE)),
        (datetime(2026, 6, 30, 22, 30), (COPENHAGEN,), (JUNE, JULY)),
        (datetime(2026, 7, 1, 0, 30), (), (JULY, JUNE)),
        (datetime(1, 1, 1), (COPENHAGEN,), (date(1, 1, 1),)),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), (COPENHAGEN,), (date(9999, 12, 31),)),
    ],
)
def test_possible_dates(when: date | datetime, zones: tuple[ZoneInfo, ...], days: tuple[date, ...]) -> None:
    assert possible_dates(when, zones) == days


def error(name: str) -> Error:
    return Error(f"{name}.", name, name, f"{name}-rule", (name,))


def reported(name: str) -> ReportedError:
    return ReportedError(f"{name}.", name, name)


def test_best_matching_date_is_chosen() -> None:
    early, late = [error("date")], list[Error]()
    assert compare_best_date([early, late], RecordedResponse(is_refused=False))[0] == 1
    assert compare_best_date([early, late], RecordedResponse(is_refused=True, errors=(reported("date"),)))[0] == 0
    assert compare_best_date([late, early], RecordedResponse(is_refused=True, errors=None))[0] == 1
    assert compare_best_date([late, late], RecordedResponse(is_refused=True, errors=(reported("x"),)))[0] == 0, (
        "a tie selects the first"
    )
    both = [error("date"), error("x")], [error("x")]
    assert compare_best_date(both, RecordedResponse(is_refused=True, errors=(reported("y"),)))[0] == 1, (
        "the date with the fewest differences"
    )


def test_date_dependent_predictions_are_dropped() -> None:
    predictions = [error("one"), error("always")], [error("two"), error("always")]
    chosen, comparison = compare_best_date(predictions, RecordedResponse(is_refused=False))
    assert (chosen, comparison.is_same) == (0, False)
    remaining = drop_date_dependent(comparison, predictions)
    assert [pair.code for pair in remaining.pairs] == ["always"]
    _, agreed = compare_best_date(predictions, RecordedResponse(is_refused=True, errors=(reported("one"),)))
    assert "one" in [pair.code for pair in drop_date_dependent(agreed, predictions).pairs], "pairs that agree are kept"


def test_markets_have_a_known_time_zone(market: str) -> None:
    names = timezones_of(market)
    assert [zone.key for zone in find_timezones(names)] == list(names) != []


def payload(day: date) -> dict[str, Any]:
    return dict(put(good_account("dk"), PLACE, day.isoformat()))


def recorded_call(account: dict[str, Any], today: date) -> dict[str, Any]:
    response = premigrate.Validator(market="dk", as_of=today).validate(account).response
    return {"payload": account, "status": response.status, "response": response.body}


def compare(folder: Path, calls: Sequence[tuple[dict[str, Any], object]], *options: str) -> tuple[int, str]:
    """Compare calls with their start times, and return exit code and summary; assert that no overlay is written."""
    entries = [{**entry(pair, "/v2/data-import/accounts/"), "startedDateTime": started} for pair, started in calls]
    file, overlay = folder / "calls.har", folder / "proposed.toml"
    file.write_text(json.dumps({"log": {"entries": entries}}), "utf-8")
    result = CliRunner().invoke(commands, ["compare", "--write-overlay", str(overlay), *options, str(file)])
    assert not overlay.exists(), overlay.read_text("utf-8")
    assert result.stderr.count("\n") == 1, result.stderr
    return result.exit_code, result.stdout.splitlines()[-1]


def test_calls_around_midnight_agree(tmp_path: Path) -> None:
    known = [
        ("2026-06-30T22:30:00.000Z", JULY),
        ("2026-07-01T00:30:00+02:00", JULY),
        ("2026-06-30T21:30:00.000Z", JUNE),
        ("2026-06-30T19:30:00-03:00", JULY),
        (1782858600000, JULY),
        ("2026-06-30T22:30:00", JULY),
        ("2026-06-30T22:30:00", JUNE),
        ("2026-07-01T01:30:00", JUNE),
    ]
    calls = [(recorded_call(payload(day), today), started) for started, today in known for day in (JUNE, JULY)]
    assert compare(tmp_path, calls) == (0, "16 answers compared: 0 not as predicted")


def test_impossible_date_does_not_agree(tmp_path: Path) -> None:
    file = tmp_path / "calls.json"
    file.write_text(json.dumps({**recorded_call(payload(JULY), JULY), "as_of": "2026-06-30T21:30:00Z"}), "utf-8")
    result = CliRunner().invoke(commands, ["compare", str(file)])
    assert (result.exit_code, "as of 2026-06-30" in result.stdout) == (1, True), result.stdout


@pytest.mark.parametrize(
    ("zones", "started", "todays"),
    [
        ('"Pacific/Auckland"', "2026-06-30T12:30:00Z", (JULY,)),
        ('["Europe/Copenhagen", "America/New_York"]', "2026-06-30T22:30:00Z", (JUNE, JULY)),
        ("[]", "2026-06-30T22:30:00Z", (JUNE, JULY)),
    ],
)
def test_overlay_replaces_the_time_zone(zones: str, started: str, todays: tuple[date, ...], tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text(f'[market]\nextends = "dk"\ntimezone = {zones}\n', "utf-8")
    calls = [(recorded_call(payload(JULY), today), started) for today in todays]
    code, summary = compare(tmp_path, calls, "--overlay", str(overlay))
    assert (code, summary.endswith(": 0 not as predicted")) == (0, True)


def test_all_dates_are_possible_without_a_time_zone_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("premigrate.compare.run.find_timezones", lambda _: ())
    calls = [(recorded_call(payload(JULY), today), "2026-06-30T22:30:00Z") for today in (JUNE, JULY)]
    assert compare(tmp_path, calls) == (0, "2 answers compared: 0 not as predicted")


def test_as_of_option_overrides_recorded_times(tmp_path: Path) -> None:
    times: tuple[object, ...] = ("yesterday", None, 5, "31.01.2026", {}, "2026-06-30T22:30:00Z")
    calls = [(recorded_call(payload(JULY), JUNE), started) for started in times]
    assert compare(tmp_path, calls, "--as-of", "2026-06-30") == (0, "6 answers compared: 0 not as predicted")
