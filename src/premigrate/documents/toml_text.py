"""Turns the text of a TOML file into tables, or says why it can't be one, however hostile the text is."""

import re
import tomllib
from collections.abc import Callable, Iterable
from typing import Any

_PLACE = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")
_MOST_STEPS = 50
_STEP = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_STEP}){{{_MOST_STEPS}}}")
_WIDEST = 64  # bits of an integer, as TOML has it
_TOO_LARGE = f"holds an integer of more than {_WIDEST} bits"


class NotToml(ValueError):
    """The text is not TOML, or goes beyond what can be read; ``place`` is where, if that is known."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message, self.place = message, place

    def __str__(self) -> str:
        """Say both."""
        return f"{self.message} (at {self.place})" if self.place else self.message


def read_toml(text: str, parse_float: Callable[[str], object] = float) -> dict[str, Any]:
    """Read TOML.

    Args:
        text: all of it.
        parse_float: what becomes of numbers with a fraction.

    Raises:
        NotToml: it is not TOML, is nested too deeply, has a key of more than fifty steps (which would take a time
            that grows with their square), or an integer of more than 64 bits.

    """
    if long_key := _LONG_KEY.search(text):
        place = f"line {text.count(chr(10), 0, long_key.start()) + 1}"
        raise NotToml(f"a key of more than {_MOST_STEPS} names joined by dots", place)
    try:
        tables = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        place_told = _PLACE.search(str(error))
        raise NotToml(_PLACE.sub("", str(error)), place_told[1] if place_told else "") from None
    except RecursionError:
        raise NotToml("nested too deeply to be read") from None
    except ValueError:  # CPython's guard against integers of many thousand digits
        raise NotToml(_TOO_LARGE) from None
    if not all(integer.bit_length() <= _WIDEST for integer in _integers(tables)):
        raise NotToml(_TOO_LARGE)
    return tables


def _integers(tables: dict[str, Any]) -> Iterable[int]:
    left: list[Any] = [tables]
    while left:
        value = left.pop()
        if isinstance(value, int):
            yield value
        elif isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value
