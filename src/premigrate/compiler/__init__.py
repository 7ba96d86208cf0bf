"""Compiles the ruleset of a market into a program, which is plain data."""
