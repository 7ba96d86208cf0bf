"""Datetimes that overflow in UTC are refused as the framework refuses them; others are left to their field."""

from datetime import datetime

import pytest

from premigrate.formats.dates import parse_datetime
from premigrate.formats.interfaces import FieldError
from tests.conftest import validator_of
from tests.payloads import good_account, put

OVERFLOW, INVALID = FieldError("overflow"), FieldError("invalid")


@pytest.mark.parametrize(
    "raw",
    [
        "9999-12-31T23:59:59-03:00",
        "9999-12-31T00:01:00-23:59",
        "9999-12-31T23:59:59.999999-00:00:01",
        "9999-12-31 23:59 -0001",
        "99991231T235959-01",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T23:58:59+23:59",
        "0001-1-1 0:00 +00:01",
    ],
)
def test_out_of_range(raw: str) -> None:
    assert parse_datetime(raw) == OVERFLOW


@pytest.mark.parametrize(
    "raw",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T23:59:59+03:00",
        "9999-12-31T00:00:59-23:59",
        "9999-12-31T23:59:59",
        "9999-12-31",
        "9999-01-01T00:00:00-14:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00-14:00",
        "0001-01-01T23:59:00+23:59",
        "0001-01-01T00:00:00",
        "0001-01-01",
        "0001-12-31T00:00:00+14:00",
        "2020-01-01T00:00:00+23:59",
    ],
)
def test_within_range(raw: str) -> None:
    assert parse_datetime(raw) == datetime.fromisoformat(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "0000-01-01T00:00:00+14:00",
        "9999-12-31T23:59:60-03:00",
        "0001-01-01T00:00:00+24:00",
        "0001-1-2T0:00+23:60",
        "9999-12-32T00:00Z",
    ],
)
def test_invalid_datetimes(raw: str) -> None:
    assert parse_datetime(raw) == INVALID


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        ("9999-12-31T23:59:59-03:00", [("overflow", "Datetime value out of range.")]),
        ("0001-01-01T00:00:00+14:00", [("overflow", "Datetime value out of range.")]),
        ("9999-12-31T23:59:59Z", []),
        ("9999-12-31T23:59:59", []),
    ],
)
def test_errors_of_an_account_match_the_framework(raw: str, errors: list[tuple[str, str]]) -> None:
    result = validator_of("dk").validate(put(good_account("dk"), "notes.0.unpin_at", raw))
    assert [(error.code, error.detail) for error in result.errors] == errors


@pytest.mark.parametrize(
    "raw",
    [
        "2026-06-30T24:00:00Z",
        "2026-06-30 24:00",
        "2026-12-31T24",
        "20260630T240000+02",
        "2026-W26-2T24:00",
        "2026W26 24:00",
    ],
)
def test_hour_24_is_refused_by_every_python(raw: str) -> None:
    assert parse_datetime(raw) == INVALID


@pytest.mark.parametrize("raw", ["2026-06-24", "20260624", "2026-W24", "2026-12-24T00:00", "2024-06-24 00:00:00+00:24"])
def test_midnight_is_accepted(raw: str) -> None:
    parsed = parse_datetime(raw)
    assert isinstance(parsed, datetime)
    assert parsed.hour == 0
