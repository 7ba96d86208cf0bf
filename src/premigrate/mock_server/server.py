"""The mock server without HTTP: the responses of the three endpoints, and the state of imports."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from premigrate.accounts.identity import unwrap_account
from premigrate.api import Validator
from premigrate.api_models import Endpoint
from premigrate.engine.engine import Engine
from premigrate.engine.import_key import ImportKey, import_key_of
from premigrate.exceptions import BadArgument
from premigrate.formats.numbers import boolean_parser
from premigrate.mock_server.clock import Clock, utc_now
from premigrate.mock_server.existing_imports import ExistingImport, parse_imports
from premigrate.mock_server.failures import Failures, MatchedFailure
from premigrate.mock_server.import_progress import kraken_number_of
from premigrate.mock_server.imports import CLOCK, Imports
from premigrate.mock_server.journal import Journal, RequestRecord
from premigrate.mock_server.scenario import ScriptedFailure
from premigrate.mock_server.store import Store
from premigrate.mock_server.tenants import Tenant, find_tenant
from premigrate.results import Response

_FIRST_DAY = "first_day"
_IMPORTED_ALREADY = "imported_already"
_NOON = time(12)
_PARAMETERS, _DRY_RUN = "task_params", "is_dry_run"
"""The keys that request a dry run, from the OpenAPI document of another tenant (GB ScheduleAccountCreation)."""
_DRY_RUN_LIFECYCLES = {"imported": "dry_run_succeeded", "errored": "dry_run_errored"}
_NO_RESPONSE = Response(500, {})
"""Stands for the response of a request that is not handled because its connection is dropped."""
_read_boolean = boolean_parser(nullable=False)


class Reply(NamedTuple):
    """The reply to a request.

    Attributes:
        response: the response.
        key: the supplier and number of the account that the request names; empty if it names none.
        failure: the scripted failure that matched it.
        retry_after: the value of the Retry-After header in seconds.
        as_of: the day that counted as today, if the response is the prediction for a payload, and nothing else.

    """

    response: Response
    key: ImportKey = ImportKey("", "")
    failure: ScriptedFailure | None = None
    retry_after: int | None = None
    as_of: date | None = None


class MockServer:
    """A mock of the account-import API of one or more tenants. Thread-safe.

    Args:
        tenants: the tenants. The import supplier of a request decides which one answers; if none has it, the first.
        store: holds the state, and continues from what it already contains.
        failures: the scripted failures. If the store has the same script, its remaining failures continue; otherwise
            they are replaced.
        as_of: the day on which the clock starts, at noon in the zone of the first tenant; by default the real time.
            The clock of a store that was started with the same day continues.
        speed: seconds that the clock advances per real second; with 0 it advances only by ``step``.
        journal: remembers the requests.
        imports: imports that exist at the start, and again after a reset. Those that the store has already are kept.

    Raises:
        BadArgument: the script names an unknown answer or lifecycle, an import has an unknown status, ``speed`` is
            negative, or the clock of the store is already after ``as_of``.

    """

    def __init__(  # noqa: PLR0913 - one argument per option
        self,
        tenants: Sequence[Tenant],
        store: Store,
        failures: Sequence[ScriptedFailure] = (),
        *,
        as_of: date | None = None,
        speed: float = 1.0,
        journal: Journal | None = None,
        imports: Sequence[ExistingImport] = (),
    ) -> None:
        self._tenants, self._store, self.journal = tuple(tenants), store, journal or Journal()
        self.failures = Failures(store, failures, [each.engine.program.responses for each in tenants])
        self._clock = Clock(self._start(as_of, speed), speed)
        self._imports, self._first_imports = Imports(store, self._tenants, self._clock), tuple(imports)
        with store.transaction():
            self._imports.add(self._first_imports, replace=False)

    @property
    def engine(self) -> Engine:
        """The engine of the first tenant, which renders the responses to requests that name no supplier."""
        return self._tenants[0].engine

    def tenant_of(self, supplier: str) -> Tenant:
        """Return the tenant of an import supplier."""
        return find_tenant(self._tenants, supplier)

    def validate(self, payload: object) -> Reply:
        """Return the reply of the validate endpoint."""
        tenant, key = self._account_of(payload)
        with self._store.transaction():
            match = self.failures.take("validate", key)
        if match and not match.failure.lets_through:
            return _scripted_reply(tenant, key, match)
        validator = tenant.validator_at(self._clock.now())
        return _predicted(_scripted_reply(tenant, key, match, validator.validate(payload).response), validator)

    def process(self, payload: object) -> Reply:
        """Return the reply of the process endpoint. Concurrent requests schedule an account once."""
        (tenant, key), dry_run = self._account_of(payload), _requests_dry_run(payload)
        validator = tenant.validator_at(self._clock.now())
        is_valid = dry_run is not None and validator.validate(payload).response.status == 200
        with self._store.transaction():
            match = self.failures.take("process", key)
            if match and match.failure.answer == _IMPORTED_ALREADY:
                self._make_imported(key)
                return Reply(self._imported_already(tenant, key), key, match.failure)
            if match and not match.failure.lets_through:
                return _scripted_reply(tenant, key, match)
            response = self._schedule(tenant, key, match, is_valid=is_valid, dry_run=bool(dry_run))
        reply = _scripted_reply(tenant, key, match, response)
        return reply if dry_run is None else _predicted(reply, validator)

    def status(self, supplier: str, number: str) -> Reply:
        """Return the reply of the status endpoint."""
        tenant, key = self.tenant_of(supplier), ImportKey(supplier, number)
        with self._store.transaction():
            match = self.failures.take("status", key)
            if match and not match.failure.lets_through:
                return _scripted_reply(tenant, key, match)
            found = self._imports.find(key)
        return _scripted_reply(tenant, key, match, tenant.validator.import_status(found))

    def step(self, seconds: float | None = None) -> datetime:
        """Advance the clock by some seconds, or until the next import changes its status; return the new time.

        Raises:
            BadArgument: ``seconds`` is negative, or not a number.

        """
        if seconds is not None and not seconds >= 0:
            raise BadArgument(f"seconds must be a number of at least 0; it is {seconds}")
        with self._store.transaction():
            if seconds is None:
                now = self._clock.now()
                seconds = (self._imports.next_change(now) - now).total_seconds()
            now = self._clock.step(seconds)
            self._imports.save_time(now)
        return self._local(now)

    def check(self) -> datetime:
        """Check that the state can be read, and return the time."""
        self._store.get_setting(CLOCK)
        return self._local(self._clock.now())

    def add_request(self, endpoint: Endpoint, method: str, key: ImportKey, status: int, payload: object) -> None:
        """Add a request to the journal; ``status`` is 0 if it got no response."""
        self.journal.add(RequestRecord(0, self._local(self._clock.now()), endpoint, method, *key, status, payload))

    def add_imports(self, data: object) -> None:
        """Add imports that exist; they replace those with the same supplier and number.

        Args:
            data: an import as `state` describes it, a list of them, or a state.

        Raises:
            BadArgument: a key or value is not valid.

        """
        imports = parse_imports(data, "imports")
        with self._store.transaction():
            self._imports.add(imports, replace=True)

    def reset(self) -> None:
        """Forget all requests, and restore the imports and the script of the start."""
        self.journal.clear()
        with self._store.transaction():
            self._store.clear("import")
            self._imports.add(self._first_imports, replace=False)
            self.failures.restore()

    def state(self) -> dict[str, Any]:
        """Return the time, all imports as the status endpoint returns them, and the remaining failures."""
        with self._store.transaction():
            now, imports, failures = self._clock.now(), list(self._imports.describe()), self.failures.remaining()
        return {"now": self._local(now).isoformat(), "imports": imports, "failures": failures}

    def _account_of(self, payload: object) -> tuple[Tenant, ImportKey]:
        """Return the tenant of a payload, and the key of its import."""
        tenant = self.tenant_of(import_key_of(unwrap_account(payload)).supplier)
        return tenant, import_key_of(tenant.engine.account_of(payload)[1])

    def _make_imported(self, key: ImportKey) -> None:
        """Make sure that an account is imported, so that the status endpoint and later posts agree with that."""
        if all(key) and not self._imports.blocking(key):
            existing = ExistingImport.model_construct(import_supplier=key.supplier, external_account_number=key.number)
            self._imports.add([existing], replace=True)
            self._imports.save_time(self._clock.now())

    def _imported_already(self, tenant: Tenant, key: ImportKey) -> Response:
        found = self._imports.blocking(key)
        account_id = found.kraken_identifier if found else kraken_number_of(key)
        return _render(tenant, _IMPORTED_ALREADY, key, account_id=account_id)

    def _schedule(
        self, tenant: Tenant, key: ImportKey, match: MatchedFailure | None, *, is_valid: bool, dry_run: bool
    ) -> Response:
        if self._imports.blocking(key):
            return self._imported_already(tenant, key)
        if not is_valid:
            return _render(tenant, "not_valid", key)
        if not all(key):  # an import without a number cannot be looked up, so it is not stored
            return _render(tenant, "scheduled", key)
        lifecycle, error = "imported", None
        if match and match.failure.lifecycle:
            lifecycle, error = match.failure.lifecycle, match.failure.error
            self.failures.count(match.stored)
        self._imports.schedule(key, _DRY_RUN_LIFECYCLES.get(lifecycle, lifecycle) if dry_run else lifecycle, error)
        return _render(tenant, "scheduled", key)

    def _start(self, as_of: date | None, speed: float) -> datetime:
        """Return the time at which the clock starts: never before that of the store."""
        kept, first_day = self._store.get_setting(CLOCK), as_of.isoformat() if as_of else ""
        last = datetime.fromisoformat(kept) if kept else None
        start = datetime.combine(as_of, _NOON, self._tenants[0].zone).astimezone(UTC) if as_of else utc_now()
        if last and as_of and start < last and self._store.get_setting(_FIRST_DAY) != first_day:
            day = self._local(last).date()
            raise BadArgument(
                f"the clock of the database is at {day}, after {as_of}; use --as-of {day}, or another database"
            )
        self._store.set_setting(_FIRST_DAY, first_day)
        return start if last is None else last if speed == 0 and not as_of else max(last, start)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._tenants[0].zone)


def _scripted_reply(
    tenant: Tenant, key: ImportKey, match: MatchedFailure | None, response: Response | None = None
) -> Reply:
    """Return the reply that a failure scripts. ``response`` is that of the request, if it was handled."""
    if not match:
        return Reply(response or _NO_RESPONSE, key)
    name = match.failure.response_name
    if name is None:
        return Reply(response or _NO_RESPONSE, key, match.failure)
    account_id = kraken_number_of(key)
    scripted = _render(tenant, name, key, account_id=account_id, seconds=match.retry_after)
    return Reply(scripted, key, match.failure, match.retry_after if scripted.status == 429 else None)


def _predicted(reply: Reply, validator: Validator) -> Reply:
    """Mark the reply to a payload as predicted, unless a failure changes it."""
    failure = reply.failure
    is_changed = failure is not None and (failure.response_name or failure.connection)
    return reply if is_changed else reply._replace(as_of=validator.as_of)


def _render(tenant: Tenant, name: str, key: ImportKey, *, account_id: str | None = None, seconds: int = 0) -> Response:
    """Return an answer of the rules, filled with the data of an import."""
    wait = f"{seconds} second" if seconds == 1 else f"{seconds} seconds"
    values = {"account_number": key.number, "account_id": account_id, "wait": wait}
    return tenant.engine.render_response(
        name, **values, why="JSON parse error - scripted", value="scripted", max_length=0
    )


def _requests_dry_run(payload: object) -> bool | None:
    """Return whether a request asks for a dry run; None if the value is not a boolean."""
    parameters = payload.get(_PARAMETERS) if isinstance(payload, dict) else None
    if parameters is None:
        return False
    value = _read_boolean(parameters.get(_DRY_RUN, False)) if isinstance(parameters, dict) else None
    return value if isinstance(value, bool) else None
