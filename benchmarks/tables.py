"""Turns measured ratios into Markdown tables that say what was promised and whether it holds."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Target(NamedTuple):
    """What a ratio has to be, and what it should be; with ``at_most``, the less the better."""

    need: float
    goal: float
    at_most: bool = False

    def cells(self, ratio: float) -> tuple[str, str, str]:
        """Tell what is needed, what is the goal, and whether they hold."""
        sign = "<=" if self.at_most else ">="
        return f"{sign} {self.need:g}", f"{sign} {self.goal:g}", self._verdict(ratio)

    def _verdict(self, ratio: float) -> str:
        needs, reaches = (self.need >= ratio, self.goal >= ratio) if self.at_most else self._reached(ratio)
        return "goal" if needs and reaches else "holds" if needs else "MISSED"

    def _reached(self, ratio: float) -> tuple[bool, bool]:
        return ratio >= self.need, ratio >= self.goal


NO_TARGET = ("", "", "")


def target_cells(target: Target | None, ratio: float) -> tuple[str, str, str]:
    """Tell a target as `Target.cells` does; nothing where there is none."""
    return target.cells(ratio) if target else NO_TARGET


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a Markdown table whose columns also line up on a screen; all but the first are set right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruler = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(line, widths) for line in [head, ruler, *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    laid = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return f"| {' | '.join(laid)} |"


def figure(number: float) -> str:
    """Write a number with three figures that count, or as many as it has before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
