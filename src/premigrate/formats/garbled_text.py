"""Recognizes and repairs texts that are UTF-8 and were decoded as Windows-1252 or Latin-1."""

from __future__ import annotations

_CHARACTERS = {byte: char for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))}
"""The characters that Windows-1252 has in place of control characters of Latin-1, by their byte."""
_BYTES = {ord(char): byte for byte, char in _CHARACTERS.items()}


def decode_again(text: str) -> str | None:
    """Return a text decoded as UTF-8, or None if it is not UTF-8 that was decoded as Windows-1252 or Latin-1.

    Other texts with letters outside ASCII are hardly ever UTF-8. A text that was decoded wrongly several times is
    decoded as often.
    """
    found = None
    while (better := _decode_once(text)) is not None:
        found = text = better
    return found


def is_garbled(text: str) -> bool:
    """Return whether a text is UTF-8 that was decoded as Windows-1252 or Latin-1."""
    return _decode_once(text) is not None


def _decode_once(text: str) -> str | None:
    try:
        content = text.translate(_BYTES).encode("latin-1")
        decoded = content.decode()
    except UnicodeError:
        return None
    in_latin_1 = content.decode("latin-1")
    is_certain = text in {in_latin_1, in_latin_1.translate(_CHARACTERS)}  # not of both encodings
    return decoded if is_certain and decoded != text else None
