"""Checks of formats, each with a prefilter; the libraries they need can wait until a value asks for them."""

from __future__ import annotations

from premigrate.engine.program import Scheme
from premigrate.formats.interfaces import FormatCheck, Verdict
from premigrate.formats.pattern import LazyPattern
from premigrate.formats.registry import FORMATS


class LazyCheck:
    """The check of one format. What its pattern or its texts hold is certainly right, and needs no library."""

    __slots__ = ("_check", "_pattern", "_spec", "_texts")

    def __init__(self, spec: Scheme) -> None:
        self._spec = spec
        self._pattern = LazyPattern(spec.certain_pattern, spec.pattern_flags) if spec.certain_pattern else None
        self._texts = spec.certain_texts
        self._check: FormatCheck | None = None

    def load(self) -> FormatCheck:
        """Load what the check needs.

        Raises:
            TypeError, ValueError: the scheme has arguments that can't be worked with.

        """
        if self._check is None:
            self._check = FORMATS[self._spec.format](**self._spec.arguments)
        return self._check

    def is_certain(self, text: str) -> bool:
        """Whether a text is certainly right; false says nothing where asking in full would take long."""
        if self._pattern is not None:
            return self._pattern.fullmatch(text) is not None
        return text in self._texts if self._texts else self.check(text) is None

    def check(self, text: str) -> Verdict:
        """Check one text."""
        if text in self._texts or (self._pattern is not None and self._pattern.fullmatch(text)):
            return None
        check = self._check
        return (self.load() if check is None else check)(text)


def make_format_checks(schemes: tuple[Scheme, ...], *, load: bool) -> dict[tuple[str, str | None], LazyCheck]:
    """Make the checks of all formats that rules use; with ``load``, all that they need is loaded now."""
    checks: dict[tuple[str, str | None], LazyCheck] = {}
    for each in schemes:
        check = LazyCheck(each)
        if load:
            check.load()
        checks[each.name, each.territory] = check
    return checks
