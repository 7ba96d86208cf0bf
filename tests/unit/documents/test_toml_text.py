"""TOML is parsed in bounded time, and hostile texts are refused."""

import time
from decimal import Decimal

import pytest

from premigrate.documents.toml_text import TomlError, read_toml


def test_tables_and_decimals() -> None:
    assert read_toml('a.b.c = 1\n"x.y" = 2.50\n', Decimal) == {"a": {"b": {"c": 1}}, "x.y": Decimal("2.50")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "Invalid value (at end of document)"),
        ("a = 1\nb = \0", "Invalid value (at line 2, column 5)"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "{a=" * 100_000, "nested too deeply"),
        ("a = " + "9" * 5_000, "contains an integer of more than 64 bits"),
        ("a = [{b = 0x" + "f" * 50_000 + "}]", "contains an integer of more than 64 bits"),
        ("\n" + ".".join(["a"] * 100_000) + " = 1", "a key of more than 50 names joined by dots (at line 2)"),
        (
            "[" + " . ".join(['"a"', "b", "'c'"] * 50_000) + "]",
            "a key of more than 50 names joined by dots (at line 1)",
        ),
    ],
)
def test_hostile_text_is_refused(text: str, message: str) -> None:
    with pytest.raises(TomlError) as info:
        read_toml(text)
    assert str(info.value) == message


@pytest.mark.parametrize("text", ["a" * 999_000, "a." * 40 + " " * 999_000, '"' * 999_000, '"a".' * 49 * 5_000])
def test_search_for_long_keys_is_fast(text: str) -> None:
    started = time.process_time()
    with pytest.raises(TomlError):
        read_toml(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text", ["a = '" + "e.g. this, " * 999 + "'", "a = [" + "1.5, " * 999 + "]", "a.b.c.d.e.f = 1"]
)
def test_other_dots_are_accepted(text: str) -> None:
    assert read_toml(text)["a"]
