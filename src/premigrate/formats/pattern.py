"""Checks texts with plain patterns, a subset of regular expressions that always matches in linear time."""

import re
from collections.abc import Callable, Sequence

from premigrate.formats.interfaces import FormatCheck, Invalid, PrefilteredCheck, Suspicious, Verdict

_ESCAPE = r"\\[^A-Zabceg-mo-qux-z0-9]|\\[DWS]"
_SET = rf"\[\^?(?:(?!--|&&|~~|\|\|)(?:{_ESCAPE}|[^\\\[\]^]))++\]"
_ATOM = rf"(?:{_ESCAPE}|{_SET}|\.|[^\\\[\](){{}}*+?|^$.])"
MOST_OPTIONAL = 3
"""The most characters of a plain pattern that may be optional (``?``)."""
_MAX_REQUIRED_LENGTH = 1000
_QUANTIFIER = r"(?:\*|\+|\?|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})?"


class LazyPattern:
    """A regular expression that is compiled on the first match, because most payloads need few of them.

    It can be pickled without being compiled.
    """

    __slots__ = ("flags", "fullmatch", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags
        self.fullmatch: Callable[[str], re.Match[str] | None] = self._compile_and_match
        """Match a whole text; after the first call, this is the method of the compiled expression."""

    def _compile_and_match(self, text: str) -> re.Match[str] | None:
        self.fullmatch = re.compile(self.pattern, self.flags).fullmatch
        return self.fullmatch(text)

    def __reduce__(self) -> tuple[type["LazyPattern"], tuple[str, int]]:
        return LazyPattern, (self.pattern, self.flags)


def compile_plain_pattern(pattern: str, *, ignore_case: bool = False) -> LazyPattern:
    r"""Compile a plain pattern, to be used with ``fullmatch``.

    A plain pattern is a sequence of single characters, ``.``, ``\`` escapes and ``[...]`` or ``[^...]`` sets, each with
    an optional quantifier. ``\d``, ``\w`` and ``\s`` also stand for digits, letters and white space outside ASCII,
    unless case is ignored. Groups and ``|`` are not supported (use several patterns instead). Apart from a ``.*`` at
    the end, at most one quantifier may be open (``*``, ``+`` or ``{m,n}``) and three characters optional (``?``), and a
    match may require at most 1000 characters. A text can then be divided among the quantifiers in at most eight ways
    for each of its characters, so that matching takes linear time. So does ``.*X.*`` if X has no open quantifier: the
    ``.*`` at the end matches whatever is left, and at each position X is compared with at most 1000 characters.

    Raises:
        ValueError: the pattern is not plain.

    """
    if not _PLAIN.fullmatch(pattern):
        raise ValueError(f"{pattern!r} is not a plain pattern: use characters, . and [...] with counts, no groups")
    pieces = list(re.finditer(_QUANTIFIED_ATOM, pattern))
    if pieces and pieces[-1][0] == ".*":
        pieces.pop()
    counts = [piece[1] for piece in pieces]
    if sum(count in {"*", "+"} or "," in count for count in counts) > 1:
        raise ValueError(f"{pattern!r} has more than one count without a limit besides a .* at its end")
    if counts.count("?") > MOST_OPTIONAL:
        raise ValueError(f"{pattern!r} has more than {MOST_OPTIONAL} counts ?; give several patterns instead")
    if sum(map(_min_length, counts)) > _MAX_REQUIRED_LENGTH:
        raise ValueError(f"{pattern[:40]!r}... requires more than {_MAX_REQUIRED_LENGTH} characters")
    compiled = LazyPattern(pattern, _flags(ignore_case=ignore_case))
    try:
        compiled.fullmatch("")
    except re.error as error:  # a reversed range or quantifier, which the grammar accepts
        raise ValueError(f"{pattern!r} is not a plain pattern: {error}") from None
    return compiled


def _flags(*, ignore_case: bool) -> int:
    """Return the flags of plain patterns; in ASCII alone, no letter outside it equals one in it in another case."""
    return int(re.DOTALL | (re.IGNORECASE | re.ASCII if ignore_case else 0))


def _min_length(count: str) -> int:
    """Return the minimum number of characters that a quantifier requires."""
    if count in {"*", "?"}:
        return 0
    return int(count[1:-1].partition(",")[0]) if count.startswith("{") else 1


def union_of_patterns(patterns: Sequence[str], *, ignore_case: bool = False) -> LazyPattern:
    """Return the alternation of plain patterns; without patterns, it matches nothing."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)"
    return LazyPattern(joined, _flags(ignore_case=ignore_case))


def compile_parts(parts: Sequence[str]) -> LazyPattern:
    """Return a pattern with a group for each of several plain patterns.

    Raises:
        ValueError: together they are not a plain pattern.

    """
    flags = compile_plain_pattern("".join(parts)).flags
    return LazyPattern("".join(f"({part})" for part in parts), flags)


_PLAIN = LazyPattern(rf"(?:{_ATOM}{_QUANTIFIER})*+")
_QUANTIFIED_ATOM = rf"{_ATOM}({_QUANTIFIER})"


def make_check(*, patterns: Sequence[str], tolerated: Sequence[str] = (), form: str = "the usual form") -> FormatCheck:
    """Return a check: a match of ``patterns`` is valid, a match of ``tolerated`` (in any case) is suspicious.

    ``form`` describes the patterns in words.
    """
    for pattern in (*patterns, *tolerated):
        compile_plain_pattern(pattern)
    good = union_of_patterns(patterns)
    check = PrefilteredCheck(_check, good, union_of_patterns(tolerated, ignore_case=True), form)
    check.prefilter = good
    return check


def describe_form(*, form: str = "the usual form", **_: object) -> str:
    """Return the form of valid texts in words."""
    return form


def _check(good: LazyPattern, bearable: LazyPattern, form: str, text: str) -> Verdict:
    if good.fullmatch(text):
        return None
    if bearable.fullmatch(text):
        return Suspicious(f"not written as {form}")
    return Invalid("" if text.isascii() else "this one has a character outside ASCII")
