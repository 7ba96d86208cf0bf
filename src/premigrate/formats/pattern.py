"""Checks texts with plain patterns: the part of regular expressions that always runs in linear time."""

import re
from collections.abc import Callable, Sequence

from premigrate.formats.outcomes import FormatCheck, Invalid, PrefilteredCheck, Suspicious, Verdict

_ATOM = r"(?:\\[^A-Za-z0-9]|\[(?:(?!--)[A-Za-z0-9_@ .\-])+\]|\.|[^\\\[\](){}*+?|^$.])"
_MOST_OPTIONAL = 3
_LONGEST = 1000
_COUNT = r"(?:\*|\+|\?|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})?"


class Pattern:
    """A regular expression that is compiled when the first text is matched: most payloads need few of them.

    It can be pickled without being compiled.
    """

    __slots__ = ("flags", "fullmatch", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags
        self.fullmatch: Callable[[str], re.Match[str] | None] = self._compile_and_match
        """Matches a whole text; once compiled, it is the regular expression's own."""

    def _compile_and_match(self, text: str) -> re.Match[str] | None:
        self.fullmatch = re.compile(self.pattern, self.flags).fullmatch
        return self.fullmatch(text)

    def __reduce__(self) -> tuple[type["Pattern"], tuple[str, int]]:
        return Pattern, (self.pattern, self.flags)


def compile_plain(pattern: str, *, ignore_case: bool = False) -> Pattern:
    r"""Compile a plain pattern, to be used with ``fullmatch``.

    A plain pattern is a row of single characters, ``.``, ``\`` escapes and ``[...]`` sets, each with an optional
    count. Groups and ``|`` are not part of it (give several patterns instead). Apart from a ``.*`` at the end, one
    count may leave open how many, three characters may be optional (``?``), and all fixed counts together may ask
    for a thousand characters. So a text can be divided among the counts in no more than eight ways for each of its
    characters, and the time of a match grows no faster than the text.

    Raises:
        ValueError: the pattern is not plain.

    """
    if not _PLAIN.fullmatch(pattern):
        raise ValueError(f"{pattern!r} is not a plain pattern: use characters, . and [...] with counts, no groups")
    pieces = list(re.finditer(_PIECE, pattern))
    if pieces and pieces[-1][0] == ".*":
        pieces.pop()
    counts = [piece[1] for piece in pieces]
    if sum(count in {"*", "+"} or "," in count for count in counts) > 1:
        raise ValueError(f"{pattern!r} has more than one open count besides a .* at its end")
    if counts.count("?") > _MOST_OPTIONAL:
        raise ValueError(f"{pattern!r} has more than {_MOST_OPTIONAL} counts ?; give several patterns instead")
    if sum(map(_least, counts)) > _LONGEST:
        raise ValueError(f"{pattern[:40]!r}... asks for more than {_LONGEST} characters")
    compiled = Pattern(pattern, int(re.ASCII | re.DOTALL | (re.IGNORECASE if ignore_case else 0)))
    try:
        compiled.fullmatch("")
    except re.error as error:  # a range or a count the wrong way round, which the grammar lets pass
        raise ValueError(f"{pattern!r} is not a plain pattern: {error}") from None
    return compiled


def _least(count: str) -> int:
    """Tell how many characters a count asks for at least."""
    if count in {"*", "?"}:
        return 0
    return int(count[1:-1].partition(",")[0]) if count.startswith("{") else 1


def union(patterns: Sequence[str], *, ignore_case: bool = False) -> Pattern:
    """Join plain patterns to one that matches what any of them matches; nothing, if there are none."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)"
    return Pattern(joined, int(re.ASCII | re.DOTALL | (re.IGNORECASE if ignore_case else 0)))


_PLAIN = Pattern(rf"(?:{_ATOM}{_COUNT})*+")
_PIECE = rf"{_ATOM}({_COUNT})"


def make_check(*, patterns: Sequence[str], tolerated: Sequence[str] = (), form: str = "the usual form") -> FormatCheck:
    """Make a check: what matches ``patterns`` passes, and what matches ``tolerated`` (case ignored) is suspicious.

    ``form`` says in words what the patterns ask for.
    """
    for pattern in (*patterns, *tolerated):
        compile_plain(pattern)
    good = union(patterns)
    check = PrefilteredCheck(_check, good, union(tolerated, ignore_case=True), form)
    check.prefilter = good
    return check


def _check(good: Pattern, bearable: Pattern, form: str, text: str) -> Verdict:
    if good.fullmatch(text):
        return None
    if bearable.fullmatch(text):
        return Suspicious(f"not written as {form}")
    return Invalid(f"not {form}")
