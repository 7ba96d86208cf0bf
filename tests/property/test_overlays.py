"""Any overlay either loads and validates any account, or is rejected with its mistakes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import overlay_from_grammar


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1500, max_size=2500))
def test_generated_overlay_loads_or_is_rejected(data: bytes) -> None:
    overlay_from_grammar(data)
