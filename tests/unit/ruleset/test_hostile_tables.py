"""Overlays and reference lists, as Python values and as files, that no valid rule file could contain."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest

import premigrate
from tests.payloads import AS_OF

CIRCLE: dict[str, Any] = {}
CIRCLE["a"] = CIRCLE
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]
DK: dict[Any, Any] = {"market": {"extends": "dk"}}


def mistakes(**arguments: Any) -> str:
    with pytest.raises(premigrate.BadRules) as info:
        premigrate.Validator(market="dk", as_of=AS_OF, **arguments)
    return str(info.value)


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ({**DK, "rule": CIRCLE}, "contains itself"),
        ({**DK, "rule": {"a": time(12)}}, "[rule.a]: contains a TOML time"),
        ({**DK, "rule": DEEP}, "is nested more than 50 levels deep"),
        ({**DK, "rule": 10**5_000}, "too many digits to be read"),
        ({**DK, "rule": "\ud800"}, "contains a lone surrogate"),
        ({**DK, "\ud800": "a"}, "contains a lone surrogate"),
        ({**DK, 1: "a"}, "[1]: unknown key '1'"),
        ({**DK, None: None}, "[null]: unknown key 'null'"),
        ({**DK, "object": {1: {2: 3}}}, "[object.1]"),
        ({**DK, "rule": {1, 2}}, "contains a value that TOML does not have"),
        ({**DK, "list": {"ledger_codes": {"values": ["0000000000-9999999999"]}}}, "more than 1000000 numbers"),
        ({**DK, "list": {"ledger_codes": {"values": ["000001-999999"] * 3}}}, "more than 1000000 numbers"),
        ("a\0b", "the overlay cannot be read: the path contains a character that is not allowed in paths"),
    ],
    ids=range(13),
)
def test_invalid_overlay_is_reported(overlay: Any, expected: str) -> None:
    assert expected in mistakes(overlay=overlay)


@pytest.mark.parametrize("overlay", [1, [], b"x"])
def test_overlay_of_wrong_type_raises(overlay: Any) -> None:
    with pytest.raises(premigrate.BadArgument, match="overlay must be a path or a mapping"):
        premigrate.Validator(market="dk", as_of=AS_OF, overlay=overlay)


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ({"ledger_codes": [10**5_000]}, "a value that is not a string, number or date"),
        ({"ledger_codes": DEEP}, "a value that is not a string, number or date"),
        ({1: ["a"]}, "must be a string, not int"),
        ("a\0.txt", "the path contains a character that is not allowed in paths"),
    ],
    ids=range(4),
)
def test_invalid_reference_list_is_reported(references: Any, expected: str) -> None:
    assert expected in mistakes(references=references)


@pytest.mark.parametrize("references", [1, [], b"x"])
def test_references_of_wrong_type_raise(references: Any) -> None:
    with pytest.raises(premigrate.BadArgument, match="references must be a path or a mapping"):
        premigrate.Validator(market="dk", as_of=AS_OF, references=references)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("campaigns.csv", '"' + "a" * 200_000 + "\nx\n", "line 1: this is not CSV: a quoted value does not end"),
        ("lists.toml", "ledger_codes = " + "[" * 100_000, "nested too deeply"),
        ("lists.toml", "ledger_codes = [" + "9" * 5_000 + "]", "more than 64 bits"),
    ],
)
def test_invalid_file_is_reported(tmp_path: Path, name: str, text: str, expected: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert expected in mistakes(references=file)
