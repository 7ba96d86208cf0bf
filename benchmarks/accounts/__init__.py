"""Makes varied accounts, good and bad, as many as asked for; the same seed gives the same bytes."""

from benchmarks.accounts.making import Maker, examples, texts, write

__all__ = ["Maker", "examples", "texts", "write"]
