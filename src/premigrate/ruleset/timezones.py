"""Finds time zones in the system's time zone database or in the tzdata package."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

from premigrate.ruleset.problems import ProblemReport


def find_timezones(names: Iterable[str]) -> tuple[ZoneInfo, ...]:
    """Return the time zones with these names; empty unless all of them are found."""
    found = [_find(name) for name in names]
    return tuple(zone for zone in found if zone) if all(found) else ()


def check_timezones(file: str, names: Iterable[str], report: ProblemReport) -> None:
    """Report unknown names; on a machine without a time zone database, every name is accepted."""
    for name in names:
        if not _find(name) and (known := available_timezones()):
            report.add_unknown(file, "[market] timezone", "time zone", name, sorted(known))


def _find(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
