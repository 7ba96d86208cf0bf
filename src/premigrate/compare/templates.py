"""Derives the templates that the text of an error of the API may be made from."""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_TEMPLATES = 1024
_MAX_LENGTH = 2000
"""Match texts up to this length, in characters: with two placeholders, matching takes quadratic time."""


def match_template(template: str, detail: str) -> dict[str, str] | None:
    """Return the values of the placeholders in a text; None if it is too long or not made from the template."""
    if len(detail) > _MAX_LENGTH:
        return None
    match = _pattern(template).fullmatch(detail)
    return match.groupdict() if match else None


@lru_cache(_MAX_TEMPLATES)
def _pattern(template: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for literal, word, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if word:
            parts.append(f"(?P={word})" if word in seen else f"(?P<{word}>.*)")
            seen.add(word)
    return re.compile("".join(parts), re.DOTALL)


def candidate_templates(detail: str, values: Mapping[str, str]) -> list[str]:
    """List the templates that produce a text: with a placeholder for each value found in it, and with none."""
    plain = _escaped(detail)
    by_text = {text: word for word, text in values.items() if text.strip()}
    if not by_text:
        return [plain]
    longest = sorted(by_text, key=lambda text: (-len(text), text))
    found = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in longest))
    pieces: list[str] = []
    end = 0
    for match in found.finditer(detail):
        pieces += [_escaped(detail[end : match.start()]), f"{{{by_text[match[0]]}}}"]
        end = match.end()
    return [*(["".join([*pieces, _escaped(detail[end:])])] if pieces else []), plain]


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
