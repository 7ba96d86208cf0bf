"""Writes the changes of a text as a unified diff, line by line as they come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from premigrate.engine.findings import MASK
from premigrate.fix.fixed_parts import FixedPart
from premigrate.fix.line_changes import changed_lines, group_changes
from premigrate.fix.mask import mask_pair
from premigrate.report.run import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CONTEXT = 3  # lines around a change
_BETWEEN_ACCOUNTS = re.compile(r"[^\s\[\],\ufeff]+")
"""Stands for text between accounts that is not part of an array or a line: it can be anything."""
_NO_LINE_END = "\\ No newline at end of file\n"


class DiffWriter:
    """Writes the diff of one text. Values of personal fields are hidden unless ``show_values``.

    A change is compared with the lines of its account, and of others that share a line with it: other accounts are
    never shown.
    """

    def __init__(self, name: str, *, is_yaml: bool, show_values: bool) -> None:
        self._name, self._is_yaml, self._show_values = name, is_yaml, show_values
        self._parts: list[FixedPart] = []
        self._lines = (0, 0)
        self._has_header = False

    def add(self, part: FixedPart) -> Iterator[str]:
        """Take the next part of the text, and render what is complete before it."""
        if part.fixed is None and (end := part.old.rfind(b"\n") + 1):
            self._parts.append(FixedPart(part.old[:end], part.old[:end]))
            yield from self.end()
            part = FixedPart(part.old[end:], part.old[end:])
        if part.old:
            self._parts.append(part)

    def end(self) -> Iterator[str]:
        """Render the changes that are left."""
        parts, self._parts = self._parts, []
        if any(part.old != part.new for part in parts):
            if not self._has_header:
                self._has_header = True
                yield f"--- {escape(self._name)}\n+++ {escape(self._name)}\n"
            pairs = [self._texts(part) for part in parts]
            yield from _hunks("".join(old for old, _ in pairs), "".join(new for _, new in pairs), self._lines)
        self._lines = (
            self._lines[0] + sum(part.old.count(b"\n") for part in parts),
            self._lines[1] + sum(part.new.count(b"\n") for part in parts),
        )

    def _texts(self, part: FixedPart) -> tuple[str, str]:
        old, new = part.old.decode("utf-8", "replace"), part.new.decode("utf-8", "replace")
        if self._show_values:
            return old, new
        if part.fixed is None:
            return _BETWEEN_ACCOUNTS.sub(MASK, old), _BETWEEN_ACCOUNTS.sub(MASK, new)
        return mask_pair(old, new, part.fixed.accounts, is_yaml=self._is_yaml)


def _hunks(old: str, new: str, lines: tuple[int, int]) -> Iterator[str]:
    """Render the changes between two texts; ``lines`` are the numbers of the lines before each."""
    olds, news = _split_lines(old), _split_lines(new)
    for group in group_changes(changed_lines(olds, news), _CONTEXT):
        first, last = group[0], group[-1]
        before = min(_CONTEXT, first.old_start)
        after = min(_CONTEXT, len(olds) - last.old_end)
        old_range = _range(first.old_start - before, last.old_end + after, lines[0])
        new_range = _range(first.new_start - before, last.new_end + after, lines[1])
        yield f"@@ -{old_range} +{new_range} @@\n"
        shown = first.old_start - before
        for change in group:
            yield from _lines(" ", olds[shown : change.old_start])
            yield from _lines("-", olds[change.old_start : change.old_end])
            yield from _lines("+", news[change.new_start : change.new_end])
            shown = change.old_end
        yield from _lines(" ", olds[shown : shown + after])


def _split_lines(text: str) -> Sequence[str]:
    """Split a text into lines with their ends."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]


def _range(start: int, end: int, before: int) -> str:
    """Return a range of lines as diffs write it: an empty range has the line before it."""
    count = end - start
    first = before + start + (count > 0)
    return str(first) if count == 1 else f"{first},{count}"


def _lines(sign: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text, end = line.removesuffix("\n"), "\n"
        if text.endswith("\r"):  # patch wants the line ends of the file
            text, end = text[:-1], "\r\n"
        yield sign + "\t".join(map(escape, text.split("\t"))) + end
        if not line.endswith("\n"):
            yield _NO_LINE_END
