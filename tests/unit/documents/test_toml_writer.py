"""A written overlay is read back unchanged."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.toml_writer import render_overlay
from tests.growth import grows_linearly

UNUSUAL = (
    "",
    "a b",
    "a.b",
    'a"b',
    "a\\b",
    "a\nb\tc\r",
    "\x00\x1f\x7f\x80",
    "é\u2028\U0001f600",
    "#",
    "'''",
    "=",
    "[a]",
)
INVISIBLE = "\x9b\u202e\U000e0041"
LONG = [f"choice {number}" for number in range(30)]


def tables(text: str) -> dict[str, Any]:
    field = {"type": "choice", "choices": [text, *LONG], "required": True, "max_length": 7, "because": text}
    return {
        "market": {"extends": "pt", "title": text, "suppliers": LONG},
        "defaults": {"basis": "observed", "source": text},
        "disabled": {text: text, "a-rule": text},
        "enabled": {},
        "scheme": {"phone": {"format": "phone", "arguments": {"region": text, "fields": [1, -2]}, "good": [text]}},
        "list": {"a_list": {"values": [text, *LONG]}, "rows": {"values": [[text, "b"], ["c", text]]}},
        "change": {text: {"fields": {text: field}, "variants": {text: {"drop": True, "because": text}}}},
        "object": {
            "thing": {"about": text, "select": text, "variants": {text: "a"}, "fields": {text: field}},
            "bare": {},
        },
        "rule": [
            {"id": text, "when": {text: {"<": text}}, "total": {"add": [text], "within": 0.5}},
            {"id": "other", "good": [{"a": [{"b": [1.5]}]}]},
        ],
        "attr_change": {text: {"attr": text, "because": text}},
    }


@pytest.mark.parametrize("text", [*UNUSUAL, INVISIBLE])
def test_unusual_text_round_trips(text: str) -> None:
    written = render_overlay(tables(text), text)
    assert tomllib.loads(written) == tables(text)
    assert all(line.isprintable() for line in written.split("\n"))


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_text_round_trips(text: str) -> None:
    assert tomllib.loads(render_overlay({"disabled": {text: text}}, text)) == {"disabled": {text: text}}


def test_lone_surrogate_is_replaced() -> None:
    assert tomllib.loads(render_overlay({"disabled": {"a": "\ud800"}}, "a")) == {"disabled": {"a": "?"}}
    render_overlay({}, "\ud800").encode("utf-8", "backslashreplace")


def test_fields_take_one_line_and_long_lists_are_wrapped() -> None:
    written = render_overlay(tables("x"), "An overlay\nof a tenant")
    assert written.startswith("# An overlay of a tenant\n\n[market]\n")
    assert '    "choice 29",\n]\n' in written
    assert "[change.x.fields]\nx = {type = " in written


def test_value_without_a_toml_type_raises_type_error() -> None:
    with pytest.raises(TypeError):
        render_overlay({"market": {"title": None}}, "x")


def test_time_grows_with_the_number_of_choices_and_entries() -> None:
    def make(size: int) -> Callable[[], object]:
        tables = {
            "list": {"a": {"values": [f"S{i}" for i in range(size)]}},
            "disabled": {f"a{i}": "x" for i in range(size)},
        }
        return lambda: render_overlay(tables, "x")

    assert grows_linearly(make, 4_000, 200)
