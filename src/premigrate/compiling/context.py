"""What every operator is compiled with, and what it becomes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from premigrate.compiling.lists import Table
from premigrate.formats import Judge
from premigrate.plan import Blame, Scope

Search: TypeAlias = Callable[[Scope], Iterable[Blame]]
"""Looks at a scope and yields what is wrong, in payload order; nothing if inputs are missing or wrong themselves."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a market brings to its operators.

    ``judges`` holds each scheme by name and territory; the market's own territory stands under ``None``. ``tables``
    holds the reference lists there are.
    """

    root: str
    judges: Mapping[tuple[str, str | None], Judge]
    tables: Mapping[str, Table]
