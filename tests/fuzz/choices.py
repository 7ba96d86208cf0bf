"""Converts the bytes of a fuzzer into choices: numbers, list members, unusual values, and changes to good ones."""

from __future__ import annotations

import copy
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

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
_MAX_DEPTH = 4


class Choices:
    """Choices determined by bytes, in their order; once none are left, always the first option."""

    def __init__(self, data: bytes) -> None:
        self._data, self._offset = data, 0

    @property
    def left(self) -> int:
        """The number of unread bytes."""
        return len(self._data) - self._offset

    def number(self, below: int) -> int:
        """Choose a number from 0; this reads one byte for a small range, otherwise two."""
        width = 1 if below <= 1 << 8 else 2
        data = self._data[self._offset : self._offset + width]
        self._offset += width
        return int.from_bytes(data, "little") % below

    def one_of(self, options: Sequence[T]) -> T:
        """Choose one of several."""
        return options[self.number(len(options))]

    def some_bytes(self) -> bytes:
        """Choose bytes, at most 255."""
        size = self.number(256)
        data = self._data[self._offset : self._offset + size]
        self._offset += size
        return data

    def rest(self) -> bytes:
        """Return all unread bytes."""
        data = self._data[self._offset :]
        self._offset = len(self._data)
        return data

    def text(self) -> str:
        """Choose a text: an unusual one, or any."""
        if self.number(2):
            return self.some_bytes().decode("utf-8", "surrogateescape")
        return self.one_of(_TEXTS)

    def scalar(self) -> Any:
        """Choose a value that is no list and no object."""
        match self.number(4):
            case 0:
                return None
            case 1:
                return self.one_of(_NUMBERS)
            case _:
                return self.text()

    def value(self, depth: int = 0) -> Any:
        """Choose any JSON value, or a decimal."""
        match self.number(8) if depth < _MAX_DEPTH else 0:
            case 6:
                return [self.value(depth + 1) for _ in range(self.number(4))]
            case 7:
                return {self.text(): self.value(depth + 1) for _ in range(self.number(4))}
            case _:
                return self.scalar()

    def changed(self, value: Any, others: Sequence[Any] = ()) -> Any:
        """Return a changed copy of a value; replacements may be other parts of the value, or one of ``others``."""
        copied = copy.deepcopy(value)
        for _ in range(1 + self.number(8)):
            if not self.left:
                break
            self._change(copied, others)
        return copied

    def _change(self, root: Any, others: Sequence[Any]) -> None:
        container, key = self._choose_place(root)
        if container is None:
            return
        match self.number(8):
            case 0:
                del container[key]
            case 1:
                container[key] = [container[key]] * self.number(4)
            case 2:
                other_container, other_key = self._choose_place(root)
                container[key] = copy.deepcopy(other_container[other_key])
            case 3 if others:
                container[key] = copy.deepcopy(self.one_of(others))
            case 4:
                _add(container, self.text(), container[key])
            case _:
                container[key] = self.value()

    def _choose_place(self, root: Any) -> tuple[Any, Any]:
        """Choose a place; return its container and its key in it, or None for both if there is none."""
        container, key = None, None
        current = root
        while (keys := _keys_of(current)) and (container is None or self.number(4)):
            container, key = current, self.one_of(keys)
            current = container[key]
        return container, key


def _add(container: Any, key: str, value: Any) -> None:
    if isinstance(container, dict):
        container[key] = value
    else:
        container.append(copy.deepcopy(value))


def _keys_of(value: Any) -> list[Any]:
    """Return the keys or the indexes of a value."""
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []


def fast_folder() -> str | None:
    """Return a folder in memory for temporary files; None if there is none."""
    return "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
