"""Brings texts that are the same but for how they are written into one form, so that equal forms mean the same."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias
from unicodedata import normalize

Normaliser: TypeAlias = Callable[[str], str]
"""Writes a text in the form it is compared in. Never raises."""


def fold_case(text: str) -> str:
    """Write a text so that capitals make no difference; plain letters come out as capitals, as codes are written."""
    folded = normalize("NFC", text.casefold())
    return folded.upper() if folded.isascii() else folded


def compose(text: str) -> str:
    """Write a letter and its accent as one character where there is one: two encodings of one name look the same."""
    return text if text.isascii() else normalize("NFC", text)


def join_spaces(text: str) -> str:
    """Let any run of white space count as one space, and none at the ends."""
    return " ".join(text.split())


def drop_separators(text: str) -> str:
    """Let white space and hyphens not count at all, with which people break long numbers into groups."""
    return "".join(text.replace("-", " ").split())


NORMALS: Mapping[str, Normaliser] = {
    "spaces": join_spaces,
    "separators": drop_separators,
    "encoding": compose,
    "case": fold_case,
}
"""The ways of writing that a rule may call the same.

They are applied in this order: what is left when something is dropped may be composed, and capitals depend on all.
"""


def normaliser(names: Iterable[str]) -> Normaliser | None:
    """Make one function of several of `NORMALS`; None if nothing is to be done."""
    wanted = set(names)
    steps = [step for name, step in NORMALS.items() if name in wanted]
    return partial(_apply, tuple(steps)) if steps else None


def _apply(steps: tuple[Normaliser, ...], text: str) -> str:
    for step in steps:
        text = step(text)
    return text
