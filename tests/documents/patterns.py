"""Finds texts that match, or do not match, the pattern of a field; the framework searches, and removes outer blanks."""

import random
import re
from collections.abc import Iterator
from re import _constants as words
from re import _parser
from typing import Any

_ORDINARY = "Ab1-x9 .aZ0é"
_CLASSES = {words.CATEGORY_DIGIT: "0123456789", words.CATEGORY_WORD: "aZ0_", words.CATEGORY_SPACE: " "}
_UNLIKELY = ("!", "a", "A", "1", "a1", "ab", "12", "AB 12", "!!!!", "1" * 40, "a" * 40, "A" * 40, "é", "-")


def text_matching(pattern: str, least: int = 0, most: int | None = None) -> str:
    """Return a text that matches, of a length within the limits.

    Raises:
        LookupError: none was found.

    """
    return next(_fitting(_written(pattern), pattern, least, most, matches=True))


def text_not_matching(pattern: str, least: int = 0, most: int | None = None) -> str | None:
    """Return a text that does not match, of a length within the limits; None if none was found."""
    return next(_fitting(iter(_UNLIKELY), pattern, least, most, matches=False), None)


def _fitting(texts: Iterator[str], pattern: str, least: int, most: int | None, *, matches: bool) -> Iterator[str]:
    found = False
    for text in texts:
        fits = text and text.strip() == text and least <= len(text) <= (len(text) if most is None else most)
        if fits and (re.search(pattern, text) is not None) == matches:
            found = True
            yield text
    if matches and not found:
        raise LookupError(pattern)


def _written(pattern: str) -> Iterator[str]:
    rng = random.Random(pattern)  # noqa: S311 - reproducible, not secret
    for attempt in range(400):
        yield _sequence(_parser.parse(pattern), rng, attempt % 20)


def _sequence(parsed: Any, rng: random.Random, extra: int) -> str:
    return "".join(_one(operator, argument, rng, extra) for operator, argument in parsed)


def _one(operator: Any, argument: Any, rng: random.Random, extra: int) -> str:
    if operator in (words.LITERAL, words.ANY, words.NOT_LITERAL):
        others = [each for each in _ORDINARY if operator is words.ANY or ord(each) != argument]
        return chr(argument) if operator is words.LITERAL else rng.choice(others)
    if operator is words.IN:
        return _from_set(argument, rng)
    if operator in (words.MAX_REPEAT, words.MIN_REPEAT):
        least, most, each = argument
        count = rng.randint(least, max(least, min(int(most), least + extra)))
        return "".join(_sequence(each, rng, extra) for _ in range(count))
    if operator is words.SUBPATTERN:
        return _sequence(argument[-1], rng, extra)
    if operator is words.BRANCH:
        return _sequence(rng.choice(argument[1]), rng, extra)
    return ""


def _from_set(parts: Any, rng: random.Random) -> str:
    chosen: list[str] = []
    for operator, argument in parts:
        if operator is words.LITERAL:
            chosen.append(chr(argument))
        elif operator is words.RANGE:
            chosen.append(chr(rng.randint(*argument)))
        elif operator is words.CATEGORY:
            chosen += _CLASSES.get(argument, "a")
    if parts[0][0] is words.NEGATE:
        return rng.choice([each for each in _ORDINARY if each not in chosen])
    return rng.choice(chosen)
