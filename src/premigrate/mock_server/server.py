"""Turns what a client asks of the three endpoints into their answers, and keeps what becomes of imports."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from premigrate.api import Validator
from premigrate.engine.import_key import ImportKey, import_key
from premigrate.exceptions import BadArgument
from premigrate.formats.numbers import boolean_reader
from premigrate.mock_server.clock import Clock, utc_now
from premigrate.mock_server.import_progress import Scheduled, account_number_of, changes_of, status_at
from premigrate.mock_server.scenario import Failure, read_failures
from premigrate.mock_server.store import KeptFailure, Store
from premigrate.results import Response

_CLOCK, _SCRIPT = "clock", "script"
_PARAMETERS, _DRY_RUN = "task_params", "is_dry_run"
"""Where a request asks for a dry run: published by one sister tenant (OpenAPI: GB ScheduleAccountCreation)."""
_DRY_COURSES = {"imported": "dry_run_succeeded", "errored": "dry_run_errored"}
_read_boolean = boolean_reader(nullable=False)


class Told(NamedTuple):
    """An answer, the real seconds to wait before it, and those after which a client should come again."""

    response: Response
    wait: float = 0.0
    retry_after: int | None = None


class StandIn:
    """What stands in for a tenant's import API. Threads may share it.

    Args:
        validator: answers for the market of the tenant.
        store: keeps the state; what it holds from before goes on.
        script: failures to show. Those of before go on if they came from the same script, else they are forgotten.
        speed: seconds that pass for imports in one real second; with 0, time stands still until it is stepped.

    Raises:
        BadArgument: the script names an answer or course that there isn't; or ``speed`` is less than 0.

    """

    def __init__(
        self, validator: Validator, store: Store, script: Sequence[Failure] = (), *, speed: float = 1.0
    ) -> None:
        self.validator, self._store, self._script = validator, store, tuple(script)
        for failure in self._script:
            self._check(failure)
        kept = store.fact(_CLOCK)
        last = datetime.fromisoformat(kept) if kept else None
        start = utc_now() if last is None else last if speed == 0 else max(last, utc_now())
        self._clock = Clock(start, speed)
        with store.transaction():
            if store.fact(_SCRIPT) != self._said():
                self._begin_script()

    def validate(self, payload: object) -> Told:
        """Answer the validate endpoint."""
        key = import_key(self.validator.account_of(payload)[1])
        with self._store.transaction():
            failure = self._meet("validate", key)
        return self._after(failure, key) or Told(self.validator.validate(payload).response, failure.wait)

    def process(self, payload: object) -> Told:
        """Answer the process endpoint; whatever comes at the same time, an account is scheduled once."""
        account = self.validator.account_of(payload)[1]
        key, dry_run = import_key(account), _asks_for_dry_run(payload)
        is_valid = self.validator.validate(payload).response.status == 200 and dry_run is not None
        with self._store.transaction():
            failure = self._meet("process", key)
            told = self._after(failure, key)
            if told is None:
                told = Told(self._schedule(key, failure, is_valid=is_valid, dry_run=bool(dry_run)), failure.wait)
        return told

    def status(self, supplier: str, number: str) -> Told:
        """Answer the status endpoint."""
        key = ImportKey(supplier, number)
        with self._store.transaction():
            failure = self._meet("status", key)
            if (told := self._after(failure, key)) is not None:
                return told
            scheduled = self._store.find(key)
            now = self._clock.now()
            found = status_at(scheduled, now, self.validator.answers) if scheduled else None
            if found and found.modified_at.isoformat() > (self._store.fact(_CLOCK) or ""):
                self._remember(now)  # what was told stays told, even if the process ends now
        return Told(self.validator.import_status(found), failure.wait)

    def step(self, seconds: float | None = None) -> datetime:
        """Let time pass: some seconds, or as many as it takes until the next import changes its status."""
        with self._store.transaction():
            now = self._clock.now()
            if seconds is None:
                changes = (change for each in self._store.imports() for change in changes_of(each) if change > now)
                seconds = (min(changes, default=now) - now).total_seconds()
            now = self._clock.step(seconds)
            self._remember(now)
        return now

    def fail(self, said: object) -> None:
        """Add failures to show, as plain data in the words of a script.

        Raises:
            BadArgument: something in them makes no sense.

        """
        failures = read_failures(said, "failures")
        for failure in failures:
            self._check(failure)
        with self._store.transaction():
            for failure in failures:
                self._store.add_failure(failure.model_dump_json(exclude_defaults=True), failure.times)

    def forget_failures(self) -> None:
        """Show no failures any more."""
        self._store.clear("failure")

    def reset(self) -> None:
        """Forget all imports, and begin the script anew."""
        with self._store.transaction():
            self._store.clear("import")
            self._begin_script()

    def state(self) -> dict[str, Any]:
        """Tell the time, all imports as status tells them, and the failures still to come."""
        with self._store.transaction():
            now, imports, failures = self._clock.now(), self._store.imports(), self._store.failures()
        told = [
            {"import_supplier": each.key.supplier, "external_account_number": each.key.number}
            | self.validator.import_status(status_at(each, now, self.validator.answers)).body
            for each in imports
        ]
        left = [{**json.loads(kept.said), "remaining": kept.remaining} for kept in failures]
        return {"now": now.isoformat(), "imports": told, "failures": left}

    def _schedule(self, key: ImportKey, failure: "_Met", *, is_valid: bool, dry_run: bool) -> Response:
        now, answers = self._clock.now(), self.validator.answers
        before = self._store.find(key)
        found = status_at(before, now, answers) if before else None
        if found and not answers.statuses[found.status].again:
            return self._answer("imported_already", key, account_id=found.kraken_identifier)
        if not is_valid:
            return self._answer("not_valid", key)
        if not all(key):  # no rule asks for a number; without one nothing can be asked of the import
            return self._answer("scheduled", key)
        said = failure.said.course if failure.said else None
        course = said or "imported"
        course = _DRY_COURSES.get(course, course) if dry_run else course
        error = failure.said.error if failure.said and said else None
        if failure.kept and said:
            self._store.use_failure(failure.kept)
        self._store.put(Scheduled(key, before.created_at if before else now, now, answers.courses[course], error))
        self._remember(now)
        return self._answer("scheduled", key)

    def _meet(self, endpoint: str, key: ImportKey) -> "_Met":
        """Find the first failure that this request meets; one that gives an import its course is counted with that."""
        for kept in self._store.failures():
            failure = Failure.model_validate_json(kept.said)
            if failure.meets(endpoint, key):
                if not failure.course:
                    self._store.use_failure(kept)
                return _Met(failure, kept, failure.wait)
        return _Met()

    def _after(self, met: "_Met", key: ImportKey) -> Told | None:
        """Answer at once, if a failure says so."""
        if not met.said or not met.said.answer:
            return None
        seconds = met.said.retry_after
        response = self._answer(met.said.answer, key, account_id=account_number_of(key), seconds=seconds)
        return Told(response, met.wait, seconds if response.status == 429 else None)

    def _answer(self, name: str, key: ImportKey, *, account_id: str | None = None, seconds: int = 0) -> Response:
        """Write an answer about an import."""
        wait = f"{seconds} second" if seconds == 1 else f"{seconds} seconds"
        told = {"account_number": key.number, "account_id": account_id, "wait": wait}
        return self.validator.answer(name, **told, why="JSON parse error - scripted", value="scripted", max_length=0)

    def _check(self, failure: Failure) -> None:
        answers = self.validator.answers
        names = sorted(name for name, answer in answers.by_name.items() if answer.status >= 400)
        if failure.answer and failure.answer not in names:
            raise BadArgument(f"a failure asks for the answer {failure.answer!r}; those there are: {', '.join(names)}")
        if failure.course and failure.course not in answers.courses:
            raise BadArgument(
                f"a failure asks for the course {failure.course!r}; those there are: {', '.join(answers.courses)}"
            )

    def _begin_script(self) -> None:
        self._store.clear("failure")
        for failure in self._script:
            self._store.add_failure(failure.model_dump_json(exclude_defaults=True), failure.times)
        self._store.put_fact(_SCRIPT, self._said())

    def _said(self) -> str:
        return json.dumps([failure.model_dump(mode="json") for failure in self._script])

    def _remember(self, now: datetime) -> None:
        self._store.put_fact(_CLOCK, now.isoformat())


class _Met(NamedTuple):
    """The failure that a request meets, if any."""

    said: Failure | None = None
    kept: KeptFailure | None = None
    wait: float = 0.0


def _asks_for_dry_run(payload: object) -> bool | None:
    """Whether a request asks for a dry run; None if what it says there is neither yes nor no."""
    parameters = payload.get(_PARAMETERS) if isinstance(payload, dict) else None
    if parameters is None:
        return False
    said = _read_boolean(parameters.get(_DRY_RUN, False)) if isinstance(parameters, dict) else None
    return said if isinstance(said, bool) else None
