"""Finds time zones in the database of this machine, or in the package tzdata."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

from premigrate.ruleset.mistakes import Report


def find_timezones(names: Iterable[str]) -> tuple[ZoneInfo, ...]:
    """Find the time zones of these names; none, unless all of them are there."""
    found = [_find(name) for name in names]
    return tuple(zone for zone in found if zone) if all(found) else ()


def check_timezones(file: str, names: Iterable[str], report: Report) -> None:
    """Note the names that nobody knows; any name may be right on a machine without a database of time zones."""
    for name in names:
        if not _find(name) and (known := available_timezones()):
            report.unknown(file, "[market] timezone", "time zone", name, sorted(known))


def _find(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
