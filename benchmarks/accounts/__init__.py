"""Generates varied good and bad accounts; the same seed gives the same bytes."""

from benchmarks.accounts.making import Maker, examples, texts, write

__all__ = ["Maker", "examples", "texts", "write"]
