"""Percentages are rounded so that only the whole is 100 %."""

from hypothesis import given
from hypothesis import strategies as st

from premigrate.compare.report import format_percent


@given(st.integers(1, 10**9), st.data())
def test_percentages_are_rounded_down(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    text = format_percent(part, whole)
    assert (text == "100.0 %") == (part == whole)
    assert (text == "0.0 %") == (part == 0)
    assert text == "<0.1 %" or float(text.removesuffix(" %")) * whole <= part * 100 * (1 + 1e-12)
