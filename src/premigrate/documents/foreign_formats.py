"""Recognises files that are not JSON by their first bytes: archives, office files, other encodings, CSV, web pages."""

from __future__ import annotations

import re

BOM = b"\xef\xbb\xbf"
_HEAD = 4096
_SUPPORTED = "premigrate reads JSON, NDJSON, YAML and Parquet"
_UNPACK = "unpack it first (premigrate unpacks only .gz and .zst)"
_EXPORT = f"{_SUPPORTED}: export the accounts as one of these"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", f"this is a ZIP archive; {_UNPACK}"),
    (b"PK\x05\x06", "this is an empty ZIP archive"),
    (b"\xfd7zXZ\x00", f"this is compressed with xz; {_UNPACK}"),
    (b"BZh", f"this is compressed with bzip2; {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", f"this is a 7z archive; {_UNPACK}"),
    (b"Rar!\x1a\x07", f"this is a RAR archive; {_UNPACK}"),
    (b"\x04\x22\x4d\x18", f"this is compressed with LZ4; {_UNPACK}"),
    (b"LZIP\x01", f"this is compressed with lzip; {_UNPACK}"),
    (b"\x1f\x9d", f"this is compressed with compress (.Z); {_UNPACK}"),
    (b"\x1f\x8b", "this is compressed with gzip twice; unpack it once"),
    (b"\x28\xb5\x2f\xfd", "this is compressed twice, the second time with zstd; unpack it once"),
    (b"%PDF-", f"this is a PDF document; {_EXPORT}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"this is a file of Microsoft Office (.xls, .doc, .msg); {_EXPORT}"),
    (b"{\\rtf", f"this is a rich text document (RTF); {_EXPORT}"),
    (b"SQLite format 3\x00", f"this is an SQLite database; {_EXPORT}"),
    (b"PAR1\x15", "this is a Parquet file; give it a name that ends in .parquet"),
    (b"ARROW1\0\0", f"this is an Arrow file; {_EXPORT}"),
    (b"Obj\x01", f"this is an Avro file; {_EXPORT}"),
    (b"\x89PNG\r\n", f"this is a picture; {_EXPORT}"),
    (b"\xff\xd8\xff", f"this is a picture; {_EXPORT}"),
    (b"version https://git-lfs.", "this is a Git LFS pointer, not the file itself; fetch the file with: git lfs pull"),
    (b"-----BEGIN PGP MESSAGE", "this is encrypted with PGP; decrypt it first"),
    (b"age-encryption.org/", "this is encrypted with age; decrypt it first"),
)
_TAR, _TAR_AT = b"ustar", 257
_SPREADSHEETS = (b"xl/", b"opendocument.spreadsheet")
_DOCUMENTS = (b"word/", b"ppt/", b"opendocument.")
_BZIP2 = re.compile(rb"BZh[1-9](?:\x31\x41\x59\x26\x53\x59|\x17\x72\x45\x38\x50\x90)")

_TEXTS = (
    (
        re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE),
        "this is an HTML page, such as a login or error page; download the file itself",
    ),
    (
        re.compile(rb"<{7}"),
        "this text contains conflict markers of an unfinished merge; resolve the conflict, and delete the markers",
    ),
    (re.compile(rb"<[?!/A-Za-z_]"), f"this is XML; {_EXPORT}"),
    (re.compile(rb"```"), "this text is inside a Markdown code block; delete the lines with ```"),
    (
        re.compile(rb"(?:var|let|const|export|import|module\.exports|window)\b"),
        "this is program code; save only the JSON value in it",
    ),
)
_YAML = "this looks like YAML; give it a name that ends in .yaml"
_IS_YAML = re.compile(rb"---\s|%YAML|[A-Za-z_][\w-]*+:[ \t]*+(?:[\r\n]|[^ \t\r\n/])")
_SEPARATORS = (b";", b"\t", b",", b"|")
_QUOTED_CELL = re.compile(rb'"[^"]*"')
_CELL = re.compile(rb'[^"{}\[\]:]*')
_HEADER_CELL = re.compile(rb"\s*[\w.-]{1,60}\s*")


def describe_foreign_format(content: bytes, *, is_yaml: bool = False) -> str | None:
    """Return a message that names the format of a file and how to convert it; None if it may be JSON or is unknown.

    Args:
        content: the file, or its first bytes.
        is_yaml: whether the file may be YAML; then only binary formats and other encodings are recognised.

    """
    head = content[:_HEAD]
    if message := _recognise_signature(head) or _recognise_encoding(head):
        return message
    bare = head.removeprefix(BOM).lstrip()
    return None if is_yaml or not bare or bare[:1] in b"{[" else _recognise_text(bare)


def _recognise_signature(head: bytes) -> str | None:
    if head[_TAR_AT:].startswith(_TAR):
        return f"this is a tar archive; {_UNPACK}"
    message = next((message for signature, message in _SIGNATURES if head.startswith(signature)), None)
    if head.startswith(b"BZh") and not _BZIP2.match(head):
        return None
    if head.startswith(b"PK\x03\x04"):
        if any(each in head for each in _SPREADSHEETS):
            return f"this is a spreadsheet (.xlsx, .ods); {_EXPORT}"
        if any(each in head for each in _DOCUMENTS):
            return f"this is an office document; {_EXPORT}"
    return message


def _recognise_encoding(head: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32, by a byte order mark or by the zero bytes of ASCII characters."""
    start = head[:4]
    if start and not start.strip(b"\0"):
        return (
            "this begins with zero bytes, probably because the file was not written completely; copy or export it again"
        )
    if start in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"} or start[1:] == b"\0\0\0" or start[:3] == b"\0\0\0":
        return "this is UTF-32 text; save it as UTF-8"
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or (len(start) > 1 and (start[1::2].strip(b"\0") == b"")):
        return "this is UTF-16 text; save it as UTF-8"
    if len(start) > 1 and start[::2].strip(b"\0") == b"":
        return "this is UTF-16 text; save it as UTF-8"
    return None


def _recognise_text(head: bytes) -> str | None:
    message = next((message for pattern, message in _TEXTS if pattern.match(head)), None)
    if message is None and _is_csv(head):
        return f"this looks like CSV; {_EXPORT}"
    return message or (_YAML if _IS_YAML.match(head) else None)


def _is_csv(head: bytes) -> bool:
    """Return whether the first lines have the same number of separators; a single line must be a header of names."""
    lines = [_QUOTED_CELL.sub(b"x", line) for line in head.splitlines()[:3] if line.strip()]
    if len(head) >= _HEAD and len(lines) > 1:
        lines = lines[:-1]  # the last line may be truncated
    if any(line.lstrip()[:1] in {b"{", b"["} for line in lines):
        return False
    cell = _CELL if len(lines) > 1 else _HEADER_CELL
    for separator in _SEPARATORS:
        counts = {line.count(separator) for line in lines}
        if len(counts) == 1 and counts != {0} and all(map(cell.fullmatch, lines[0].split(separator))):
            return True
    return False
