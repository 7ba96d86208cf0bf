"""Formats the detail texts and places of errors and advice."""

import re
from collections.abc import Callable
from functools import lru_cache

from premigrate.engine.program import Texts
from premigrate.results import Advice, Place, advice_id

MASK = "***"
"""Replaces a personal value in a text."""

_NAME = re.compile(r"[A-Za-z0-9_-]{0,64}")

_VALUE_PARAMS = frozenset({"value", "input", "code_point"})
"""The parameters of a detail text that are the value or part of it."""

FRAMEWORK_RULE_ID = "field"
"""The rule id of the framework's own checks of fields."""


class _Params(dict[str, object]):
    """Parameters of a detail text; an unknown placeholder stays as it is written."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def render_detail(template: str, **params: object) -> str:
    """Replace the placeholders of a detail text."""
    return template.format_map(_Params(params)) if "{" in template or "}" in template else template


def render_detail_masked(
    template: str, is_personal: Callable[[Place], bool], place: Place, **params: object
) -> tuple[str, str]:
    """Return a detail text, and the same with a personal value masked (empty if there is nothing to mask)."""
    detail = render_detail(template, **params)
    if not _mentions_value(template) or not is_personal(place):
        return detail, ""
    masked = render_detail(template, **{**params, **dict.fromkeys(params.keys() & _VALUE_PARAMS, MASK)})
    return detail, masked if masked != detail else ""


@lru_cache(1024)
def _mentions_value(template: str) -> bool:
    """Return whether a template mentions the value; cached, because the number of templates is limited."""
    return any(f"{{{name}}}" in template for name in _VALUE_PARAMS)


def attr_of(place: Place) -> str:
    """Return a place as the API writes it: ``customers.0.landline``."""
    if not place:
        return ""
    attr = str(place[0])
    for step in place[1:]:
        attr = f"{attr}.{step}"
    return attr


def looks_like_name(step: str | int) -> bool:
    """Return whether a step of a place is a list position or looks like the name of a field; other keys can be data."""
    return isinstance(step, int) or _NAME.fullmatch(step) is not None


def masked_attr(attr: str, place: Place) -> str:
    """Return the attr of a finding about a place, with keys that do not look like names masked."""
    if all(map(looks_like_name, place)):
        return attr
    if attr == attr_of(place):
        return attr_of(tuple([step if looks_like_name(step) else MASK for step in place]))
    for step in place:
        if isinstance(step, str) and not looks_like_name(step):
            attr = attr.replace(step, MASK)
    return attr


def engine_advice(texts: Texts, code: str, place: Place, **params: object) -> Advice | None:
    """Return an advice of the engine itself; None if it is disabled, so that there is no text for it.

    A ``name`` that does not look like the name of a field is masked, as it can be personal data.
    """
    template = texts.get(code)
    if not template:
        return None
    masked = ""
    if not looks_like_name(str(params.get("name", ""))):
        masked = render_detail(template, **{**params, "name": MASK})
    return Advice(render_detail(template, **params), code, attr_of(place), advice_id(code), place, masked)
