"""Rulebook to program: everything that can be decided before a payload is seen is decided here."""

from premigrate.compiler.market import compile_program

__all__ = ["compile_program"]
