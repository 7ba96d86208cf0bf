"""Proposes changes of payloads that resolve findings."""
