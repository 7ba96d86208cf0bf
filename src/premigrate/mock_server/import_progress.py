"""Computes the status of a scheduled import at a given time."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from typing import NamedTuple

from premigrate.engine.import_key import ImportKey
from premigrate.engine.program import EndpointResponses
from premigrate.results import ImportStatus, LatestError, LatestEvent

STATUS_DURATION = timedelta(seconds=5)
"""The duration of each status but the last, by the clock of the mock server."""


class ScheduledImport(NamedTuple):
    """A scheduled import. ``statuses`` lists its statuses in order, the first from ``scheduled_at`` on.

    ``account_number`` is the number of the account in Kraken; None if it is made up.
    """

    key: ImportKey
    created_at: datetime
    scheduled_at: datetime
    statuses: tuple[str, ...]
    error: LatestError | None = None
    account_number: str | None = None


def kraken_number_of(key: ImportKey) -> str:
    """Return the Kraken account number of an import: a hash of its key, in the form of the API documentation."""
    return f"A-{sha256(chr(0).join(key).encode('utf-8', 'surrogatepass')).hexdigest()[:8].upper()}"


def status_starts(scheduled: ScheduledImport) -> list[datetime]:
    """Return when each status of an import starts."""
    return [scheduled.scheduled_at + STATUS_DURATION * index for index in range(len(scheduled.statuses))]


def status_at(scheduled: ScheduledImport, moment: datetime, answers: EndpointResponses) -> ImportStatus:
    """Return the status of an import at a given time."""
    starts = [start for start in status_starts(scheduled) if start <= moment] or [scheduled.scheduled_at]
    statuses = scheduled.statuses[: len(starts)]
    kind = answers.statuses[statuses[-1]]
    account_number = scheduled.account_number or kraken_number_of(scheduled.key)
    return ImportStatus(
        statuses[-1],
        created_at=scheduled.created_at,
        modified_at=starts[-1],
        kraken_identifier=account_number if kind.has_account_number else None,
        latest_error=scheduled.error if kind.has_error else None,
        latest_event=_latest_event(statuses, starts, answers.events),
    )


def in_zone(status: ImportStatus, zone: tzinfo) -> ImportStatus:
    """Return a status with its times in a time zone."""
    event = status.latest_event
    return status._replace(
        created_at=status.created_at.astimezone(zone),
        modified_at=status.modified_at.astimezone(zone),
        latest_event=event and event._replace(occurred_at=event.occurred_at.astimezone(zone)),
    )


def _latest_event(statuses: tuple[str, ...], starts: list[datetime], events: Mapping[str, str]) -> LatestEvent | None:
    started = zip(statuses, starts, strict=True)
    past = [LatestEvent(events[status], start) for status, start in started if status in events]
    return past[-1] if past else None
