"""Rule files to a rulebook: find, parse, add up, check; every mistake is collected and told at once."""

from premigrate.loading.files import market_names
from premigrate.loading.market import Overlay, load_rulebook, load_suppliers

__all__ = ["Overlay", "load_rulebook", "load_suppliers", "market_names"]
