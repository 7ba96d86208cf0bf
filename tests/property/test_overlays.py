"""Any overlay that loads answers any account; what does not load is told as a mistake of the overlay."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import overlay_from_grammar


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1500, max_size=2500))
def test_an_overlay_from_the_grammar_loads_or_is_a_mistake(data: bytes) -> None:
    overlay_from_grammar(data)
