"""Parsing of call times in the formats that recorders write."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from premigrate.compare.recorded_time import parse_time

MOMENT = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-06-30T22:30:00.000Z",
        "2026-06-30T22:30:00Z",
        "2026-06-30T22:30Z",
        "2026-06-30T22:30:00,000Z",
        "2026-06-30t22:30:00z",
        "2026-06-30 22:30:00 UTC",
        "2026-06-30T22:30:00.0000000+00:00",
        "2026-07-01T00:30:00.000+02:00",
        "2026-07-01T00:30:00+0200",
        "2026-07-01 00:30:00 +02:00",
        "2026-06-30T18:30:00-04:00",
        "20260630T223000Z",
        "Tue, 30 Jun 2026 22:30:00 GMT",
        1782858600,
        1782858600000,
        1782858600.0,
        "1782858600000",
        "1782858600.000",
    ],
)
def test_datetime_with_offset(value: object) -> None:
    assert parse_time(value) == MOMENT


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("2026-06-30T22:30:00", 22),
        ("2026-06-30 22:30:00.123456789", 22),
        ("2026-06-30T22:30:00 CEST", 22),
        ("2026-06-30T22", 22),
        ("Tue Jun 30 2026 22:30:00 GMT+0200 (CEST)", 22),
    ],
)
def test_datetime_without_offset(value: str, hour: int) -> None:
    when = parse_time(value)
    assert isinstance(when, datetime)
    assert (when.date(), when.hour, when.tzinfo) == (date(2026, 6, 30), hour, None)


@pytest.mark.parametrize("value", ["2026-06-30", "20260630", 20260630, "2026-06-30T24:00:00Z", "2026-06-30Tsometime"])
def test_date(value: object) -> None:
    when = parse_time(value)
    assert (type(when), when) == (date, date(2026, 6, 30))


def test_offset_is_kept() -> None:
    when = parse_time("2026-07-01T00:30:00+02:00")
    assert isinstance(when, datetime)
    assert when.tzinfo == timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "value", ["soon", "", "2026-13-01", "31.01.2026", 5, -1, 1e300, float("nan"), True, [], {}, "9" * 5000]
)
def test_invalid_value_raises(value: object) -> None:
    with pytest.raises(ValueError, match="neither a date nor a time"):
        parse_time(value)


def test_huge_number_raises() -> None:
    with pytest.raises(ValueError, match="digits"):
        parse_time(10**5000)
