"""The steps of fixes: each makes a new value, or leaves the value alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from premigrate.engine.field_info import nearest, nearest_several
from premigrate.engine.program import FixStep
from premigrate.formats.garbled_text import decode_again
from premigrate.formats.pattern import LazyPattern, compile_parts
from premigrate.formats.value_advice import NOISE_DECIMAL_PLACE

LEFT_ALONE: Final = object()
"""The result of a step that does not fit the value."""

LEFT_OUT: Final = object()
"""The result of a step that removes the value with its key."""


class Surroundings(NamedTuple):
    """What steps can use in addition to the value: the choices of its field, and the declared keys of its object."""

    choices: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()


def run_steps(steps: Sequence[FixStep], value: Any, around: Surroundings) -> Any:  # noqa: ANN401 - any JSON value
    """Return the new value; LEFT_OUT to remove it, LEFT_ALONE if the steps do not fit it or change nothing.

    For ``nearest_key``, the value is the key.
    """
    changed = value
    for step in steps:
        changed = _STEPS[step.name](step, changed, around)
        if changed is LEFT_ALONE or changed is LEFT_OUT:
            return changed
    is_same = changed is value or (type(changed) is type(value) and changed == value)
    return LEFT_ALONE if is_same else changed


_Step: TypeAlias = Callable[[FixStep, Any, Surroundings], Any]


def _of_text(change: Callable[[FixStep, str, Surroundings], Any]) -> _Step:
    def run(step: FixStep, value: Any, around: Surroundings) -> Any:  # noqa: ANN401
        return change(step, value, around) if type(value) is str else LEFT_ALONE

    return run


def _upper(_: FixStep, text: str, __: Surroundings) -> Any:  # noqa: ANN401
    changed = text.upper()
    return changed if changed.lower() == text.lower() else LEFT_ALONE  # ß would become SS, the code of a country


def _lower(_: FixStep, text: str, __: Surroundings) -> Any:  # noqa: ANN401
    changed = text.lower()
    return changed if changed.upper() == text.upper() else LEFT_ALONE


def _remove(step: FixStep, text: str, _: Surroundings) -> str:
    return text.translate(dict.fromkeys(map(ord, step.texts[0])))


def _remove_prefix(step: FixStep, text: str, _: Surroundings) -> str:
    prefix = step.texts[0]
    return text[len(prefix) :] if text[: len(prefix)].casefold() == prefix.casefold() else text


def _rearrange(step: FixStep, text: str, _: Surroundings) -> Any:  # noqa: ANN401
    match = _parts(step.texts).fullmatch(text)
    if match is None:
        return LEFT_ALONE
    groups = match.groups()
    return _PLACEHOLDER.sub(lambda number: groups[int(number[1]) - 1], step.template)


_PLACEHOLDER: Final = re.compile(r"\{([0-9]+)\}")


@lru_cache(256)
def _parts(parts: tuple[str, ...]) -> LazyPattern:
    return compile_parts(parts)


def _read_date(step: FixStep, text: str, _: Surroundings) -> Any:  # noqa: ANN401
    for notation in step.texts:
        match = _date_pattern(notation).fullmatch(text)
        if match is not None:
            try:
                return date(int(match["Y"]), int(match["M"]), int(match["D"])).isoformat()
            except ValueError:
                continue
    return LEFT_ALONE


_PIECES: Final = re.compile(r"YYYY|MM?|DD?|.")
_DIGITS: Final = {"YYYY": "[0-9]{4}", "MM": "[0-9]{2}", "DD": "[0-9]{2}", "M": "[0-9]{1,2}", "D": "[0-9]{1,2}"}


@lru_cache(256)
def _date_pattern(notation: str) -> LazyPattern:
    pieces = [
        f"(?P<{each[0]}>{_DIGITS[each]})" if each in _DIGITS else re.escape(each) for each in _PIECES.findall(notation)
    ]
    return LazyPattern("".join(pieces))


def _decode_again(_: FixStep, text: str, __: Surroundings) -> Any:  # noqa: ANN401
    decoded = decode_again(text)
    return LEFT_ALONE if decoded is None else decoded


def _word(step: FixStep, text: str, _: Surroundings) -> Any:  # noqa: ANN401
    return step.words.get(text.strip().casefold(), LEFT_ALONE)


def _to_text(_: FixStep, value: Any, __: Surroundings) -> Any:  # noqa: ANN401
    if type(value) is not int:
        return value if type(value) is str else LEFT_ALONE
    try:
        return str(value)
    except ValueError:  # more digits than CPython converts to text
        return LEFT_ALONE


_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


def _to_number(_: FixStep, value: Any, __: Surroundings) -> Any:  # noqa: ANN401
    if type(value) is not str:
        return value if type(value) in {int, float, Decimal} else LEFT_ALONE
    match = _NUMBER.fullmatch(value)
    if match is None:
        return LEFT_ALONE
    number = float(value) if match[1] else int(value)
    return number if Decimal(str(number)) == Decimal(value) else LEFT_ALONE  # a float may not hold all digits


_LARGEST_ROUNDED: Final = 10**15


def _round(step: FixStep, value: Any, _: Surroundings) -> Any:  # noqa: ANN401
    if type(value) is not float and type(value) is not Decimal:
        return LEFT_ALONE
    exact = Decimal(str(value))
    if not exact.is_finite() or abs(exact) >= _LARGEST_ROUNDED:
        return LEFT_ALONE
    rounded = exact.quantize(Decimal(1).scaleb(-step.places))
    if abs(exact - rounded) >= Decimal(1).scaleb(-NOISE_DECIMAL_PLACE):
        return LEFT_ALONE
    return rounded if type(value) is Decimal else float(rounded)


_NULL, _BLANK = "<null>", "<blank>"


def _leave_out(step: FixStep, value: Any, _: Surroundings) -> Any:  # noqa: ANN401
    if value is None:
        word = _NULL
    elif type(value) is str and value not in {_NULL, _BLANK}:
        word = value.strip() or _BLANK
    else:
        return LEFT_ALONE
    return LEFT_OUT if word in step.texts else LEFT_ALONE


def _choice_in_other_case(_: FixStep, text: str, around: Surroundings) -> Any:  # noqa: ANN401
    found = _by_folded(around.choices).get(text.casefold(), ())
    return found[0] if len(found) == 1 else LEFT_ALONE


@lru_cache(256)
def _by_folded(choices: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for choice in choices:
        found.setdefault(choice.casefold(), []).append(choice)
    return found


def _nearest_choice(_: FixStep, text: str, around: Surroundings) -> Any:  # noqa: ANN401
    near = nearest_several(text, _known(around.choices))
    return near[0] if near else LEFT_ALONE


@lru_cache(256)
def _known(choices: tuple[str, ...]) -> frozenset[str]:
    return frozenset(choices)


def _nearest_key(_: FixStep, text: str, around: Surroundings) -> Any:  # noqa: ANN401
    return nearest(text, around.keys) or LEFT_ALONE


_STEPS: Final[dict[str, _Step]] = {
    "strip": _of_text(lambda _, text, __: text.strip()),
    "upper": _of_text(_upper),
    "lower": _of_text(_lower),
    "remove": _of_text(_remove),
    "remove_prefix": _of_text(_remove_prefix),
    "parts": _of_text(_rearrange),
    "dates": _of_text(_read_date),
    "words": _of_text(_word),
    "decode_again": _of_text(_decode_again),
    "to_text": _to_text,
    "to_number": _to_number,
    "round": _round,
    "leave_out": _leave_out,
    "choice_in_other_case": _of_text(_choice_in_other_case),
    "nearest_choice": _of_text(_nearest_choice),
    "nearest_key": _of_text(_nearest_key),
}
