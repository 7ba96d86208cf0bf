"""Decides which requests a failure with a chance or a rate limit matches."""

import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from math import ceil

from premigrate.engine.import_key import ImportKey
from premigrate.mock_server.scenario import ScriptedFailure

_MAX_COUNTED = 100_000
"""The number of accounts whose attempts are counted; the attempts of the oldest are forgotten."""
_RESOLUTION = 2**64


class Chances:
    """Chances that depend on the failure, the account and the number of its attempt since the start alone.

    The same requests of an account fail, regardless of the order of accounts, so that concurrent clients get the same
    failures in each run.

    Args:
        starts: how often the server was started with its database: attempts are counted anew after each start, and an
            account that failed must not fail again each time.

    """

    def __init__(self, starts: int = 1) -> None:
        self._starts = str(starts)
        self._attempts: dict[tuple[str, ImportKey], int] = {}

    def hits(self, failure: ScriptedFailure, definition: str, key: ImportKey) -> bool:
        """Return whether a failure matches this attempt, and count it; ``definition`` identifies the failure."""
        if failure.chance is None:
            return True
        attempt = self._attempts.pop((definition, key), 0) + 1
        self._attempts[definition, key] = attempt  # as the newest
        if len(self._attempts) > _MAX_COUNTED:
            del self._attempts[next(iter(self._attempts))]
        drawn = sha256(
            "\0".join([definition, *key, self._starts, str(attempt)]).encode("utf-8", "surrogatepass")
        ).digest()
        return int.from_bytes(drawn[:8], "big") < failure.chance * _RESOLUTION


class RateLimits:
    """Limits of requests in the last seconds, as Django REST Framework throttles: a refused request does not count.

    Args:
        monotonic: returns real seconds since an arbitrary start, as ``time.monotonic`` does.

    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._tick = monotonic
        self._allowed: dict[str, deque[float]] = {}

    def seconds_to_wait(self, failure: ScriptedFailure, definition: str) -> int | None:
        """Return how many seconds a refused client has to wait, or None if the limit allows this request."""
        if failure.limit is None:
            return 1
        now = self._tick()
        allowed = self._allowed.setdefault(definition, deque())
        while allowed and allowed[0] <= now - failure.per:
            allowed.popleft()
        if len(allowed) < failure.limit:
            allowed.append(now)
            return None
        return max(ceil(allowed[0] + failure.per - now), 1)
