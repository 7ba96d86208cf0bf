"""Outputs of a run: text, JSON, CSV, SARIF, JUnit, HTML and GitHub annotations."""
