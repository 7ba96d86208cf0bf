"""Findings to text: one module an output."""
