"""Normalises texts, so that texts that differ only in how they are written compare equal."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias
from unicodedata import normalize

Normalizer: TypeAlias = Callable[[str], str]
"""Returns the form of a text that is compared. Never raises."""


def fold_case(text: str) -> str:
    """Fold case; an ASCII result is in upper case, as codes usually are."""
    folded = normalize("NFC", text.casefold())
    return folded.upper() if folded.isascii() else folded


def compose_accents(text: str) -> str:
    """Compose letters and combining accents (NFC), so that two encodings of a name are equal."""
    return text if text.isascii() else normalize("NFC", text)


def collapse_whitespace(text: str) -> str:
    """Replace each run of whitespace by one space, and strip the ends."""
    return " ".join(text.split())


def remove_separators(text: str) -> str:
    """Remove whitespace and hyphens, which group the digits of long numbers."""
    return "".join(text.replace("-", " ").split())


NORMALIZERS: Mapping[str, Normalizer] = {
    "spaces": collapse_whitespace,
    "separators": remove_separators,
    "encoding": compose_accents,
    "case": fold_case,
}
"""The normalisations that a rule can select, in the order of application.

Removed characters can bring a letter and its accent together, so composition comes later; case folding comes last.
"""


def build_normalizer(names: Iterable[str]) -> Normalizer | None:
    """Return one function that applies the named `NORMALIZERS`; None if there are none."""
    wanted = set(names)
    steps = [step for name, step in NORMALIZERS.items() if name in wanted]
    return partial(_apply, tuple(steps)) if steps else None


def _apply(steps: tuple[Normalizer, ...], text: str) -> str:
    for step in steps:
        text = step(text)
    return text
