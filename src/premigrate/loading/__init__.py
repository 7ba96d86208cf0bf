"""Rule files to a rulebook: find, parse, add up, check; every mistake is collected and told at once."""

from premigrate.loading.files import market_names
from premigrate.loading.market import Overlay, load_rulebook, load_suppliers
from premigrate.loading.references import References

__all__ = ["Overlay", "References", "load_rulebook", "load_suppliers", "market_names"]
