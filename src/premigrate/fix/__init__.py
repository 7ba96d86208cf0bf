"""Applies fixes of findings to payloads: to texts, and to files for ``premigrate check --fix``."""
