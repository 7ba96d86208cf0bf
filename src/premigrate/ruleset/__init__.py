"""Loads rule files, checks them and merges them into the ruleset of a market."""
