"""Makes the edits of a JSON text for fixes. All characters outside the changed values and keys stay as they are."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from premigrate.documents.fix_tree import describe
from premigrate.documents.text_values import TextEdit
from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from premigrate.documents.fix_tree import FixNode
    from premigrate.documents.text_values import Member, TextValue


class JsonEditor:
    """Makes edits of one text. New values are in ASCII if the text is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._is_ascii = text.isascii()

    def edits(self, top: TextValue, fixes: FixNode) -> list[TextEdit]:
        """Make the edits for fixes; ``top`` is the value at the top of the text.

        Raises:
            BadArgument: there is no value at a place, or its key occurs twice; or a new value is not JSON.

        """
        if fixes.is_changed:
            return [*self.replace(None, top, fixes.value)]
        edits: list[TextEdit] = []
        stack: list[tuple[Member | None, TextValue, FixNode]] = [(None, top, fixes)]
        while stack:
            around, value, node = stack.pop()
            removed = {step for step, below in node.below.items() if below.is_removed}
            for below in node.below.values():
                member = _only_member(value, below)
                if below.key is not None:
                    edits.append(self.rename(member, below.key))
                if below.is_changed:
                    edits += self.replace(member, member.value, below.value)
                elif below.below:
                    stack.append((member, member.value, below))
            if removed:
                edits += self.remove(around, value, removed)
        return edits

    def write(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return a new value as JSON on one line.

        Raises:
            BadArgument: it is not a JSON value.

        """
        try:
            text = json.dumps(value, ensure_ascii=self._is_ascii, allow_nan=False)
            if any("\ud800" <= character <= "\udfff" for character in text):
                return json.dumps(value)  # half of a surrogate pair can only be written as an escape
        except (TypeError, ValueError):
            raise BadArgument("the new value of a fix is not a JSON value; nothing was changed") from None
        return text

    def replace(self, member: Member | None, value: TextValue, new: Any) -> Iterator[TextEdit]:  # noqa: ANN401, ARG002
        """Replace a value; ``member`` is None for the value at the top of the text."""
        yield TextEdit(value.start, value.end, self.write(new))

    def rename(self, member: Member, key: str) -> TextEdit:
        """Replace a key."""
        return TextEdit(member.key_start, member.key_end, self.write(key))

    def remove(self, around: Member | None, value: TextValue, steps: set[str | int]) -> Iterator[TextEdit]:  # noqa: ARG002
        """Remove members of an object or list, each with one comma and the white space beside it.

        ``around`` is the member that the object or list is; None for the one at the top of the text.
        """
        members = value.members
        numbered = groupby(enumerate(members), key=lambda each: each[1].step in steps)
        for run in [[*run] for is_removed, run in numbered if is_removed]:
            first, last = run[0][0], run[-1][0]
            yield TextEdit(*_span_to_remove(self.text, value, members, first, last), "")


def _span_to_remove(text: str, value: TextValue, members: Sequence[Member], first: int, last: int) -> tuple[int, int]:
    """Return what to cut for the members from ``first`` to ``last``.

    A member that begins a line is cut with the white space after it, any other with the white space before it.
    """
    start, end = members[first].key_start, members[last].value.end
    before = members[first - 1].value.end if first else value.start + 1
    if last + 1 == len(members):
        return before, end if first else value.end - 1
    if first and "\n" not in text[before:start]:
        return before, end
    return start, members[last + 1].key_start


def _only_member(value: TextValue, node: FixNode) -> Member:
    step = node.place[-1]
    found = [member for member in value.members if member.step == step and type(member.step) is type(step)]
    if len(found) != 1:
        what = "the key occurs twice" if found else "there is no such value"
        raise BadArgument(f"{describe(node.place)}: {what}; nothing was changed")
    return found[0]
