import time
from decimal import Decimal

import pytest

from premigrate.documents.toml_text import TomlError, read_toml


def test_tables_come_as_they_stand() -> None:
    assert read_toml('a.b.c = 1\n"x.y" = 2.50\n', Decimal) == {"a": {"b": {"c": 1}}, "x.y": Decimal("2.50")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = ", "Invalid value (at end of document)"),
        ("a = 1\nb = \0", "Invalid value (at line 2, column 5)"),
        ("a = " + "[" * 100_000, "nested too deeply to be read"),
        ("a = " + "{a=" * 100_000, "nested too deeply to be read"),
        ("a = " + "9" * 5_000, "holds an integer of more than 64 bits"),
        ("a = [{b = 0x" + "f" * 50_000 + "}]", "holds an integer of more than 64 bits"),
        ("\n" + ".".join(["a"] * 100_000) + " = 1", "a key of more than 50 names joined by dots (at line 2)"),
        (
            "[" + " . ".join(['"a"', "b", "'c'"] * 50_000) + "]",
            "a key of more than 50 names joined by dots (at line 1)",
        ),
    ],
)
def test_what_is_hostile_is_told(text: str, told: str) -> None:
    with pytest.raises(TomlError) as info:
        read_toml(text)
    assert str(info.value) == told


@pytest.mark.parametrize("text", ["a" * 999_000, "a." * 40 + " " * 999_000, '"' * 999_000, '"a".' * 49 * 5_000])
def test_looking_for_long_keys_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(TomlError):
        read_toml(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text", ["a = '" + "e.g. this, " * 999 + "'", "a = [" + "1.5, " * 999 + "]", "a.b.c.d.e.f = 1"]
)
def test_other_dots_are_no_long_keys(text: str) -> None:
    assert read_toml(text)["a"]
