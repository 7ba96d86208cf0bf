"""The position of a reader in the payload, from which places are built only when there is a finding."""

from __future__ import annotations

from typing import Final

from premigrate.results import Place

FIELD_ADVICE: Final = -1
"""The serial of advice on a field: it sorts before all findings in the value."""
UNKNOWN_KEYS: Final = 1 << 30
"""The position of undeclared keys of an object: behind its declared fields."""
OWN_RULES: Final = UNKNOWN_KEYS + 1
"""The position of the findings of rules about an object: behind all of its fields."""
FIELD_RULES: Final = UNKNOWN_KEYS + 2
"""The position of the findings of rules about a field: behind everything in its value."""
LIST_LENGTH: Final = UNKNOWN_KEYS + 3
"""The position of an error about the length of a list."""


class Frame:
    """An object or list that is being read, like a stack frame.

    Attributes:
        parent: the frame of the object or list that contains it; None for the account.
        step: its key or list position in the parent.
        position: the position of that key among the declared fields, or the list position; used for sorting.
        has_errors: whether there is an error in it, at any depth.

    """

    __slots__ = ("has_errors", "parent", "position", "step")

    def __init__(self, parent: Frame | None, step: str | int, position: int) -> None:
        self.parent = parent
        self.step = step
        self.position = position
        self.has_errors = False

    def place(self) -> Place:
        """Return the place of the value in the account."""
        steps: list[str | int] = []
        frame: Frame = self
        while frame.parent is not None:
            steps.append(frame.step)
            frame = frame.parent
        steps.reverse()
        return tuple(steps)

    def positions(self) -> tuple[int, ...]:
        """Return the positions from the account down to this value, which sort in document order."""
        positions: list[int] = []
        frame: Frame = self
        while frame.parent is not None:
            positions.append(frame.position)
            frame = frame.parent
        positions.reverse()
        return tuple(positions)

    def mark_error(self) -> None:
        """Set ``has_errors`` here and in all parents."""
        frame: Frame | None = self
        while frame is not None and not frame.has_errors:
            frame.has_errors = True
            frame = frame.parent
