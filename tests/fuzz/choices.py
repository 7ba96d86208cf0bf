"""Turns the bytes of a fuzzer into choices: numbers, members of lists, odd values, and changes to good ones."""

from __future__ import annotations

import copy
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

One = TypeVar("One")

_TEXTS = (
    *("", " ", "\0", "\ud800", "\udfff x", "\u202e", "\u200b", "\ufeff", "\u0130", "\u00a0", "\uff11", "\u0661", "\n"),
    *("null", "true", "NO", "nan", "inf", "1e400", "1_000", "0x1", "-0", "1.50", "1,5", ".5", "5.", "1e-9", "9" * 30),
    *("9" * 4301, "1." + "0" * 999, "0" * 1001, "<today>", "<absent>", "a.b[]", "up.up.", ".", "[]", "*", "(", "\\"),
    *("2020-02-29", "2021-02-29", "0001-01-01", "9999-12-31", "2020-1-1", "20200101", "2020-W01-1", "2026-01-31"),
    *("2020-01-01T00:00:00Z", "2020-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2020-01-01 24:00"),
    *("+351912345678", "tel:+1;ext=1", "00351 912", "a@b.pt", '"a b"@[::1]', "a@b" + ".c" * 100, "PT0002", "DK"),
    *("1000-001", "x" * 129, "x" * 5000, "{value}", "{", "{0.__class__}", "%s", "payload", "account", "CHARGE"),
)
_NUMBERS = (
    *(0, 1, -1, 28, 29, 2**31, 2**53 + 1, -(2**63), 2**64, 10**400, 10**4300, -(10**4400), True, False),
    *(0.0, -0.0, 0.1 + 0.2, 1.005, 5e-324, 1.7e308, float("inf"), float("-inf"), float("nan"), 1e22),
    *(Decimal("1.50"), Decimal("1E+400"), Decimal("1E-400"), Decimal("1e999999"), Decimal("NaN"), Decimal("sNaN")),
    *(Decimal("-Infinity"), Decimal("0E+999999"), Decimal("-0"), Decimal(1) / 3),
)
_DEEPEST = 4


class Choices:
    """Chooses by the bytes it is given, in their order; when there are none left, always the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def left(self) -> int:
        """Tell how many bytes were not looked at yet."""
        return len(self._data) - self._at

    def number(self, below: int) -> int:
        """Choose a number from 0; one byte for small ones."""
        width = 1 if below <= 1 << 8 else 2
        taken = self._data[self._at : self._at + width]
        self._at += width
        return int.from_bytes(taken, "little") % below

    def one_of(self, given: Sequence[One]) -> One:
        """Choose one of several."""
        return given[self.number(len(given))]

    def some_bytes(self) -> bytes:
        """Choose bytes, at most 255."""
        size = self.number(256)
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken

    def rest(self) -> bytes:
        """Take all that is left."""
        taken = self._data[self._at :]
        self._at = len(self._data)
        return taken

    def text(self) -> str:
        """Choose a text: an odd one, or any."""
        if self.number(2):
            return self.some_bytes().decode("utf-8", "surrogateescape")
        return self.one_of(_TEXTS)

    def scalar(self) -> Any:
        """Choose a value with nothing below it."""
        match self.number(4):
            case 0:
                return None
            case 1:
                return self.one_of(_NUMBERS)
            case _:
                return self.text()

    def value(self, depth: int = 0) -> Any:
        """Choose any value as JSON has it, or a number that is exact."""
        match self.number(8) if depth < _DEEPEST else 0:
            case 6:
                return [self.value(depth + 1) for _ in range(self.number(4))]
            case 7:
                return {self.text(): self.value(depth + 1) for _ in range(self.number(4))}
            case _:
                return self.scalar()

    def changed(self, value: Any, others: Sequence[Any] = ()) -> Any:
        """Change a copy of a value in some places; some get another of the same value's parts, or one of ``others``."""
        made = copy.deepcopy(value)
        for _ in range(1 + self.number(8)):
            if not self.left:
                break
            self._change(made, others)
        return made

    def _change(self, made: Any, others: Sequence[Any]) -> None:
        inside, key = self._somewhere(made)
        if inside is None:
            return
        match self.number(8):
            case 0:
                del inside[key]
            case 1:
                inside[key] = [inside[key]] * self.number(4)
            case 2:
                around, other = self._somewhere(made)
                inside[key] = copy.deepcopy(around[other])
            case 3 if others:
                inside[key] = copy.deepcopy(self.one_of(others))
            case 4:
                _add(inside, self.text(), inside[key])
            case _:
                inside[key] = self.value()

    def _somewhere(self, made: Any) -> tuple[Any, Any]:
        """Choose a place: what is around it, and its key there; None if there is none."""
        inside, key = None, None
        here = made
        while (below := _below(here)) and (inside is None or self.number(4)):
            inside, key = here, self.one_of(below)
            here = inside[key]
        return inside, key


def _add(inside: Any, key: str, value: Any) -> None:
    if isinstance(inside, dict):
        inside[key] = value
    else:
        inside.append(copy.deepcopy(value))


def _below(value: Any) -> list[Any]:
    """List what leads one step down."""
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []


def fast_folder() -> str | None:
    """Name a folder in memory for files that are read once, if there is one."""
    return "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
