"""Rulebook to plan: everything that can be decided before a payload is seen is decided here."""

from premigrate.compiling.market import compile_plan

__all__ = ["compile_plan"]
