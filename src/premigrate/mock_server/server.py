"""The mock server without HTTP: the responses of the three endpoints, and the state of imports."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from premigrate.api import Validator, engine_of
from premigrate.engine.import_key import ImportKey, import_key_of
from premigrate.exceptions import BadArgument
from premigrate.formats.numbers import boolean_parser
from premigrate.mock_server.clock import Clock, utc_now
from premigrate.mock_server.import_progress import ScheduledImport, kraken_number_of, status_at, status_starts
from premigrate.mock_server.scenario import ScriptedFailure, parse_failures
from premigrate.mock_server.store import Store, StoredFailure
from premigrate.results import Response

_CLOCK, _SCRIPT = "clock", "script"
_PARAMETERS, _DRY_RUN = "task_params", "is_dry_run"
"""The keys that request a dry run, from the OpenAPI document of another tenant (GB ScheduleAccountCreation)."""
_DRY_RUN_LIFECYCLES = {"imported": "dry_run_succeeded", "errored": "dry_run_errored"}
_read_boolean = boolean_parser(nullable=False)


class DelayedResponse(NamedTuple):
    """A response, its delay in real seconds, and the value of its Retry-After header in seconds."""

    response: Response
    delay: float = 0.0
    retry_after: int | None = None


class MockServer:
    """A mock of a tenant's account-import API. Thread-safe.

    Args:
        validator: predicts the responses, for the market of the tenant.
        store: holds the state, and continues from what it already contains.
        failures: the scripted failures. If the store has the same script, its remaining failures continue; otherwise
            they are replaced.
        speed: seconds that the clock advances per real second; with 0 it advances only by ``step``.

    Raises:
        BadArgument: the script names an unknown answer or lifecycle, or ``speed`` is negative.

    """

    def __init__(
        self, validator: Validator, store: Store, failures: Sequence[ScriptedFailure] = (), *, speed: float = 1.0
    ) -> None:
        self._validator, self.engine = validator, engine_of(validator)
        self._store, self._script = store, tuple(failures)
        for failure in self._script:
            self._check_names_exist(failure)
        kept = store.get_setting(_CLOCK)
        last = datetime.fromisoformat(kept) if kept else None
        start = utc_now() if last is None else last if speed == 0 else max(last, utc_now())
        self._clock = Clock(start, speed)
        with store.transaction():
            if store.get_setting(_SCRIPT) != self._script_as_json():
                self._restore_script()

    def validate(self, payload: object) -> DelayedResponse:
        """Return the response of the validate endpoint."""
        key = import_key_of(self.engine.account_of(payload)[1])
        with self._store.transaction():
            match = self._take_failure("validate", key)
        return self._scripted_response(match, key) or DelayedResponse(
            self._validator.validate(payload).response, match.wait
        )

    def process(self, payload: object) -> DelayedResponse:
        """Return the response of the process endpoint. Concurrent requests schedule an account once."""
        account = self.engine.account_of(payload)[1]
        key, dry_run = import_key_of(account), _requests_dry_run(payload)
        is_valid = self._validator.validate(payload).response.status == 200 and dry_run is not None
        with self._store.transaction():
            match = self._take_failure("process", key)
            if (scripted := self._scripted_response(match, key)) is not None:
                return scripted
            return DelayedResponse(self._schedule(key, match, is_valid=is_valid, dry_run=bool(dry_run)), match.wait)

    def status(self, supplier: str, number: str) -> DelayedResponse:
        """Return the response of the status endpoint."""
        key = ImportKey(supplier, number)
        with self._store.transaction():
            match = self._take_failure("status", key)
            if (scripted := self._scripted_response(match, key)) is not None:
                return scripted
            scheduled = self._store.find_import(key)
            now = self._clock.now()
            found = status_at(scheduled, now, self.engine.program.responses) if scheduled else None
            if found and found.modified_at.isoformat() > (self._store.get_setting(_CLOCK) or ""):
                self._save_time(now)  # after a restart, the clock must not go back behind a returned status
        return DelayedResponse(self._validator.import_status(found), match.wait)

    def step(self, seconds: float | None = None) -> datetime:
        """Advance the clock by some seconds, or until the next import changes its status; return the new time.

        Raises:
            BadArgument: ``seconds`` is negative, or not a number.

        """
        if seconds is not None and not seconds >= 0:
            raise BadArgument(f"seconds must be a number of at least 0; it is {seconds}")
        with self._store.transaction():
            now = self._clock.now()
            if seconds is None:
                changes = (change for each in self._store.imports() for change in status_starts(each) if change > now)
                seconds = (min(changes, default=now) - now).total_seconds()
            now = self._clock.step(seconds)
            self._save_time(now)
        return now

    def add_failures(self, data: object) -> None:
        """Add scripted failures.

        Args:
            data: one ``[[failure]]`` table of a script as plain data, or a list of them.

        Raises:
            BadArgument: a key or value is not valid.

        """
        failures = parse_failures(data, "failures")
        for failure in failures:
            self._check_names_exist(failure)
        with self._store.transaction():
            for failure in failures:
                self._store.add_failure(failure.model_dump_json(exclude_defaults=True), failure.times)

    def clear_failures(self) -> None:
        """Delete all scripted failures."""
        self._store.clear("failure")

    def reset(self) -> None:
        """Delete all imports, and restore the script."""
        with self._store.transaction():
            self._store.clear("import")
            self._restore_script()

    def state(self) -> dict[str, Any]:
        """Return the time, all imports as the status endpoint returns them, and the remaining failures."""
        with self._store.transaction():
            now, imports, failures = self._clock.now(), self._store.imports(), self._store.failures()
        statuses = [
            {"import_supplier": each.key.supplier, "external_account_number": each.key.number}
            | self._validator.import_status(status_at(each, now, self.engine.program.responses)).body
            for each in imports
        ]
        remaining = [{**json.loads(kept.definition), "remaining": kept.remaining} for kept in failures]
        return {"now": now.isoformat(), "imports": statuses, "failures": remaining}

    def _schedule(self, key: ImportKey, match: "_FailureMatch", *, is_valid: bool, dry_run: bool) -> Response:
        now, answers = self._clock.now(), self.engine.program.responses
        before = self._store.find_import(key)
        found = status_at(before, now, answers) if before else None
        if found and not answers.statuses[found.status].can_resend:
            return self._answer("imported_already", key, account_id=found.kraken_identifier)
        if not is_valid:
            return self._answer("not_valid", key)
        if not all(key):  # an import without a number can't be looked up, so it is not stored
            return self._answer("scheduled", key)
        failure = match.failure if match.failure and match.failure.lifecycle else None
        lifecycle = (failure.lifecycle if failure else None) or "imported"
        lifecycle = _DRY_RUN_LIFECYCLES.get(lifecycle, lifecycle) if dry_run else lifecycle
        error = failure.error if failure else None
        if failure and match.stored:
            self._store.count_failure(match.stored)
        self._store.save_import(
            ScheduledImport(key, before.created_at if before else now, now, answers.lifecycles[lifecycle], error)
        )
        self._save_time(now)
        return self._answer("scheduled", key)

    def _take_failure(self, endpoint: str, key: ImportKey) -> "_FailureMatch":
        """Find the first failure that matches a request; one with a lifecycle counts when the import is scheduled."""
        for kept in self._store.failures():
            failure = ScriptedFailure.model_validate_json(kept.definition)
            if failure.matches(endpoint, key):
                if not failure.lifecycle:
                    self._store.count_failure(kept)
                return _FailureMatch(failure, kept, failure.wait)
        return _FailureMatch()

    def _scripted_response(self, match: "_FailureMatch", key: ImportKey) -> DelayedResponse | None:
        """Return the response that a failure scripts, if it scripts one."""
        if not match.failure or not match.failure.answer:
            return None
        seconds = match.failure.retry_after
        response = self._answer(match.failure.answer, key, account_id=kraken_number_of(key), seconds=seconds)
        return DelayedResponse(response, match.wait, seconds if response.status == 429 else None)

    def _answer(self, name: str, key: ImportKey, *, account_id: str | None = None, seconds: int = 0) -> Response:
        """Return an answer of the rules, filled with the data of an import."""
        wait = f"{seconds} second" if seconds == 1 else f"{seconds} seconds"
        values = {"account_number": key.number, "account_id": account_id, "wait": wait}
        return self.engine.render_response(
            name, **values, why="JSON parse error - scripted", value="scripted", max_length=0
        )

    def _check_names_exist(self, failure: ScriptedFailure) -> None:
        answers = self.engine.program.responses
        names = sorted(name for name, answer in answers.by_name.items() if answer.status >= 400)
        if failure.answer and failure.answer not in names:
            raise BadArgument(f"a failure asks for the answer {failure.answer!r}; those there are: {', '.join(names)}")
        if failure.lifecycle and failure.lifecycle not in answers.lifecycles:
            known = ", ".join(answers.lifecycles)
            raise BadArgument(f"a failure asks for the lifecycle {failure.lifecycle!r}; those there are: {known}")

    def _restore_script(self) -> None:
        self._store.clear("failure")
        for failure in self._script:
            self._store.add_failure(failure.model_dump_json(exclude_defaults=True), failure.times)
        self._store.set_setting(_SCRIPT, self._script_as_json())

    def _script_as_json(self) -> str:
        return json.dumps([failure.model_dump(mode="json") for failure in self._script])

    def _save_time(self, now: datetime) -> None:
        self._store.set_setting(_CLOCK, now.isoformat())


class _FailureMatch(NamedTuple):
    """The failure that a request matches, if any, and the delay of the response in seconds."""

    failure: ScriptedFailure | None = None
    stored: StoredFailure | None = None
    wait: float = 0.0


def _requests_dry_run(payload: object) -> bool | None:
    """Return whether a request asks for a dry run; None if the value is not a boolean."""
    parameters = payload.get(_PARAMETERS) if isinstance(payload, dict) else None
    if parameters is None:
        return False
    value = _read_boolean(parameters.get(_DRY_RUN, False)) if isinstance(parameters, dict) else None
    return value if isinstance(value, bool) else None
