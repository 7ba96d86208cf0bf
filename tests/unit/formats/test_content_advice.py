"""Advice on the content of texts, and on dates that stand for no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.formats.garbled_text import decode_again
from premigrate.formats.value_advice import date_advice, is_ordinary, text_advice

CHECK = text_advice(blank=True)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzABCÆØÅæøåÃÇÕãçõéíóúàêô .-'", min_size=1).map(str.strip).filter(bool)


def codes(text: str) -> tuple[str, ...]:
    return CHECK(text, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NULL", ["placeholder_text"]),
        ("N/A", ["placeholder_text"]),
        ("-", ["placeholder_text"]),
        ("nan", ["placeholder_text"]),
        ("Null", []),
        ("Nan", []),
        ("NULLA", []),
        ("Smith &amp; Sons", ["html_entity"]),
        ("S&#248;ren", ["html_entity"]),
        ("Smith & Sons; R&D", []),
        ("J\ufffdrgen", ["replacement_character"]),
        ("BjÃ¶rn", ["garbled_text"]),
        ("SÃ£o JoÃ£o", ["garbled_text"]),
        ("â€œThe Terraceâ€\x9d", ["garbled_text"]),
        ("â€œThe Terraceâ\x80\x9d", []),
        ("SÃO JOÃO", []),
        ("Âncora", []),
        ("BjÃ¶rn &amp; Co", ["html_entity", "garbled_text"]),
    ],
)
def test_advice_on_content(text: str, expected: list[str]) -> None:
    assert list(codes(text)) == expected


@given(LETTERS)
def test_texts_read_with_the_right_encoding_get_no_advice(text: str) -> None:
    assert codes(text) in {(), ("placeholder_text",)}


@given(LETTERS, st.sampled_from(["cp1252", "latin-1"]))
def test_texts_read_with_the_wrong_encoding_get_advice(text: str, encoding: str) -> None:
    try:
        garbled = text.encode().decode(encoding)
    except UnicodeDecodeError:
        return
    assert ("garbled_text" in codes(garbled)) == (garbled != text)
    assert decode_again(garbled) == (text if garbled != text else None)


@given(st.text(), st.integers(1, 3), st.sampled_from(["cp1252", "latin-1"]))
def test_decoding_again_reverses_wrong_decoding(text: str, times: int, encoding: str) -> None:
    garbled = text
    for _ in range(times):
        try:
            garbled = garbled.encode().decode(encoding)
        except UnicodeError:
            return
    assert decode_again(garbled) == (None if garbled == text else decode_again(text) or text)


@given(st.text() | st.text("ÃÂâ€œ\x80\x9d\xa3\xb3a"))
def test_text_with_advice_can_be_decoded_again_until_it_has_none(text: str) -> None:
    decoded = decode_again(text)
    if "garbled_text" in codes(text):
        assert decoded is not None
    if decoded is not None:
        assert (len(decoded) < len(text), decode_again(decoded)) == (True, None)
        assert "garbled_text" not in codes(decoded)


@given(st.text())
def test_ordinary_texts_get_no_advice_on_their_content(text: str) -> None:
    if is_ordinary(text):
        assert not set(codes(text)) - {"blank_text"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1, 1, 1), ("placeholder_date",)),
        (date(9999, 12, 31), ("placeholder_date",)),
        (date(2, 1, 1), ()),
        (date(9998, 1, 1), ()),
    ],
)
def test_dates_that_stand_for_no_date(day: date, expected: tuple[str, ...]) -> None:
    assert date_advice(None, day) == expected
