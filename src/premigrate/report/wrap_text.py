"""Wraps lines of text to the width of a terminal."""

from collections.abc import Iterable, Iterator

INDENT = "    "
_MIN_TEXT = 20  # characters of a line beside what stands before the text


def wrap_line(before: str, text: str, width: int | None, indent: str = INDENT) -> list[str]:
    """Wrap a line at spaces; a word that is longer than a line stays whole.

    Args:
        before: what the first line begins with, which is not wrapped.
        text: the rest of the line.
        width: the width of a line; None: the line is not wrapped.
        indent: what all lines but the first begin with.

    """
    if width is None:
        return [before + text]
    most = max(width, len(before) + _MIN_TEXT)
    lines, line, is_begun = [], before, False
    for word in text.split(" "):
        if is_begun and len(line) + 1 + len(word) > most:
            lines.append(line)
            line, is_begun = indent, False
            most = max(width, len(indent) + _MIN_TEXT)
        line += f" {word}" if is_begun else word
        is_begun = True
    return [*lines, line]


def wrap_lines(lines: Iterable[str], width: int | None, indent: str = INDENT) -> Iterator[str]:
    """Wrap each line after its own indentation, and give each its line break."""
    for line in lines:
        text = line.lstrip(" ")
        for wrapped in wrap_line(line[: len(line) - len(text)], text, width, indent):
            yield f"{wrapped}\n"
