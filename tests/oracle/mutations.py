"""Generates payloads for comparisons: good accounts and random objects, with some values replaced."""

import copy
import random
import sys
from typing import Any

from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset

_GOOD: dict[str, Any] = {
    "string": "abc",
    "email": "a@b.pt",
    "date": "2020-01-01",
    "datetime": "2020-01-01T00:00:00Z",
    "decimal": "1.5",
    "integer": 5,
    "boolean": True,
    "json": {"a": 1},
    "object": {},
    "choice": "ABC",
}
# fmt: off
_UNUSUAL: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 2.0, 1e30, 10**30, -(10**400), 1e22, 123456789.123456789,
    "", "  ", "x", "a" * 600, "\0a", "\ud800", "\u00a0x\u00a0", "null", "true", "Yes", "on", "٣", "\uff11\uff12",
    [], {}, [1], {"a": 1}, [None], [[]], [{}], ["ONLINE"], [{"type": "CHARGE"}],
    "5", "5.0", " 5 ", "5.", "1.", "+1", "-0", "1.50", "1e5", "1e400", "1_000", "0x10", "NaN", "Infinity",
    "12345678901234567890.1", "0.00000000001",
    "2020-01-01", "2020-1-1", "20200101", "2020-13-01", "2020-W01-1", "2024-02-30", "0000-01-01", "2020-01-01\n",
    "٢٠٢٠-01-01", "2020-01-01T10:00:00Z", "2020-01-01 1:2", "2020-01-01T10:00",
    "9999-12-31T23:59:59-03:00", "0001-01-01T00:00:00+14:00", "9999-12-31", "0001-01-01T00:00:00",
    "9999-12-31T23:59:59Z", "0001-1-1 0:00 +0001", "9999-12-31T23:59:59.999999-00:00:01",
    "0000-12-31T23:59:60-23:59", "9999-12-31T00:00:00-23:59", "9999-12-31T00:01-23:59", "0001-01-01T23:59:00+23:59",
    "0001-01-01T00:00:00+24:00",
    "2020-01-01T10:00:00+0100", "2020-01-01T10:00:00.1234567Z", "2020-01-01T10:00:00,5",
    "a@b.pt", "a@b", '"q"@x.com', "a@[::1]", "DOMESTIC", "PAYMENT", "CREDIT", "MONTHLY", "PT",
]
# fmt: on
if sys.version_info < (3, 14):  # from then on the framework, like Python, reads the hour 24 as the next day
    _UNUSUAL += ["2020-01-01T24:00:00", "9999-12-31T24:00:00Z"]


def payload(ruleset: Ruleset, good: dict[str, Any], rng: random.Random) -> Any:
    """Return one payload: a third are based on the good account, the others are random."""
    generated: Any = copy.deepcopy(good) if rng.random() < 0.33 else _object(ruleset, ruleset.root, rng)
    for _ in range(rng.choice([0, 1, 1, 2, 3, 6])):
        place = rng.choice(_places(generated))
        if not place:
            return copy.deepcopy(rng.choice(_UNUSUAL)) if rng.random() < 0.05 else generated
        _mutate(generated, place, rng)
    return generated


def _mutate(generated: Any, place: tuple[Any, ...], rng: random.Random) -> None:
    target = generated
    for step in place[:-1]:
        target = target[step]
    chance = rng.random()
    if chance < 0.2:
        del target[place[-1]]
    elif chance < 0.3 and isinstance(target, dict):
        target["zz"] = 1
    else:
        target[place[-1]] = copy.deepcopy(rng.choice(_UNUSUAL))


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, item in items for found in _places(item, (*place, key)))]


def _object(ruleset: Ruleset, name: str, rng: random.Random) -> dict[str, Any]:
    spec = ruleset.objects[name]
    fields, generated = dict(spec.fields), {}
    if spec.select:
        value = rng.choice(list(spec.variants))
        fields |= ruleset.objects[spec.variants[value]].fields
        generated[spec.select] = value
    for key, field in fields.items():
        if field.required or rng.random() < 0.35:
            generated[key] = _value(ruleset, field, rng)
    return generated


def _value(ruleset: Ruleset, field: FieldSpec, rng: random.Random) -> Any:
    kind = field.object or field.list or field.type or ""
    count = rng.choice([1, 1, 2]) if field.list else 1
    if kind in SCALAR_TYPES:
        generated = [rng.choice(field.choices) if field.choices else copy.deepcopy(_GOOD[kind]) for _ in range(count)]
    else:
        generated = [_object(ruleset, kind, rng) for _ in range(count)]
    return generated if field.list else generated[0]
