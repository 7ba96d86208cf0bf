"""Rule files to a rulebook: find, parse, add up, check; every mistake is collected and told at once.

What was once made of them is kept on disk (``cache``), so that the command need not do it at each start.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from premigrate.loading.files import market_names, topic_names
    from premigrate.loading.market import (
        Overlay,
        load_rulebook,
        load_suppliers,
        market_of_overlay,
        read_overlay,
        survey,
        timezones_of,
    )
    from premigrate.loading.references import References, read_references

__all__ = [
    "Overlay",
    "References",
    "load_rulebook",
    "load_suppliers",
    "market_names",
    "market_of_overlay",
    "read_overlay",
    "read_references",
    "survey",
    "timezones_of",
    "topic_names",
]

_HOMES = {"References": "references", "market_names": "files", "topic_names": "files", "read_references": "references"}


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for: whoever finds a plan in the cache does not pay for the grammar."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"premigrate.loading.{_HOMES.get(name, 'market')}"), name)
