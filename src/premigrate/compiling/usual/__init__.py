"""Writes Python functions that read usual payloads fast: a shortcut, never a second opinion.

The written code may only say "this value is as usual, and is read as that" or "this rule has surely nothing to say".
About all else it asks: the reader and the operators are the only ones who know what an error is.
"""

from premigrate.compiling.usual.objects import Writer

__all__ = ["Writer"]
