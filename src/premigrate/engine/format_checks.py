"""Format checks with prefilters; the libraries they need can be loaded on first use."""

from __future__ import annotations

from premigrate.engine.program import Scheme
from premigrate.formats.interfaces import FormatCheck, Verdict
from premigrate.formats.pattern import LazyPattern
from premigrate.formats.registry import FORMATS


class LazyFormatCheck:
    """The check of one format, with a prefilter that needs no library.

    A text that matches the pattern of the prefilter, or is among its texts, is certainly valid.
    """

    __slots__ = ("_check", "_pattern", "_spec", "_texts")

    def __init__(self, spec: Scheme) -> None:
        self._spec = spec
        self._pattern = LazyPattern(spec.certain_pattern, spec.pattern_flags) if spec.certain_pattern else None
        self._texts = spec.certain_texts
        self._check: FormatCheck | None = None

    def load(self) -> FormatCheck:
        """Load the check and return it.

        Raises:
            TypeError, ValueError: the scheme has invalid arguments.

        """
        if self._check is None:
            self._check = FORMATS[self._spec.format](**self._spec.arguments)
        return self._check

    def is_certainly_valid(self, text: str) -> bool:
        """Return whether a text is certainly valid; False means unknown if the scheme has a pattern or texts."""
        if self._pattern is not None:
            return self._pattern.fullmatch(text) is not None
        return text in self._texts if self._texts else self.check(text) is None

    def check(self, text: str) -> Verdict:
        """Check one text; return None if it is valid."""
        if text in self._texts or (self._pattern is not None and self._pattern.fullmatch(text)):
            return None
        check = self._check
        return (self.load() if check is None else check)(text)


def make_format_checks(schemes: tuple[Scheme, ...], *, load: bool) -> dict[tuple[str, str | None], LazyFormatCheck]:
    """Build the checks of all formats that rules use, by scheme and territory; ``load`` loads them now."""
    checks: dict[tuple[str, str | None], LazyFormatCheck] = {}
    for each in schemes:
        check = LazyFormatCheck(each)
        if load:
            check.load()
        checks[each.name, each.territory] = check
    return checks
