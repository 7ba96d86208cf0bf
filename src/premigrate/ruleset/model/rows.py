"""Compact storage for the rows of a long reference list; a million rows take about 20 MB."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload


class CompactRows(Sequence[tuple[str, ...]]):
    """A sequence of rows of strings, all with the same number of cells."""

    __hash__ = None  # type: ignore[assignment]  # mutable, and equal to a tuple of the same rows

    def __init__(self, width: int, rows: Iterable[tuple[str, ...]] = ()) -> None:
        self._width = width
        self._texts = bytearray()
        self._ends = array("Q", [0])
        for row in rows:
            self.append(row)

    def append(self, row: tuple[str, ...]) -> None:
        """Append a row."""
        for cell in row:
            self._texts += cell.encode("utf-8", "surrogatepass")
            self._ends.append(len(self._texts))

    def __len__(self) -> int:
        return (len(self._ends) - 1) // self._width

    @overload
    def __getitem__(self, index: int) -> tuple[str, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[tuple[str, ...], ...]: ...

    def __getitem__(self, index: int | slice) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        if isinstance(index, slice):
            return tuple(self._row(each) for each in range(*index.indices(len(self))))
        return self._row(range(len(self))[index])

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return map(self._row, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, CompactRows | tuple) and len(self) == len(other) and all(map(tuple.__eq__, self, other))
        )

    def _row(self, index: int) -> tuple[str, ...]:
        first = index * self._width
        return tuple(self._cell(place) for place in range(first, first + self._width))

    def _cell(self, place: int) -> str:
        return self._texts[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")
