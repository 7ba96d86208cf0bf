"""Patterns of supplier codes clash if a code exists that both match."""

from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.tenant.market.supplier_clashes import overlap, supplier_clashes

TEXTS = ["".join(letters) for size in range(7) for letters in product("ab", repeat=size)]
PATTERNS = st.text("ab*?", max_size=3)


@given(PATTERNS, PATTERNS)
def test_patterns_overlap_if_a_text_matches_both(first: str, second: str) -> None:
    common = [text for text in TEXTS if fnmatchcase(text, first) and fnmatchcase(text, second)]
    assert overlap(first, second) is bool(common)
    assert overlap(second, first) is bool(common)


@pytest.mark.parametrize(("pattern", "other"), [("NORD*", "NORDLYS*"), ("*", "X"), ("A*B", "*AB*"), ("SAME", "SAME")])
def test_clash_names_both_patterns(pattern: str, other: str) -> None:
    assert list(supplier_clashes([pattern], {"xx": [other]})) == [(pattern, "xx", other)]


def test_other_beginnings_do_not_clash() -> None:
    assert list(supplier_clashes(["OURS*"], {"xx": ["THEIRS*", "OUR"]})) == []
