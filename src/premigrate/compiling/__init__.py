"""Rulebook to plan: everything that can be decided before a payload is seen is decided here.

A plan is made of plain data, of partial calls of functions of this room, and of judges and readers of ``formats``, so
that it can be pickled and read again without the grammar of rule files.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from premigrate.compiling.market import compile_plan

__all__ = ["compile_plan"]


def __getattr__(name: str) -> object:
    """Import the compiler when it is first asked for: a plan that was pickled needs the parts it is made of only."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("premigrate.compiling.market"), name)
