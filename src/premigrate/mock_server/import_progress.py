"""Turns an import that was scheduled, and a moment, into how far it is then."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from premigrate.engine.import_key import ImportKey
from premigrate.engine.program import Answers
from premigrate.results import ImportStatus, LatestError, LatestEvent

PACE = timedelta(seconds=5)
"""How long an import keeps a status that is not its last, in the time of the stand-in."""


class Scheduled(NamedTuple):
    """An import that was scheduled. ``course`` are the statuses it has in turn, from ``scheduled_at`` on."""

    key: ImportKey
    created_at: datetime
    scheduled_at: datetime
    course: tuple[str, ...]
    error: LatestError | None = None


def account_number_of(key: ImportKey) -> str:
    """Make the Kraken account number of an import: always the same one, in the form that the pages show."""
    return f"A-{sha256(chr(0).join(key).encode('utf-8', 'surrogatepass')).hexdigest()[:8].upper()}"


def changes_of(scheduled: Scheduled) -> list[datetime]:
    """Tell when each status of an import begins."""
    return [scheduled.scheduled_at + PACE * index for index in range(len(scheduled.course))]


def status_at(scheduled: Scheduled, moment: datetime, answers: Answers) -> ImportStatus:
    """Tell how far an import is at a moment."""
    begun = [begin for begin in changes_of(scheduled) if begin <= moment] or [scheduled.scheduled_at]
    passed = scheduled.course[: len(begun)]
    kind = answers.statuses[passed[-1]]
    return ImportStatus(
        passed[-1],
        created_at=scheduled.created_at,
        modified_at=begun[-1],
        kraken_identifier=account_number_of(scheduled.key) if kind.identified else None,
        latest_error=scheduled.error if kind.errored else None,
        latest_event=_latest_event(passed, begun, answers.events),
    )


def _latest_event(passed: tuple[str, ...], begun: list[datetime], events: Mapping[str, str]) -> LatestEvent | None:
    told = [LatestEvent(events[status], begin) for status, begin in zip(passed, begun, strict=True) if status in events]
    return told[-1] if told else None
