"""Tells whether premigrate gives the same bytes wherever it runs; ``python -m tests.same`` asks other Pythons."""
