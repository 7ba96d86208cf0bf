"""The closed vocabulary of the rule language: one function an operator, from its arguments to a search for blame."""

from collections.abc import Callable, Mapping
from typing import Any

from premigrate.compiling.operators import dates, lists, presence, sums, values
from premigrate.compiling.operators.context import Context, Search

COMPILERS: Mapping[str, Callable[[Any, Context], Search]] = {
    "absent": presence.compile_absent,
    "at_least_one": presence.compile_at_least_one,
    "at_most_one": presence.compile_at_most_one,
    "compare": dates.compile_compare,
    "count": lists.compile_count,
    "covers": dates.compile_covers,
    "format": values.compile_format,
    "listed": values.compile_listed,
    "matches": values.compile_matches,
    "not_matching": values.compile_not_matching,
    "periods": dates.compile_periods,
    "present": presence.compile_present,
    "total": sums.compile_total,
    "unique": lists.compile_unique,
}

__all__ = ["COMPILERS", "Context", "Search"]
