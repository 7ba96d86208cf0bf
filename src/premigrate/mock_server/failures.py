"""Keeps the scripted failures of a mock server, and finds the one that matches a request."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from premigrate.engine.import_key import ImportKey
from premigrate.engine.program import EndpointResponses
from premigrate.exceptions import BadArgument
from premigrate.mock_server.failure_conditions import Chances, RateLimits
from premigrate.mock_server.scenario import ScriptedFailure, parse_failures
from premigrate.mock_server.store import Store, StoredFailure

_SCRIPT, _STARTS = "script", "starts"


class MatchedFailure(NamedTuple):
    """A failure that matches a request, as parsed and as stored, and its ``Retry-After`` header, in seconds."""

    failure: ScriptedFailure
    stored: StoredFailure
    retry_after: int


class Failures:
    """The scripted failures in a store. If the store has the same script, those that remain continue.

    Args:
        store: keeps the failures.
        script: the failures at the start.
        responses: the responses of each tenant, which failures may name.

    Raises:
        BadArgument: the script names an unknown answer or lifecycle.

    """

    def __init__(self, store: Store, script: Sequence[ScriptedFailure], responses: Sequence[EndpointResponses]) -> None:
        self._store, self._script, self._responses = store, tuple(script), responses
        for failure in self._script:
            self._check_names(failure)
        with store.transaction():
            self._starts = int(store.get_setting(_STARTS) or 0) + 1
            store.set_setting(_STARTS, str(self._starts))
            self._forget_requests()
            if store.get_setting(_SCRIPT) != self._script_as_json():
                self.restore()

    def add(self, data: object) -> None:
        """Add failures: one ``[[failure]]`` table of a script as plain data, or a list of them.

        Raises:
            BadArgument: a key or value is not valid.

        """
        failures = parse_failures(data, "failures")
        for failure in failures:
            self._check_names(failure)
        with self._store.transaction():
            for failure in failures:
                self._save(failure)

    def clear(self) -> None:
        """Delete all failures."""
        self._forget_requests()
        self._store.clear("failure")

    def restore(self) -> None:
        """Restore the failures of the script; runs within a transaction."""
        self.clear()
        for failure in self._script:
            self._save(failure)
        self._store.set_setting(_SCRIPT, self._script_as_json())

    def remaining(self) -> list[dict[str, Any]]:
        """Return the failures to come, with the number of requests that each will still match."""
        return [{**json.loads(kept.definition), "remaining": kept.remaining} for kept in self._store.failures()]

    def take(self, endpoint: str, key: ImportKey) -> MatchedFailure | None:
        """Find the first failure that matches a request; one with a lifecycle counts when the import is scheduled."""
        for kept in self._store.failures():
            failure = ScriptedFailure.model_validate_json(kept.definition)
            if not failure.matches(endpoint, key) or not self._chances.hits(failure, kept.definition, key):
                continue
            wait = self._limits.seconds_to_wait(failure, kept.definition)
            if wait is None:
                continue
            if not failure.lifecycle:
                self.count(kept)
            return MatchedFailure(failure, kept, wait if failure.retry_after is None else failure.retry_after)
        return None

    def count(self, kept: StoredFailure) -> None:
        """Count a request that a failure matched."""
        self._store.count_failure(kept)

    def _forget_requests(self) -> None:
        """Reset the counts of requests for chances and limits."""
        self._chances, self._limits = Chances(self._starts), RateLimits()

    def _save(self, failure: ScriptedFailure) -> None:
        self._store.add_failure(failure.model_dump_json(exclude_defaults=True), failure.times)

    def _script_as_json(self) -> str:
        return json.dumps([failure.model_dump(mode="json") for failure in self._script])

    def _check_names(self, failure: ScriptedFailure) -> None:
        for answers in self._responses:
            names = sorted(name for name, answer in answers.by_name.items() if answer.status >= 400)
            if failure.response_name and failure.response_name not in names:
                known, name = ", ".join(names), failure.response_name
                raise BadArgument(f"unknown answer {name!r} of a failure; choose one of: {known}")
            if failure.lifecycle and failure.lifecycle not in answers.lifecycles:
                known = ", ".join(answers.lifecycles)
                raise BadArgument(f"unknown lifecycle {failure.lifecycle!r} of a failure; choose one of: {known}")
