"""Where reading is: the objects and lists around a value, whose places are written only where they are needed."""

from __future__ import annotations

from typing import Final

from premigrate.results import Place

FIELD_ADVICE: Final = -1
"""The serial of advice on a field: it comes before all that the value holds."""
UNKNOWN_KEYS: Final = 1 << 30
"""The position of what an object has besides the declared fields."""
OWN_RULES: Final = UNKNOWN_KEYS + 1
"""The position of the rules about an object, behind all of its fields."""
FIELD_RULES: Final = UNKNOWN_KEYS + 2
"""The position of the rules about a field, behind all that its value holds."""
LENGTH: Final = UNKNOWN_KEYS + 3
"""The position of the check of a list's length."""


class Frame:
    """An object or a list that is being read; ``step`` is its key or position in the one around (``parent``).

    ``number`` is the position of that key among the declared fields, or that in the list. ``is_dirty``: it has an
    error, or something in it has.
    """

    __slots__ = ("is_dirty", "number", "parent", "step")

    def __init__(self, parent: Frame | None, step: str | int, number: int) -> None:
        self.parent = parent
        self.step = step
        self.number = number
        self.is_dirty = False

    def place(self) -> Place:
        """Give its place."""
        steps: list[str | int] = []
        frame: Frame = self
        while frame.parent is not None:
            steps.append(frame.step)
            frame = frame.parent
        steps.reverse()
        return tuple(steps)

    def numbers(self) -> tuple[int, ...]:
        """Give the positions of itself and of all around it: they sort as the document does."""
        found: list[int] = []
        frame: Frame = self
        while frame.parent is not None:
            found.append(frame.number)
            frame = frame.parent
        found.reverse()
        return tuple(found)

    def mark(self) -> None:
        """Note that there is an error here."""
        frame: Frame | None = self
        while frame is not None and not frame.is_dirty:
            frame.is_dirty = True
            frame = frame.parent
