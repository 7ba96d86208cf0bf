"""Normalises texts, so that texts that differ only in how they are written compare equal."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias
from unicodedata import normalize

Normaliser: TypeAlias = Callable[[str], str]
"""Returns the form of a text that is compared. Never raises."""


def fold_case(text: str) -> str:
    """Fold case; an ASCII result is in upper case, as codes usually are."""
    folded = normalize("NFC", text.casefold())
    return folded.upper() if folded.isascii() else folded


def compose(text: str) -> str:
    """Compose letters and combining accents (NFC), so that two encodings of a name are equal."""
    return text if text.isascii() else normalize("NFC", text)


def join_spaces(text: str) -> str:
    """Replace each run of whitespace by one space, and strip the ends."""
    return " ".join(text.split())


def drop_separators(text: str) -> str:
    """Remove whitespace and hyphens, which group the digits of long numbers."""
    return "".join(text.replace("-", " ").split())


NORMALS: Mapping[str, Normaliser] = {
    "spaces": join_spaces,
    "separators": drop_separators,
    "encoding": compose,
    "case": fold_case,
}
"""The normalisations that a rule can select, in the order of application.

Removed characters can bring a letter and its accent together, so composition comes later; case folding comes last.
"""


def normaliser(names: Iterable[str]) -> Normaliser | None:
    """Return one function that applies the named `NORMALS`; None if there are none."""
    wanted = set(names)
    steps = [step for name, step in NORMALS.items() if name in wanted]
    return partial(_apply, tuple(steps)) if steps else None


def _apply(steps: tuple[Normaliser, ...], text: str) -> str:
    for step in steps:
        text = step(text)
    return text
