"""Detects the wrapper of an account, and gives advice on the text of its document."""

from collections.abc import Collection, Iterable
from typing import Any, TypeGuard

from premigrate.engine.findings import engine_advice
from premigrate.engine.program import Texts
from premigrate.results import Advice, Place

WRAPPER_KEY = "payload"


def is_wrapped(payload: object, known: Collection[str]) -> TypeGuard[dict[Any, Any]]:
    """Return whether an account is wrapped; an object with a key of an account (``known``) is the account itself."""
    return isinstance(payload, dict) and WRAPPER_KEY in payload and not any(key in known for key in payload)


def advise_on_text(
    texts: Texts, known: Collection[str], payload: object, *, had_bom: bool, duplicate_keys: Iterable[Place]
) -> tuple[Advice, ...]:
    """Return the advice on the text of one payload, which is kept even beside an error: it may be the cause.

    Args:
        texts: the advice templates by code.
        known: the keys of an account.
        payload: the parsed payload.
        had_bom: whether the text begins with a byte order mark.
        duplicate_keys: the places of duplicate keys, from the top of the document.

    """
    advice = [engine_advice(texts, "byte_order_mark", ())] if had_bom else []
    wrapped = is_wrapped(payload, known)
    for whole in duplicate_keys:
        place = whole[1:] if wrapped and whole[0] == WRAPPER_KEY and len(whole) > 1 else whole
        advice.append(engine_advice(texts, "duplicate_key", place, name=place[-1]))
    return tuple(each for each in advice if each)
