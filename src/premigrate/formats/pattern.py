"""Judges a text by plain patterns: the small part of regular expressions that always runs in linear time."""

import re
from collections.abc import Sequence

from premigrate.formats.verdicts import Doubtful, Judge, Refused, Verdict

_ATOM = r"(?:\\[^A-Za-z0-9]|\[[A-Za-z0-9_@ .\-]+\]|\.|[^\\\[\](){}*+?|^$.])"
_COUNT = r"(?:\*|\+|\?|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})?"
_PLAIN = re.compile(rf"(?:{_ATOM}{_COUNT})*")
_PIECE = re.compile(rf"{_ATOM}({_COUNT})")


def compile_plain(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    r"""Compile a plain pattern, to be used with ``fullmatch``.

    A plain pattern is a row of single characters, ``.``, ``\`` escapes and ``[...]`` sets, each with an optional
    count. Groups and ``|`` are not part of it (give several patterns instead), and apart from a ``.*`` at the end
    only one count may leave open how many: so no input can make the match slow.

    Raises:
        ValueError: the pattern is not plain.

    """
    if not _PLAIN.fullmatch(pattern):
        raise ValueError(f"{pattern!r} is not a plain pattern: use characters, . and [...] with counts, no groups")
    pieces = list(_PIECE.finditer(pattern))
    if pieces and pieces[-1][0] == ".*":
        pieces.pop()
    if sum(piece[1] in {"*", "+"} or "," in piece[1] for piece in pieces) > 1:
        raise ValueError(f"{pattern!r} has more than one open count besides a .* at its end")
    return re.compile(pattern, re.ASCII | re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def judge(*, patterns: Sequence[str], tolerated: Sequence[str] = (), form: str = "the usual form") -> Judge:
    """Make a judge that accepts what matches ``patterns`` and doubts what matches ``tolerated`` (case ignored).

    ``form`` says in words what the patterns ask for.
    """
    good = [compile_plain(pattern) for pattern in patterns]
    bearable = [compile_plain(pattern, ignore_case=True) for pattern in tolerated]

    def look(text: str) -> Verdict:
        if any(pattern.fullmatch(text) for pattern in good):
            return None
        if any(pattern.fullmatch(text) for pattern in bearable):
            return Doubtful(f"not written as {form}")
        return Refused(f"not {form}")

    return look
