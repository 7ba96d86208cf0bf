"""Checks rules against their own examples."""
