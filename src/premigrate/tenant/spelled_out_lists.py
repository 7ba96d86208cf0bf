"""Reads the values of reference lists that a document spells out in the texts of its validations."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.tenant.document.learned import Validation

_ISOLATED = re.compile("\u2068([^\u2069]*)\u2069")
"""A value that was put into a translated text: between the Unicode marks for isolated text."""

_INTRODUCTION = re.compile(
    r"\b(?:(?:is|be|are) (?:either|one of)|following|(?:allowed|accepted|possible|permitted|valid|known) \w+ are)\b",
    re.IGNORECASE,
)
"""What comes before a list of values in a text."""
_MARKED = (
    re.compile(r"<li>(.*?)</li>", re.DOTALL),
    re.compile(r"<code>(.*?)</code>", re.DOTALL),
    re.compile(r"`([^`]+)`"),
    re.compile(r'"([^"]+)"'),
    re.compile(r"(?<!\w)'([^']+)'"),
)
_CODE_WORD = re.compile("[A-Z][A-Z0-9_]++")
_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RANGE = re.compile(r"\b(?:between|range of|from)\s+([0-9]+(?:\.[0-9]+)?)\s*(?:-|and|to)\s*[0-9]", re.IGNORECASE)
_SKIPPED = re.compile(
    r"\bvalidation (?:is |was )?(?:skipped|disabled|not performed)\b(?! (?:for|if|unless|when)\b)", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")


def is_skipped(validation: Validation) -> bool:
    """Return whether the text of a validation states that this tenant's platform skips it."""
    return bool(_SKIPPED.search(validation.text))


def find_lists(ruleset: Ruleset, uses: Iterable[tuple[Validation, Rule]], known: Iterable[str]) -> dict[str, Any]:
    """Return the reference lists that texts of validations spell out, as tables.

    Args:
        ruleset: the ruleset.
        uses: validations with the rules that check them.
        known: the names of the lists whose values the document gives elsewhere.

    """
    found: dict[str, Any] = {}
    keys = {key for spec in ruleset.objects.values() for key in spec.fields}
    for validation, rule in uses:
        names = {name for name, *_ in rule.lists()}
        if len(names) != 1 or names & set(known) or is_skipped(validation):
            continue
        name = names.pop()
        spec = ruleset.lists[name]
        read = _READERS.get(spec.columns, _no_values) if not spec.values else _no_values
        values = list(dict.fromkeys(read(validation.text)))
        if not keys.issuperset(values) and name not in found:
            found[name] = {"source": f"The tenant's OpenAPI document: {validation.at}", "values": values}
    return found


def _no_values(_: str) -> Iterator[str]:
    yield from ()


def _lowest_amount(text: str) -> Iterator[str]:
    """Yield the lower end of a range of amounts, if a text gives one that is a number."""
    found = _ISOLATED.findall(text) or _RANGE.findall(text)[:1]
    if found and _AMOUNT.fullmatch(found[0].strip()):
        yield found[0].strip()


def _values(text: str) -> Iterator[str]:
    """Yield the values that a text lists."""
    isolated = _ISOLATED.findall(text)
    if isolated:
        for group in isolated:
            yield from filter(None, (part.strip(" '\"[]()") for part in group.split(",")))
        return
    introduced = _INTRODUCTION.search(text)
    rest = text[introduced.end() :] if introduced else ""
    for pattern in _MARKED:
        values = [html.unescape(_TAG.sub("", value)).strip() for value in pattern.findall(rest)]
        if len(values) > 1:
            yield from filter(None, values)
            return
    words = _CODE_WORD.findall(rest.partition(".")[0])
    yield from words if len(words) > 1 else ()


_READERS: dict[tuple[str, ...], Callable[[str], Iterator[str]]] = {("value",): _values, ("amount",): _lowest_amount}
"""Reads the values of a list from a text, by the columns of the list."""
