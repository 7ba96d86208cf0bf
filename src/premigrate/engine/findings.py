"""Writes the texts and places of errors and advice."""

from collections.abc import Callable
from functools import lru_cache

from premigrate.engine.program import Texts
from premigrate.results import Advice, Place, advice_id

HIDDEN = "***"
"""What stands for a personal value in a text."""

_OF_THE_VALUE = frozenset({"value", "input", "code_point"})
"""The words of a detail text that are the value or part of it."""

FIELD_RULE = "field"
"""The rule id of what the framework checks of every field."""


class _Words(dict[str, object]):
    """What a text may mention; a word that says nothing of this error stays as it is written."""

    def __missing__(self, word: str) -> str:
        return f"{{{word}}}"


def fill(template: str, **words: object) -> str:
    """Fill the braces of a detail text."""
    return template.format_map(_Words(words)) if "{" in template else template


def fill_masked(template: str, is_personal: Callable[[Place], bool], place: Place, **words: object) -> tuple[str, str]:
    """Fill a detail text, and once more without the value in it if that is personal (else with nothing)."""
    detail = fill(template, **words)
    if not _tells_value(template) or not is_personal(place):
        return detail, ""
    masked = fill(template, **{**words, **dict.fromkeys(words.keys() & _OF_THE_VALUE, HIDDEN)})
    return detail, masked if masked != detail else ""


@lru_cache(1024)
def _tells_value(template: str) -> bool:
    """Whether a text mentions the value; of texts there are as many as there are rules."""
    return any(f"{{{word}}}" in template for word in _OF_THE_VALUE)


def attr_of(place: Place) -> str:
    """Write a place the way the API does: ``customers.0.landline``."""
    if not place:
        return ""
    attr = str(place[0])
    for step in place[1:]:
        attr = f"{attr}.{step}"
    return attr


def own_advice(texts: Texts, code: str, place: Place, **words: object) -> Advice | None:
    """Make an advice of the engine's own; None if it is switched off, so that there is no text for it."""
    template = texts.get(code)
    return Advice(fill(template, **words), code, attr_of(place), advice_id(code), place) if template else None
