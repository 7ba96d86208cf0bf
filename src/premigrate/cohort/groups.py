"""Turns the rows of one key into a group of holders, if they clash."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from premigrate.cohort.clashes import Holder

DIGEST = 32
"""Bytes of the digest of one value."""

ABSENT = bytes(DIGEST)
"""Stands for a value that is not there."""


class Group(NamedTuple):
    """All holders of one key, which clash, each place once.

    ``key`` is written as it may be shown. ``differing`` are the positions in what must be the same that are not.
    """

    rule: str
    key: str
    holders: tuple[Holder, ...]
    differing: tuple[int, ...] = ()


def to_bytes(text: str) -> bytes:
    """Write any text as bytes, halves of surrogate pairs too, which JSON and names of files may have."""
    return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes) -> str:
    """Read a text that was written as bytes."""
    return data.decode("utf-8", "surrogatepass")


def make_group(rows: Sequence[tuple[Any, ...]]) -> Group | None:
    """Make a group of the rows of one key.

    Each row is: rule, key, key to show, whether a reference list tells of it, digests of what must be the same, then
    the place. None if the rows are of one account, which may have been added twice, or agree after all.
    """
    rule, key, shown, is_listed, first, *_ = rows[0]
    found = {_holder(row): row[4] for row in rows}
    holders = tuple(sorted(found, key=_order))
    differing = _differing(found, is_listed=is_listed) if first is not None else ()
    if not is_listed and (_count(holders) < 2 or (first is not None and not differing)):
        return None
    return Group(rule, to_text(key if shown is None else shown), holders, differing)


def _holder(row: tuple[Any, ...]) -> Holder:
    file, position, line, reference, attr = row[5:]
    return Holder(to_text(file), position, line, to_text(reference), to_text(attr))


def _order(holder: Holder) -> tuple[object, ...]:
    """Order holders by name of file, then as they stand there: the tenth item after the second."""
    steps = [(int(step), "") if step.isdigit() else (-1, step) for step in holder.attr.split(".")]
    return to_bytes(holder.file), holder.position, holder.line, steps, holder.account


def _count(holders: Sequence[Holder]) -> int:
    return len({(each.file, each.position, each.line) for each in holders})


def _differing(found: dict[Holder, bytes], *, is_listed: bool) -> tuple[int, ...]:
    """Find the positions at which two accounts say different things; against a list, those of which it does."""
    size = len(next(iter(found.values()))) // DIGEST
    return tuple(position for position in range(size) if _differs(found, position * DIGEST, is_listed=is_listed))


def _differs(found: dict[Holder, bytes], start: int, *, is_listed: bool) -> bool:
    said = {holder: same[start : start + DIGEST] for holder, same in found.items()}
    told = [holder for holder, digest in said.items() if digest != ABSENT]
    if is_listed:
        return bool(told)
    return len({said[holder] for holder in told}) > 1 and _count(told) > 1
