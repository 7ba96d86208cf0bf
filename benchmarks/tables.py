"""Formats measured ratios and their targets as Markdown tables."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Target(NamedTuple):
    """The required value and the goal for a ratio; lower bounds, or upper bounds with ``at_most``."""

    required: float
    goal: float
    at_most: bool = False

    def cells(self, ratio: float) -> tuple[str, str, str]:
        """Return the cells of the required value, the goal, and the verdict."""
        sign = "<=" if self.at_most else ">="
        return f"{sign} {self.required:g}", f"{sign} {self.goal:g}", self._verdict(ratio)

    def _verdict(self, ratio: float) -> str:
        needs, reaches = (self.required >= ratio, self.goal >= ratio) if self.at_most else self._reached(ratio)
        return "goal" if needs and reaches else "holds" if needs else "MISSED"

    def _reached(self, ratio: float) -> tuple[bool, bool]:
        return ratio >= self.required, ratio >= self.goal


NO_TARGET = ("", "", "")


def target_cells(target: Target | None, ratio: float) -> tuple[str, str, str]:
    """Return the cells of a target; empty ones without a target."""
    return target.cells(ratio) if target else NO_TARGET


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table with aligned columns; all but the first are right-aligned."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruler = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(line, widths) for line in [head, ruler, *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return f"| {' | '.join(padded)} |"


def format_number(number: float) -> str:
    """Format a number with three significant digits; from 100 on, as a whole number."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
