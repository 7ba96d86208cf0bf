"""Parses TOML in linear time with limits for untrusted text."""

import re
import tomllib
from collections.abc import Callable, Iterable
from typing import Any

_POSITION = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")
_MAX_NAMES = 50
_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_NAME}){{{_MAX_NAMES}}}")
_MAX_BITS = 64  # largest integer in bits (TOML 1.0)
_TOO_LARGE = f"contains an integer of more than {_MAX_BITS} bits"


class TomlError(ValueError):
    """The text is not TOML, or exceeds a limit; ``position`` is its position, empty if it is unknown."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message, self.position = message, place

    def __str__(self) -> str:
        """Return the message with the position."""
        return f"{self.message} (at {self.position})" if self.position else self.message


def read_toml(text: str, parse_float: Callable[[str], object] = float) -> dict[str, Any]:
    """Parse TOML.

    Args:
        text: the whole text.
        parse_float: converts the text of a float, as for `tomllib.loads`.

    Raises:
        TomlError: the text is not TOML, is nested too deeply, has a dotted key of more than 50 names (the parser takes
            quadratic time for them), or an integer of more than 64 bits.

    """
    if long_key := _LONG_KEY.search(text):
        place = f"line {text.count(chr(10), 0, long_key.start()) + 1}"
        raise TomlError(f"a key of more than {_MAX_NAMES} names joined by dots", place)
    try:
        tables = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        position_match = _POSITION.search(str(error))
        raise TomlError(_POSITION.sub("", str(error)), position_match[1] if position_match else "") from None
    except RecursionError:
        raise TomlError("nested too deeply") from None
    except ValueError:  # CPython limits the number of digits of an integer
        raise TomlError(_TOO_LARGE) from None
    if not all(integer.bit_length() <= _MAX_BITS for integer in _integers(tables)):
        raise TomlError(_TOO_LARGE)
    return tables


def _integers(tables: dict[str, Any]) -> Iterable[int]:
    left: list[Any] = [tables]
    while left:
        value = left.pop()
        if isinstance(value, int):
            yield value
        elif isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value
