"""Turns the passing of real time into that of the stand-in: slower, faster, or only when it is stepped."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import inf

from premigrate.exceptions import BadArgument

_END = datetime(9998, 12, 31, tzinfo=UTC)
"""Where time stops: a little before there are no dates any more."""


class Clock:
    """The time of the stand-in; it never goes back, and not on beyond the year 9998.

    Args:
        start: the first moment, with a zone.
        speed: seconds that pass in one real second; with 0 the time stands still until it is stepped.
        tick: reads real seconds from anywhere on.

    Raises:
        BadArgument: ``speed`` is less than 0, or no number.

    """

    def __init__(self, start: datetime, speed: float = 1.0, tick: Callable[[], float] = time.monotonic) -> None:
        if not 0 <= speed < inf:  # neither is what is no number
            raise BadArgument(f"speed must be a number of at least 0; it is {speed}")
        self._start, self._speed, self._tick = start, speed, tick
        self._since = tick()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Tell the time."""
        with self._lock:
            return _later(self._start, (self._tick() - self._since) * self._speed)

    def step(self, seconds: float) -> datetime:
        """Let some seconds pass at once, and tell the time after them."""
        with self._lock:
            self._start = _later(self._start, seconds)
        return self.now()


def _later(moment: datetime, seconds: float) -> datetime:
    try:
        return min(moment + timedelta(seconds=seconds), _END)
    except OverflowError:
        return _END


def utc_now() -> datetime:
    """Tell the real time."""
    return datetime.now(UTC)
