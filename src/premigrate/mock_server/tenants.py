"""The tenants of a mock server: the rules, the import suppliers and the time zone of each."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from fnmatch import fnmatchcase
from functools import partial
from typing import NamedTuple

from premigrate.api import Validator, engine_of, market_of_overlay
from premigrate.describe.market import payload_components
from premigrate.describe.openapi_components import PayloadComponents
from premigrate.engine.engine import Engine
from premigrate.exceptions import BadArgument
from premigrate.ruleset.load import suppliers_of, timezones_of
from premigrate.ruleset.overlays import Overlay
from premigrate.ruleset.references import References
from premigrate.ruleset.timezones import find_timezones

ANY_DAY = date(2000, 1, 1)
"""The day of a validator that is only used through `Tenant.validator_at`."""


class Tenant(NamedTuple):
    """A tenant: its rules, patterns of its import suppliers, and its time zone.

    ``payload_components`` makes the schemas of its payload. The zone decides which day is today, and times in responses
    are written in it.
    """

    validator: Validator
    payload_components: Callable[[], PayloadComponents]
    suppliers: tuple[str, ...] = ("*",)
    zone: tzinfo = UTC

    @property
    def engine(self) -> Engine:
        """The engine of its rules."""
        return engine_of(self.validator)

    def validator_at(self, now: datetime) -> Validator:
        """Return the validator for which the day of a time, in the zone of the tenant, is today."""
        return self.validator.on_day(now.astimezone(self.zone).date())


def find_tenant(tenants: Sequence[Tenant], supplier: str) -> Tenant:
    """Return the first tenant with an import supplier; where none has it, the first tenant."""
    if len(tenants) == 1:
        return tenants[0]
    found = (each for each in tenants if any(fnmatchcase(supplier, pattern) for pattern in each.suppliers))
    return next(found, tenants[0])


def load_tenants(
    markets: Sequence[str],
    overlays: Sequence[Overlay] = (),
    references: References | None = None,
    timezone: str | None = None,
) -> list[Tenant]:
    """Load a tenant for each overlay, and for each market that no overlay extends.

    Args:
        markets: the names of markets.
        overlays: the overlays of tenants; one that does not state the market it extends applies to the only market.
        references: the reference lists of all tenants.
        timezone: the IANA name of the time zone of all tenants; by default, that of the market of each.

    Raises:
        BadArgument: there is no tenant, no such time zone, or two tenants have the same import suppliers.
        UnknownMarket, BadRules: as for `premigrate.Validator`.

    """
    zone = _find_zone(timezone) if timezone else None
    changed = [(_extended_market(overlay, markets), overlay) for overlay in overlays]
    plain = [(market, None) for market in dict.fromkeys(markets) if market not in {extended for extended, _ in changed}]
    tenants = [_load_tenant(market, overlay, references, zone) for market, overlay in (*plain, *changed)]
    if not tenants:
        raise BadArgument("name a market, or an overlay that states the market it extends")
    _check_suppliers(tenants)
    return tenants


def _load_tenant(market: str, overlay: Overlay | None, references: References | None, zone: tzinfo | None) -> Tenant:
    validator = Validator(market=market, as_of=ANY_DAY, overlay=overlay, references=references)
    zones = find_timezones(timezones_of(market, overlay))
    return Tenant(
        validator,
        partial(payload_components, market, overlay, references),
        suppliers_of(market, overlay) or ("*",),
        zone or (zones[0] if zones else UTC),
    )


def _extended_market(overlay: Overlay, markets: Sequence[str]) -> str:
    extended = market_of_overlay(overlay) or (markets[0] if len(set(markets)) == 1 else None)
    if extended is None:
        shown = f"the overlay {overlay}" if isinstance(overlay, str) else "an overlay"
        raise BadArgument(f"{shown} does not state the market that it extends; add extends to its [market]")
    return extended


def _find_zone(name: str) -> tzinfo:
    zones = find_timezones([name])
    if not zones:
        raise BadArgument(f"there is no time zone {name!r}; use an IANA name, such as Europe/Lisbon")
    return zones[0]


def _check_suppliers(tenants: Sequence[Tenant]) -> None:
    patterns = [pattern for tenant in tenants for pattern in dict.fromkeys(tenant.suppliers)]
    twice = sorted({pattern for pattern in patterns if patterns.count(pattern) > 1})
    if twice:
        raise BadArgument(
            f"two tenants have the import supplier {twice[0]}; write the suppliers of each in [market] of its overlay"
        )
