"""Turns the passing of real time into that of the stand-in: slower, faster, or only when it is stepped."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The time of the stand-in; it never goes back.

    Args:
        start: the first moment, with a zone.
        speed: seconds that pass in one real second; with 0 the time stands still until it is stepped.
        tick: reads real seconds from anywhere on.

    """

    def __init__(self, start: datetime, speed: float = 1.0, tick: Callable[[], float] = time.monotonic) -> None:
        self._start, self._speed, self._tick = start, speed, tick
        self._since = tick()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Tell the time."""
        with self._lock:
            return self._start + timedelta(seconds=(self._tick() - self._since) * self._speed)

    def step(self, seconds: float) -> datetime:
        """Let some seconds pass at once, and tell the time after them."""
        with self._lock:
            self._start += timedelta(seconds=seconds)
        return self.now()


def utc_now() -> datetime:
    """Tell the real time."""
    return datetime.now(UTC)
