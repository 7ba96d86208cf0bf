"""Detects how the accounts in a text are laid out, by its first bytes and its name."""

from typing import Literal, TypeAlias

from premigrate.documents.compression import BLOCK_SIZE

TextLayout: TypeAlias = Literal["yaml", "lines", "array", "document"]

UTF8_BOM = b"\xef\xbb\xbf"
COMPRESSED_SUFFIXES = (".gz", ".zst")
_YAML, _LINES = (".yaml", ".yml"), (".ndjson", ".jsonl")


def detect_layout(name: str, head: bytes, *, is_all: bool) -> TextLayout:
    """Detect the layout of a text. The content takes precedence over the name, except for YAML.

    Args:
        name: the name of the file: only it indicates YAML, and it decides between lines and a document in doubt.
        head: the first bytes, without a byte order mark.
        is_all: whether ``head`` is the whole text.

    """
    name = name.lower()
    for ending in COMPRESSED_SUFFIXES:
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
        return "document" if _is_multiline_object(first, rest) else "lines"
    return "lines" if has_more and head.startswith(b"{") and _is_json_object(first) else "document"


def _is_multiline_object(first: bytes, rest: bytes) -> bool:
    """Return whether a text looks like one object over several lines rather than one on each line."""
    return first.startswith(b"{") and bool(rest) and not rest.startswith(b"{") and not _is_json_object(first)


def _is_json_object(line: bytes) -> bool:
    """Return whether a line is a complete JSON object."""
    if not line.rstrip().endswith(b"}") or len(line) > BLOCK_SIZE:
        return False
    from json import loads

    try:
        loads(line)
    except (ValueError, RecursionError):
        return False
    return True
