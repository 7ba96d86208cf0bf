"""Shares are written so that nobody takes nearly for wholly."""

from hypothesis import given
from hypothesis import strategies as st

from premigrate.compare.report import format_percent


@given(st.integers(1, 10**9), st.data())
def test_shares_are_rounded_down(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    said = format_percent(part, whole)
    assert (said == "100.0 %") == (part == whole)
    assert (said == "0.0 %") == (part == 0)
    assert said == "<0.1 %" or float(said.removesuffix(" %")) * whole <= part * 100 * (1 + 1e-12)
