"""Texts are filled with what they mention, and once more without it where it is personal."""

import pytest

from premigrate.engine.findings import attr_of, engine_advice, render_detail, render_detail_masked


@pytest.mark.parametrize(
    ("template", "is_personal", "expected"),
    [
        ("{value} is wrong.", True, ("Berg is wrong.", "*** is wrong.")),
        ("{value} is wrong.", False, ("Berg is wrong.", "")),
        ("At most {max_length}.", True, ("At most 5.", "")),
        ("{value} of {max_length}, not {input}.", True, ("Berg of 5, not {input}.", "*** of 5, not {input}.")),
        ("{input} is wrong.", True, ("{input} is wrong.", "")),
    ],
)
def test_a_text_is_masked_if_it_tells_something_personal(
    template: str, is_personal: bool, expected: tuple[str, str]
) -> None:
    assert render_detail_masked(template, lambda _: is_personal, ("a",), value="Berg", max_length=5) == expected


def test_what_looks_hidden_is_not_hidden_once_more() -> None:
    assert render_detail_masked("{value} is wrong.", lambda _: True, ("a",), value="***") == ("*** is wrong.", "")


def test_what_is_not_asked_for_is_not_asked() -> None:
    def never(_: object) -> bool:
        raise AssertionError("a text without the value need not know")

    assert render_detail_masked("Wrong.", never, ("a",), value="Berg") == ("Wrong.", "")


def test_braces_that_say_nothing_stay() -> None:
    assert render_detail("{a} and {b}", a=1) == "1 and {b}"
    assert attr_of(("customers", 0, "landline")) == "customers.0.landline"


def test_advice_without_a_text_is_switched_off() -> None:
    assert engine_advice({}, "odd_thing", ("a",)) is None
    advice = engine_advice({"odd_thing": "{name}?"}, "odd_thing", ("a", 0), name="x")
    assert advice is not None
    assert (advice.detail, advice.attr, advice.rule) == ("x?", "a.0", "odd-thing")
