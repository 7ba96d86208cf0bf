"""Writes the tests of the operators about dates: compare, periods, covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiling.usual.kinds import says_something
from premigrate.compiling.usual.operands import write_operand
from premigrate.rulebook.operands import Earliest, First, Latest, paths_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.compiling.usual.paths import View
    from premigrate.rulebook.operands import Operand
    from premigrate.rulebook.operators import Covers, Periods

_LIMITS = {"<=": "none_after", "<": "all_before", ">=": "none_before", ">": "all_after"}


def write_compare(argument: tuple[Operand, str, Operand], view: View) -> str:
    """Write whether values are in order."""
    left, word, right = argument
    if _is_one(right, view) and not _is_one(left, view) and word in _LIMITS:
        limit = "today" if right == "<today>" else view.one(str(right))
        return _unless_empty((left,), f"{_LIMITS[word]}({write_operand(left, view)}, {limit})", view)
    if not (_is_one(left, view) and _is_one(right, view)):
        test = f"in_order({write_operand(left, view)}, {word!r}, {write_operand(right, view)})"
        return _unless_empty((left, right), test, view)
    sides, silent = [], []
    for operand in (left, right):
        if operand == "<today>":
            sides.append("today")
            continue
        first, again = view.tested(str(operand))
        wrong = "" if view.manner.is_sure else f" or {again} is WRONG"
        silent.append(f"not {says_something(first, again, view.kinds(str(operand)))}{wrong}")
        sides.append(again)
    return f"({' or '.join(silent)} or {sides[0]} {word} {sides[1]})"


def _is_one(operand: Operand, view: View) -> bool:
    return operand == "<today>" or (isinstance(operand, str) and view.is_one(operand))


def _unless_empty(operands: Iterable[Operand], test: str, view: View) -> str:
    """Write before a test that it need not be asked where the items are not there from which values would come."""
    paths = [list(paths_in(operand)) for operand in operands if not isinstance(operand, First)]
    holders = [view.holders(only) for only, *more in filter(None, paths) if not more]
    return f"({' or '.join([*(f'not {each}' for each in holders if each), test])})"


def write_periods(spec: Periods, view: View) -> str:
    """Write whether periods follow on."""
    items = view.items(spec.of if spec.of.endswith("[]") else _each(spec.of))
    if spec.by or spec.where or not view.is_one(spec.of.removesuffix("[]")):
        return f"len({items}) < 2"
    return f"follow_on({items}, {spec.start!r}, {spec.end!r}, end_included={spec.end_included})"


def write_covers(spec: Covers, view: View) -> str:
    """Write whether there are no dates, or a period contains them."""
    items = view.items(spec.of if spec.of.endswith("[]") else _each(spec.of))
    silent = [f"not {_has_value(operand, view)}" for operand in spec.date]
    if len(spec.date) == 1 and not spec.match and view.is_one(spec.of.removesuffix("[]")):
        silent.append(f"covered({items}, {spec.start!r}, {spec.end!r}, {write_operand(spec.date[0], view)})")
    return f"({' or '.join(silent)})"


def _has_value(operand: Operand, view: View) -> str:
    """Write the test of whether an operand stands for anything."""
    match operand:
        case str() if operand != "<today>":
            return view.given(operand)
        case First(first=options):
            return f"({' or '.join(_has_value(option, view) for option in options)})"
        case Earliest(earliest=paths) | Latest(latest=paths):
            return f"({' or '.join(map(view.given, paths))})"
        case _:
            return write_operand(operand, view)


def _each(path: str) -> str:
    return "[]" if path == "." else f"{path}[]"
