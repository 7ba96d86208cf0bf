"""Operators about what is filled in: present, absent, at_least_one, at_most_one, all_or_none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from premigrate.compiling.paths import compile_path
from premigrate.plan import WRONG, Blame, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.compiling.context import Context, Search
    from premigrate.compiling.paths import Finder, Found
    from premigrate.plan import Scope


def compile_present(paths: tuple[str, ...], context: Context) -> Search:
    """Demand that all of ``paths`` are filled; each that is not is blamed."""
    return partial(_search_each, _finders(paths, context), _is_empty)


def compile_absent(paths: tuple[str, ...], context: Context) -> Search:
    """Demand that none of ``paths`` is filled; each that is gets blamed."""
    return partial(_search_each, _finders(paths, context), _is_given)


def _is_empty(value: object) -> bool:
    return not filled(value)


def _is_given(value: object) -> bool:
    return filled(value) and value is not WRONG


def _search_each(finders: list[Finder], is_wrong: Callable[[object], bool], scope: Scope) -> Iterator[Blame]:
    for find in finders:
        yield from (Blame(place, value) for place, value in find(scope) if is_wrong(value))


def compile_at_least_one(paths: tuple[str, ...], context: Context) -> Search:
    """Demand that something is filled at one of ``paths``; the object is blamed."""
    return partial(_search_none, _finders(paths, context))


def _search_none(finders: list[Finder], scope: Scope) -> Iterator[Blame]:
    if not any(filled(value) for find in finders for _, value in find(scope)):
        yield Blame(())


def compile_at_most_one(paths: tuple[str, ...], context: Context) -> Search:
    """Demand that no two of ``paths`` are filled; the second filled one is blamed."""
    return partial(_search_second, _finders(paths, context))


def _search_second(finders: list[Finder], scope: Scope) -> Iterator[Blame]:
    given = [found for find in finders if (found := _first_filled(find, scope))]
    if len(given) > 1 and not any(value is WRONG for _, value in given):
        yield Blame(*given[1])


def compile_all_or_none(paths: tuple[str, ...], context: Context) -> Search:
    """Demand that all of ``paths`` are filled if one is; the first that is not is blamed."""
    return partial(_search_gap, _finders(paths, context))


def _search_gap(finders: list[Finder], scope: Scope) -> Iterator[Blame]:
    found = [found for find in finders for found in find(scope)]
    if any(_is_given(value) for _, value in found):
        yield from [Blame(place, value) for place, value in found if not filled(value)][:1]


def _first_filled(find: Finder, scope: Scope) -> Found | None:
    return next((found for found in find(scope) if filled(found[1])), None)


def _finders(paths: tuple[str, ...], context: Context) -> list[Finder]:
    return [compile_path(path, context.root) for path in paths]
