"""Limits count the requests of the last seconds, and chances are those that were asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.import_key import ImportKey
from premigrate.mock_server import failure_conditions
from premigrate.mock_server.failure_conditions import Chances, RateLimits
from premigrate.mock_server.scenario import ScriptedFailure


@given(st.lists(st.floats(0, 2), max_size=40), st.integers(1, 4), st.sampled_from([0.5, 1.0, 3.0]))
def test_no_window_allows_more_than_the_limit(pauses: list[float], limit: int, per: float) -> None:
    now = 0.0
    limits = RateLimits(lambda: now)
    failure = ScriptedFailure(limit=limit, per=per)
    allowed: list[float] = []
    for pause in pauses:
        now += pause
        wait = limits.seconds_to_wait(failure, "x")
        in_window = [moment for moment in allowed if moment > now - per]
        assert (wait is None) == (len(in_window) < limit)
        if wait is None:
            allowed.append(now)
        else:
            assert wait >= in_window[0] + per - now, "after this wait, a request is allowed"


def test_share_of_requests_is_the_chance() -> None:
    failure, chances = ScriptedFailure(answer="broken", chance=0.2), Chances()
    hits = sum(chances.hits(failure, "x", ImportKey("S", str(number))) for number in range(5000))
    assert 900 < hits < 1100


def test_each_start_chooses_others() -> None:
    failure, keys = ScriptedFailure(answer="broken", chance=0.3), [ImportKey("S", str(number)) for number in range(50)]
    first, again, second = ([Chances(starts).hits(failure, "x", key) for key in keys] for starts in (1, 1, 2))
    assert first == again != second


def test_attempts_of_few_accounts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    failure, chances = ScriptedFailure(answer="broken", chance=0.5), Chances()
    monkeypatch.setattr(failure_conditions, "_MAX_COUNTED", 10)
    for number in range(100):
        chances.hits(failure, "x", ImportKey("S", str(number)))
    assert len(chances._attempts) == 10
