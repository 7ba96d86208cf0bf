"""Looks at the envelope of an account: the wrapper it stands in, and what was noticed when its text was read."""

from collections.abc import Collection, Iterable
from typing import Any, TypeGuard

from premigrate.engine.findings import own_advice
from premigrate.engine.program import Texts
from premigrate.results import Advice, Place

WRAPPER = "payload"


def is_wrapped(payload: object, known: Collection[str]) -> TypeGuard[dict[Any, Any]]:
    """Tell whether an account is wrapped; an object with a key of an account (``known``) is the account itself."""
    return isinstance(payload, dict) and WRAPPER in payload and not any(key in known for key in payload)


def advise_on_text(
    texts: Texts, known: Collection[str], payload: object, *, had_bom: bool, repeated: Iterable[Place]
) -> tuple[Advice, ...]:
    """Make the advice on the text of one payload; ``repeated`` are the keys given twice, from the text's top down.

    It stays even where the value is in error, for it may well be the reason.
    """
    told = [own_advice(texts, "byte_order_mark", ())] if had_bom else []
    wrapped = is_wrapped(payload, known)
    for whole in repeated:
        place = whole[1:] if wrapped and whole[0] == WRAPPER and len(whole) > 1 else whole
        told.append(own_advice(texts, "duplicate_key", place, name=place[-1]))
    return tuple(hint for hint in told if hint)
