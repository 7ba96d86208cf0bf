"""The clock of the mock server: it runs slower or faster than real time, or advances only on request."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import inf

from premigrate.exceptions import BadArgument

_END = datetime(9998, 12, 31, tzinfo=UTC)
"""The last time of the clock: a year before ``datetime.max``."""


class Clock:
    """A clock that never goes back, and stops at the end of the year 9998.

    Args:
        start: the initial time, timezone-aware.
        speed: seconds that the clock advances per real second; with 0 it advances only by ``step``.
        monotonic: returns real seconds since an arbitrary start, as ``time.monotonic`` does.

    Raises:
        BadArgument: ``speed`` is negative, infinite or NaN.

    """

    def __init__(self, start: datetime, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        if not 0 <= speed < inf:  # false for NaN
            raise BadArgument(f"speed must be a number of at least 0; it is {speed}")
        self._start, self._speed, self._tick = start, speed, monotonic
        self._started = monotonic()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time."""
        with self._lock:
            return _add_seconds(self._start, (self._tick() - self._started) * self._speed)

    def step(self, seconds: float) -> datetime:
        """Advance the clock by some seconds, and return the new time."""
        with self._lock:
            self._start = _add_seconds(self._start, seconds)
        return self.now()


def _add_seconds(moment: datetime, seconds: float) -> datetime:
    try:
        return min(moment + timedelta(seconds=seconds), _END)
    except OverflowError:
        return _END


def utc_now() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)
