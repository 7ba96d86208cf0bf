"""Generates varied good and bad accounts; the same seed gives the same bytes."""

from benchmarks.accounts.generator import AccountGenerator, account_texts, example_texts, write_lines

__all__ = ["AccountGenerator", "account_texts", "example_texts", "write_lines"]
