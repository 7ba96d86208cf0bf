"""What the findings of a table come from: the day, and the versions of premigrate, its rules and the overlay."""

import json
from datetime import date
from typing import NamedTuple

from premigrate import __version__
from premigrate.ruleset.fingerprint import blake2b, rules_version
from premigrate.ruleset.overlays import Overlay, read_overlay

_DIGEST_SIZE = 4  # bytes, as of `rules_version`


class Lineage(NamedTuple):
    """The origin of findings; the names are those of columns.

    ``rules_digest`` and ``overlay_digest`` have eight hexadecimal digits, which change with the rule files and the
    overlay; ``overlay_digest`` is None without an overlay.
    """

    as_of: date
    premigrate_version: str
    rules_digest: str
    overlay_digest: str | None


def lineage_of(as_of: date, overlay: Overlay | None) -> Lineage:
    """Return the lineage of a run with the installed rules.

    Raises:
        BadRules, BadArgument: the overlay cannot be read, as for `read_overlay`.

    """
    return Lineage(as_of, __version__, rules_version(), None if overlay is None else _digest(overlay))


def _digest(overlay: Overlay) -> str:
    """Digest the tables of an overlay, so that comments and spaces do not count; days and times are written as text."""
    tables = json.dumps(dict(read_overlay(overlay)), default=str)
    return blake2b(tables.encode(), digest_size=_DIGEST_SIZE).hexdigest()
