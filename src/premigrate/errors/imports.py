"""What is known of an import that was scheduled: what its status endpoint tells."""

from datetime import datetime
from typing import NamedTuple


class LatestError(NamedTuple):
    """Why an import failed."""

    code: str
    detail: str


class LatestEvent(NamedTuple):
    """What happened last to an import; some profiles of the API tell it."""

    event: str
    occurred_at: datetime


class ImportStatus(NamedTuple):
    """How far an import is.

    ``kraken_identifier`` is the number of the account in Kraken once there is one; the times have a zone.
    """

    status: str
    created_at: datetime
    modified_at: datetime
    kraken_identifier: str | None = None
    latest_error: LatestError | None = None
    latest_event: LatestEvent | None = None
