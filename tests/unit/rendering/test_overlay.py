"""An overlay that is written is read back as it was."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from premigrate.rendering.overlay import render_overlay

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
KEYS = st.one_of(
    st.from_regex("[a-z_]{1,8}", fullmatch=True), st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
)
SCALARS = st.one_of(TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=8) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
FIELDS = st.fixed_dictionaries(
    {"fields": st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), min_size=1, max_size=3)}
)


@given(
    st.fixed_dictionaries(
        {
            "market": st.dictionaries(KEYS, VALUES, max_size=4),
            "off": st.dictionaries(KEYS, TEXTS),
            "scheme": st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=3),
            "list": st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=3),
            "change": st.dictionaries(KEYS, FIELDS, max_size=3),
            "object": st.dictionaries(KEYS, FIELDS, max_size=3),
        }
    ),
    TEXTS,
)
def test_what_is_written_is_read_back(tables: dict[str, Any], about: str) -> None:
    read = tomllib.loads(render_overlay(tables, about))
    expected = {name: table for name, table in tables.items() if table or name in {"market", "off"}}
    assert read == expected
