"""Writes payloads as YAML in many ways: block and flow style, all quotes, comments and blank lines."""

import json
import re
from random import Random
from typing import Any

_PLAIN = re.compile("[a-z]+")
_WORDS = {"null", "true", "false"}


class YamlWriter:
    """Writes a payload as YAML. Each text is on one line, except in block style."""

    def __init__(self, seed: int, line: str, *, has_block_texts: bool = True) -> None:
        self._random, self._line, self._has_blocks = Random(seed), line, has_block_texts  # noqa: S311 - not for secrets
        self._comments = 0

    def write(self, data: dict[str, Any]) -> str:
        text = "".join(f"{self._note()}{line}\n" for line in self._mapping(data, 0, "", may_be_flow=False))
        if self._chance(0.3):
            text = text.removesuffix("\n")
        return text.replace("\n", self._line)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _note(self) -> str:
        """Return nothing, a blank line, or a line with a comment."""
        if self._chance(0.8):
            return ""
        return self._random.choice(["\n", f"# note {self._next()}\n"])

    def _next(self) -> int:
        self._comments += 1
        return self._comments

    def _beside(self) -> str:
        return f" # beside {self._next()}" if self._chance(0.2) else ""

    def _value(self, data: Any, indent: int, before: str) -> list[str]:
        """Write a value behind ``before``, such as a key; the lines below are indented."""
        if isinstance(data, dict | list) and data and self._chance(0.7):
            if isinstance(data, dict):
                return self._mapping(data, indent, before)
            deeper = indent + (2 if self._chance(0.5) and not before.endswith("- ") else 0)
            lines = [f"{before.rstrip()}{self._beside()}"] if before.rstrip().endswith(":") else []
            first = "" if lines else before
            for item in data:
                lines += self._value(item, deeper + 2, f"{first or ' ' * deeper}- ")
                first = ""
            return lines
        if isinstance(data, str) and self._has_blocks and _PLAIN.fullmatch(data) and self._chance(0.2):
            return [f"{before}|-\n{' ' * (indent + 2)}{data}"]
        if data is None and self._chance(0.3):
            return [f"{before.rstrip()}{self._beside()}"]
        return [f"{before}{self._flow(data)}{self._beside()}"]

    def _mapping(self, data: dict[str, Any], indent: int, before: str, *, may_be_flow: bool = True) -> list[str]:
        lines = []
        if before.rstrip().endswith(":"):
            lines.append(f"{before.rstrip()}{self._beside()}")
            indent, before = indent + 2, ""
        first = before
        for key, value in data.items():
            lines += self._value(value, indent, f"{first or ' ' * indent}{self._text(key)}: ")
            first = ""
        return lines if lines or not may_be_flow else [f"{before}{{}}"]

    def _flow(self, data: Any) -> str:
        space = self._random.choice(["", " "])
        if isinstance(data, dict):
            pairs = ", ".join(f"{self._text(key)}: {self._flow(value)}" for key, value in data.items())
            return f"{{{space}{pairs}{space}}}"
        if isinstance(data, list):
            return f"[{space}{f',{space}'.join(map(self._flow, data))}{space}]"
        return self._text(data) if isinstance(data, str) else json.dumps(data)

    def _text(self, text: str) -> str:
        if _PLAIN.fullmatch(text) and text not in _WORDS and self._chance(0.5):
            return text
        if text.isprintable() and self._chance(0.4):
            return "'{}'".format(text.replace("'", "''"))
        quoted = "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text.replace("\\", "\\\\"))
        return f'"{quoted.replace(chr(34), chr(92) + chr(34))}"'
