"""Looks at what is around an account: the wrapper it stands in, and what was noticed when its text was read."""

from collections.abc import Iterable
from typing import Any, TypeGuard

from premigrate.errors import Advice, Place
from premigrate.plan import ObjectNode, Plan
from premigrate.running.events import own_advice

WRAPPER = "payload"


def is_wrapped(payload: object, root: ObjectNode) -> TypeGuard[dict[Any, Any]]:
    """Tell whether an account is wrapped; an object with fields of the account is the account itself."""
    return isinstance(payload, dict) and WRAPPER in payload and root.known.isdisjoint(payload)


def advise_on_text(plan: Plan, payload: object, *, had_bom: bool, repeated: Iterable[Place]) -> tuple[Advice, ...]:
    """Make the advice on the text of one payload; ``repeated`` are the keys given twice, from the text's top down.

    It stays even where the value is in error, for it may well be the reason.
    """
    told = [own_advice(plan.advice_texts, "byte_order_mark", ())] if had_bom else []
    wrapped = is_wrapped(payload, plan.root)
    for whole in repeated:
        place = whole[1:] if wrapped and whole[0] == WRAPPER and len(whole) > 1 else whole
        told.append(own_advice(plan.advice_texts, "duplicate_key", place, name=place[-1]))
    return tuple(hint for hint in told if hint)
