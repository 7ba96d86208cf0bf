"""Replaces values of payloads by others of the same kind, to exercise rules that compare values."""

import random
from decimal import Decimal
from typing import Any

DATES = ("2019-12-31", "2020-01-01", "2020-01-02", "2025-06-30", "2026-01-31", "2026-02-01", "2030-01-01")
MOMENTS = ("2020-01-01T00:00:00Z", "2020-01-01T23:30:00+01:00", "2020-01-02T00:00:00", "2026-02-01T00:00:00Z")
AMOUNTS = (0, 1, 1.5, -1.5, 2.0, "1.5", 3, 4.5, 10.25)
TEXTS = ("abc", "ABC", "a", "the occupier", "The Occupier", "abc ", "1000-001", "9000", "test@x.com", "12345678")
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        1,
        -1,
        2**53,
        2**60,
        1.5,
        1e30,
        "",
        " ",
        "x ",
        "\0",
        "\ud800",
        "a\nb",
        "x" * 600,
        [],
        {},
        [None],
        {"a": None},
    ),
    *(
        "1.5",
        "2020-01-01",
        "20200101",
        "2020-13-01",
        "2020-01-01T00:00:00",
        "é",
        "\u00a0é",
        12345678901234567890,
        0.001,
    ),
    *(Decimal("1.50"), Decimal("1.001000000000000000001"), float("inf"), [[]], [{}], ["a"], (), ("a",)),
)
KINDS = (DATES, MOMENTS, ("1.5", *AMOUNTS), TEXTS)


def shaken(value: Any, rng: random.Random, share: float = 0.6) -> Any:
    """Replace a ``share`` of the values by others of the same kind, and duplicate some items of lists."""
    if isinstance(value, dict):
        return {key: shaken(inner, rng, share) for key, inner in value.items()}
    if isinstance(value, list):
        items = [shaken(item, rng, share) for item in value]
        return items + [shaken(item, rng, share) for item in value if rng.random() < share * 2 / 3]
    if rng.random() >= share or isinstance(value, bool | None):
        return value
    if isinstance(value, int | float):
        return rng.choice(AMOUNTS)
    return rng.choice(next((kind for kind in KINDS if value in kind), (value,)))
