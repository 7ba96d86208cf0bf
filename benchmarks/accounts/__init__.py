"""Makes accounts like those of a real import, good and bad, as many as asked for: the same seed gives the same bytes."""

from benchmarks.accounts.making import Maker, texts, write

__all__ = ["Maker", "texts", "write"]
