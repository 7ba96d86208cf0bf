"""The closed vocabulary of the rule language: one function an operator, from its arguments to a search for blame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.compiling.operators import dates, listings, lists, presence, sums, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from premigrate.compiling.context import Context, Search

COMPILERS: Mapping[str, Callable[[Any, Context], Search]] = {
    "absent": presence.compile_absent,
    "all_or_none": presence.compile_all_or_none,
    "at_least_one": presence.compile_at_least_one,
    "at_most_one": presence.compile_at_most_one,
    "between": sums.compile_between,
    "compare": dates.compile_compare,
    "count": lists.compile_count,
    "covers": dates.compile_covers,
    "days": sums.compile_days,
    "format": values.compile_format,
    "holds": values.compile_holds,
    "includes": listings.compile_includes,
    "listed": listings.compile_listed,
    "matches": values.compile_matches,
    "not_listed": listings.compile_not_listed,
    "not_matching": values.compile_not_matching,
    "periods": dates.compile_periods,
    "present": presence.compile_present,
    "product": sums.compile_product,
    "refers": listings.compile_refers,
    "same": lists.compile_same,
    "total": sums.compile_total,
    "typed": listings.compile_typed,
    "unique": lists.compile_unique,
}

__all__ = ["COMPILERS"]
