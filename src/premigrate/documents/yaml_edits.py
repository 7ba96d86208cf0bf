"""Makes the edits of a YAML text for fixes, in block and flow style; comments outside the changed values stay."""

from __future__ import annotations

import json
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from premigrate.documents.json_edits import JsonEditor
from premigrate.documents.text_values import TextEdit
from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.documents.text_values import Member, TextValue

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_NOT_TEXT = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""Words that a version of YAML reads as another type, in any case."""
_COLON = re.compile(r"[ \t]*:")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)")


class YamlEditor(JsonEditor):
    """Makes edits of one text. New texts are in double quotes, or in single quotes where the old value was."""

    def write(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return a new value on one line, with all texts in double quotes.

        Raises:
            BadArgument: it is not a JSON value.

        """
        super().write(value)  # raises the error
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        return "".join(each if each.isprintable() else _escape(each) for each in text)

    def replace(self, member: Member | None, value: TextValue, new: Any) -> Iterator[TextEdit]:  # noqa: ANN401
        """Replace a value; ``member`` is None for the value at the top of the text."""
        written = self._write_like(value, new)
        if value.start == value.end:  # nothing is written, which is null
            yield TextEdit(value.start, value.end, f" {written}")
        elif value.is_block and member and isinstance(member.step, str):
            colon = self._colon(member)
            comment = self.text[colon : value.start].strip()
            yield TextEdit(colon, value.end, f" {written}  {comment}" if comment else f" {written}")
        else:
            yield TextEdit(value.start, value.end, written)

    def rename(self, member: Member, key: str) -> TextEdit:
        """Replace a key."""
        old = self.text[member.key_start : member.key_end]
        is_plain = old[:1] not in {'"', "'"} and _PLAIN_KEY.fullmatch(key) and key.lower() not in _NOT_TEXT
        return TextEdit(member.key_start, member.key_end, key if is_plain else self.write(key))

    def remove(self, around: Member | None, value: TextValue, steps: set[str | int]) -> Iterator[TextEdit]:
        """Remove members: of block style with their lines, of flow style with one comma each."""
        if not value.is_block:
            yield from super().remove(around, value, steps)
        elif all(member.step in steps for member in value.members):
            yield from self.replace(around, value, {} if value.kind == "{" else [])
        else:
            first = [*takewhile(lambda member: member.step in steps, value.members)]
            others = [member for member in value.members[len(first) :] if member.step in steps]
            if first and self._before(self._begin(first[0])).strip():
                yield self._cut_first(first)
            else:
                others += first
            yield from map(self._cut_lines, others)

    def _begin(self, member: Member) -> int:
        """Return the offset of the key of a member, or of the dash before an item of a list."""
        if isinstance(member.step, str):
            return member.key_start
        before = self.text[: member.key_start].rstrip()
        if not before.endswith("-"):
            raise BadArgument("an item with a comment after its dash cannot be removed; nothing was changed")
        return len(before) - 1

    def _before(self, begin: int) -> str:
        """Return the text before an offset on its line."""
        return self.text[self.text.rfind("\n", 0, begin) + 1 : begin]

    def _cut_first(self, members: list[Member]) -> TextEdit:
        """Cut the first members of a mapping or list that begins behind a dash: the next one takes their place."""
        begin = self._begin(members[0])
        if self._before(begin).strip(" -"):
            raise BadArgument("a key that does not begin its line cannot be removed; nothing was changed")
        rest = self.text[self._end_of_line(members[-1].value.end) :]
        return TextEdit(begin, len(self.text) - len(rest.lstrip()), "")

    def _cut_lines(self, member: Member) -> TextEdit:
        """Cut the lines of a member, with a comment beside its end."""
        begin = self._begin(member)
        start, end = begin - len(self._before(begin)), self._end_of_line(member.value.end)
        if end == len(self.text) and not self.text.endswith("\n"):  # the last line of the text has no line end
            start = len(self.text[:start].removesuffix("\n").removesuffix("\r"))
        return TextEdit(start, end, "")

    def _write_like(self, value: TextValue, new: Any) -> str:  # noqa: ANN401
        """Write a new value, a text in single quotes if the old one is and they can hold it."""
        is_single = self.text.startswith("'", value.start) and value.kind == "scalar"
        if is_single and isinstance(new, str) and new.isprintable():
            return "'{}'".format(new.replace("'", "''"))
        return self.write(new)

    def _colon(self, member: Member) -> int:
        """Return the offset after the colon of a member."""
        match = _COLON.match(self.text, member.key_end)
        if not match:
            raise BadArgument("a key without a colon beside it cannot be changed; nothing was changed")
        return match.end()

    def _end_of_line(self, end: int) -> int:
        """Return the start of the line after a value, behind a comment beside it."""
        match = _REST_OF_LINE.match(self.text, end)
        if not match:
            raise BadArgument("something follows the value on its line; nothing was changed")
        return match.end()


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 1 << 8 else f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"
