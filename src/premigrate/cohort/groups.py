"""Groups the accounts that share one key, if they clash."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from premigrate.cohort.clashes import ClashPlace

DIGEST_SIZE = 32
"""The size of the digest of one value, in bytes."""

ABSENT_DIGEST = bytes(DIGEST_SIZE)
"""The digest of an absent value."""


class KeyGroup(NamedTuple):
    """All places of one key, which clash, each place once.

    ``key`` is the key to display, masked if it is personal. ``differing`` are the indexes of the values that differ
    among those that must be the same.
    """

    rule: str
    key: str
    places: tuple[ClashPlace, ...]
    differing: tuple[int, ...] = ()


def encode_text(text: str) -> bytes:
    """Encode a string as UTF-8, including lone surrogates, which JSON strings and file names can contain."""
    return text.encode("utf-8", "surrogatepass")


def decode_text(data: bytes) -> str:
    """Decode a string that `encode_text` encoded."""
    return data.decode("utf-8", "surrogatepass")


def build_group(rows: Sequence[tuple[Any, ...]]) -> KeyGroup | None:
    """Build the group of the rows of one key, or return None if they do not clash.

    Each row is: rule, encoded key, key to display (None: the key itself), whether it clashes with a reference list,
    digests of the values that must be the same (None: there are none), then the place: file, position, line, account
    number, attr. Rows of one account do not clash (it may have been added twice), nor do rows that agree in all values
    that must be the same.
    """
    rule, key, shown, is_listed, first, *_ = rows[0]
    found = {_holder(row): row[4] for row in rows}
    holders = tuple(sorted(found, key=_sort_key))
    differing = _differing(found, is_listed=is_listed) if first is not None else ()
    if not is_listed and (_count_accounts(holders) < 2 or (first is not None and not differing)):
        return None
    return KeyGroup(rule, decode_text(key if shown is None else shown), holders, differing)


def _holder(row: tuple[Any, ...]) -> ClashPlace:
    file, position, line, reference, attr = row[5:]
    return ClashPlace(decode_text(file), position, line, decode_text(reference), decode_text(attr))


def _sort_key(holder: ClashPlace) -> tuple[object, ...]:
    """Sort key: file name, then document order, with list positions compared as numbers."""
    steps = [(int(step), "") if step.isdigit() else (-1, step) for step in holder.attr.split(".")]
    return encode_text(holder.file), holder.position, holder.line, steps, holder.reference


def _count_accounts(holders: Sequence[ClashPlace]) -> int:
    return len({(each.file, each.position, each.line) for each in holders})


def _differing(found: dict[ClashPlace, bytes], *, is_listed: bool) -> tuple[int, ...]:
    """Return the indexes of values that differ: between two accounts, or from a reference list."""
    size = len(next(iter(found.values()))) // DIGEST_SIZE
    return tuple(index for index in range(size) if _differs(found, index * DIGEST_SIZE, is_listed=is_listed))


def _differs(found: dict[ClashPlace, bytes], start: int, *, is_listed: bool) -> bool:
    digests = {holder: same[start : start + DIGEST_SIZE] for holder, same in found.items()}
    present = [holder for holder, digest in digests.items() if digest != ABSENT_DIGEST]
    if is_listed:
        return bool(present)  # values that agree with the list were blanked when the key was extracted
    return len({digests[holder] for holder in present}) > 1 and _count_accounts(present) > 1
