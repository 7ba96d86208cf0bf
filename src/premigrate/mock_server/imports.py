"""The imports of a mock server: those in its store, as they are at the time of its clock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from premigrate.engine.import_key import ImportKey
from premigrate.mock_server.clock import Clock
from premigrate.mock_server.existing_imports import ExistingImport
from premigrate.mock_server.import_progress import ScheduledImport, in_zone, status_at, status_starts
from premigrate.mock_server.store import Store
from premigrate.mock_server.tenants import Tenant, find_tenant
from premigrate.results import ImportStatus, LatestError

CLOCK = "clock"
"""The setting of a store with the earliest time at which its clock may start."""


class Imports:
    """The imports in a store. All methods run within a transaction of the store."""

    def __init__(self, store: Store, tenants: Sequence[Tenant], clock: Clock) -> None:
        self._store, self._tenants, self._clock = store, tenants, clock

    def find(self, key: ImportKey) -> ImportStatus | None:
        """Return the status of an import, with times in the zone of its tenant; None if there is no such import."""
        scheduled = self._store.find_import(key)
        if not scheduled:
            return None
        now = self._clock.now()
        status = self._status_of(scheduled, now)
        if status.modified_at.astimezone(UTC).isoformat() > (self._store.get_setting(CLOCK) or ""):
            self.save_time(now)  # after a restart, the clock must not be before a returned status
        return status

    def describe(self) -> Iterator[dict[str, Any]]:
        """Yield all imports as the status endpoint returns them, with supplier and number."""
        now = self._clock.now()
        for each in self._store.imports():
            body = self._tenant_of(each.key).validator.import_status(self._status_of(each, now)).body
            yield {"import_supplier": each.key.supplier, "external_account_number": each.key.number, **body}

    def schedule(self, key: ImportKey, lifecycle: str, error: LatestError | None) -> None:
        """Schedule an import; it replaces one with the same key, whose time of creation stays."""
        now, before = self._clock.now(), self._store.find_import(key)
        statuses = self._tenant_of(key).engine.program.responses.lifecycles[lifecycle]
        self._store.save_import(ScheduledImport(key, before.created_at if before else now, now, statuses, error))
        self.save_time(now)

    def blocking(self, key: ImportKey) -> ImportStatus | None:
        """Return the status of an import that cannot be sent again, or None."""
        found = self.find(key)
        statuses = self._tenant_of(key).engine.program.responses.statuses
        return found if found and not statuses[found.status].can_resend else None

    def add(self, imports: Iterable[ExistingImport], *, replace: bool) -> None:
        """Add imports that exist; where there is one with the same key, replace or keep it."""
        now = self._clock.now()
        for each in imports:
            answers = self._tenant_of(each.key).engine.program.responses
            self._store.save_import(each.scheduled(now, answers), replace=replace)

    def next_change(self, now: datetime) -> datetime:
        """Return the time of the next change of a status; ``now`` if there is none."""
        changes = (change for each in self._store.imports() for change in status_starts(each) if change > now)
        return min(changes, default=now)

    def save_time(self, now: datetime) -> None:
        """Store the time of the clock."""
        self._store.set_setting(CLOCK, now.isoformat())

    def _status_of(self, scheduled: ScheduledImport, now: datetime) -> ImportStatus:
        tenant = self._tenant_of(scheduled.key)
        return in_zone(status_at(scheduled, now, tenant.engine.program.responses), tenant.zone)

    def _tenant_of(self, key: ImportKey) -> Tenant:
        return find_tenant(self._tenants, key.supplier)
