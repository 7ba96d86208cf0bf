"""Tells from the beginning of a text, and from its name, how accounts stand in it."""

from typing import Literal, TypeAlias

from premigrate.documents.compression import BLOCK

Form: TypeAlias = Literal["yaml", "lines", "array", "document"]

BOM = b"\xef\xbb\xbf"
PACKED = (".gz", ".zst")
_YAML, _LINES = (".yaml", ".yml"), (".ndjson", ".jsonl")


def form_of(name: str, head: bytes, *, is_all: bool) -> Form:
    """Tell the form of a text: what stands in it counts more than its name.

    Args:
        name: its name, which tells YAML, and lines where the text itself leaves a doubt.
        head: how it begins, without a byte order mark.
        is_all: there is nothing more.

    """
    name = name.lower()
    for ending in PACKED:
        name = name.removesuffix(ending)
    if name.endswith(_YAML):
        return "yaml"
    head = head.lstrip()
    if head.startswith(b"["):
        return "array"
    first, end, rest = head.partition(b"\n")
    rest = rest.lstrip()
    has_more = bool(rest) or (not is_all and bool(end))
    if name.endswith(_LINES):
        return "document" if _is_laid_out(first, rest) else "lines"
    return "lines" if has_more and head.startswith(b"{") and _is_whole(first) else "document"


def _is_laid_out(first: bytes, rest: bytes) -> bool:
    """Whether this looks like one object over several lines, not like one on each."""
    return first.startswith(b"{") and bool(rest) and not rest.startswith(b"{") and not _is_whole(first)


def _is_whole(line: bytes) -> bool:
    """Whether a line is JSON by itself."""
    if not line.rstrip().endswith(b"}") or len(line) > BLOCK:
        return False
    from json import loads

    try:
        loads(line)
    except (ValueError, RecursionError):
        return False
    return True
