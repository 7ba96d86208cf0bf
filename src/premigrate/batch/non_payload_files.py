"""Recognises files without payloads, such as the README.md in a folder of payloads."""

import re

from premigrate.batch.inputs import PAYLOAD_SUFFIXES, TABLE_SUFFIXES
from premigrate.documents.text_layout import COMPRESSED_SUFFIXES

_TEXTS = tuple(ending for ending in PAYLOAD_SUFFIXES if not ending.endswith((*COMPRESSED_SUFFIXES, *TABLE_SUFFIXES)))
NOT_A_PAYLOAD_FILE = (
    f"skipped: this is not a payload file; the names of payload files end in {', '.join((*_TEXTS, *TABLE_SUFFIXES))}, "
    f"and may end in {' or '.join(COMPRESSED_SUFFIXES)} after that"
)

_MARKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks, zero bytes of UTF-16 and UTF-32, blanks
_JSON = re.compile(rb"""\{|\[[\s\0[]*(?:[]{"0-9-]|true|false|null|$)""")
"""The beginning of a JSON object or array, but not of an INI or TOML section, or of a Markdown link."""


def looks_like_json(head: bytes) -> bool:
    """Return whether a text may be a JSON object or array, by its first bytes."""
    return _JSON.match(head.lstrip(_MARKS)) is not None
