"""Replaces characters that cannot be printed, with the same result in every Python version.

``str.isprintable`` depends on the Unicode version of the interpreter. The set here is fixed: control and format
characters, spaces other than U+0020, surrogates, private use, noncharacters, and code points reserved for more of
these. Other unassigned code points count as printable.
"""

import re
from collections.abc import Callable

_UNPRINTABLE = (
    "[\\x00-\\x1f\\x7f-\\xa0\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u1680\\u180e\\u2000-\\u200f"
    "\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ud800-\\uf8ff\\ufdd0-\\ufdef\\ufeff\\ufff0-\\ufffb\\ufffe\\uffff"
    "\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a"
    "\\U000e0000-\\U000e00ff\\U000e01f0-\\U000e0fff\\U000f0000-\\U0010ffff]"
)


def is_printable(text: str) -> bool:
    """Return whether all characters of a text can be printed."""
    return text.isprintable() if text.isascii() else not re.search(_UNPRINTABLE, text)


def replace_unprintable(text: str, replacement: Callable[[str], str]) -> str:
    """Replace each character that cannot be printed by what ``replacement`` returns for it."""
    return text if is_printable(text) else re.sub(_UNPRINTABLE, lambda match: replacement(match[0]), text)


def replace_unprintable_in_lines(text: str, replacement: Callable[[str], str]) -> str:
    """Replace characters as `replace_unprintable` does, but keep line feeds."""
    return "\n".join(replace_unprintable(line, replacement) for line in text.split("\n"))
