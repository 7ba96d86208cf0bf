"""A prefilter takes only what reading in full reads alike, without an error and without advice."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from premigrate.engine.collector import Collector
from premigrate.engine.frames import Frame
from premigrate.engine.leaves import UNSURE, Leaf, make_leaf
from premigrate.engine.program import ValueSpec
from premigrate.engine.read_leaf import read_leaf
from tests.conftest import validator_of
from tests.payloads import AS_OF

ENGINE = validator_of("dk")._engine
VALUES = [
    ValueSpec("string", max_length=5),
    ValueSpec("string", blank=True, expects_blank=True),
    ValueSpec("email", max_length=12),
    ValueSpec("date"),
    ValueSpec("datetime"),
    ValueSpec("decimal", max_digits=6, decimal_places=2),
    ValueSpec("decimal"),
    ValueSpec("decimal", max_digits=4, decimal_places=4, nullable=True),
    ValueSpec("integer", min=Decimal(-5), max=Decimal(2**60)),
    ValueSpec("boolean", nullable=True),
    ValueSpec("choice", choices=("A", "b c", "")),
    ValueSpec("choice"),
    ValueSpec("json"),
    ValueSpec("object"),
    ValueSpec("integer", above=Decimal(-5), below=Decimal(2**40)),
    ValueSpec("string", min_length=3, max_length=5),
    ValueSpec("string", blank=True, patterns=("[a-c ]{2,}", "A?")),
    ValueSpec("email", min_length=9, patterns=(".*a.*",)),
    ValueSpec("decimal", min=Decimal("0.1"), below=Decimal(1000)),
    ValueSpec("decimal", max_digits=6, decimal_places=2, above=Decimal("0.1"), max=Decimal("99.99")),
]
RAW = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=True)
    | st.text(st.characters(exclude_categories=()), max_size=14)
    | st.from_regex(r"[a-c]{1,3}@[a-c]{2,4}\.dk", fullmatch=True)
    | st.dates().map(str)
    | st.datetimes().map(lambda moment: moment.isoformat())
    | st.sampled_from(
        [
            "A",
            "b c",
            " A",
            "A ",
            "",
            " ",
            "\u00a0a",
            "a\u2003",
            "\0",
            "\ud800",
            2**53,
            2**53 + 1,
            10**400,
            -(10**400),
            0.1,
            1e15,
        ]
    )
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.none() | st.floats(), max_size=2)
)


def read_in_full(leaf: Leaf, raw: object) -> tuple[Any, list[str]]:
    notes = Collector(ENGINE.program.advice_texts, ENGINE.field_info, AS_OF)
    value = read_leaf(leaf, raw, Frame(None, "", 0), 0, "field", [], notes)
    return value, [finding.code for *_, finding in notes.findings]


@pytest.mark.parametrize("spec", VALUES, ids=lambda spec: spec.type)
def test_a_prefilter_takes_only_what_is_certainly_right(spec: ValueSpec) -> None:
    leaf = make_leaf(spec, ENGINE.program.texts)

    @settings(max_examples=300)
    @given(RAW)
    @example("9999-12-31T23:59:59-03:00")
    @example(0)
    @example(10**400)
    @example(99.99)
    @example(Decimal("1.50"))
    def check(raw: object) -> None:
        value = leaf.prefilter(raw)
        if value is not UNSURE:
            whole, codes = read_in_full(leaf, raw)
            assert (value, type(value), codes) == (whole, type(whole), [])

    check()


@pytest.mark.parametrize(
    ("spec", "raw"),
    [
        (VALUES[0], "abcde"),
        (VALUES[2], "a@bc.dk"),
        (VALUES[3], "2020-01-01"),
        (VALUES[4], "2020-01-01T00:00:00Z"),
        (VALUES[5], 9999.99),
        (VALUES[6], -12.5),
        (VALUES[8], 2**53),
        (VALUES[9], False),
        (VALUES[10], "b c"),
        (VALUES[12], [{"a": None}]),
        (VALUES[13], {"a": 1}),
        (VALUES[14], -4),
        (VALUES[15], "abc"),
        (VALUES[16], "a b"),
        (VALUES[18], 0.1),
        (VALUES[19], 99.99),
    ],
)
def test_a_prefilter_takes_what_most_payloads_hold(spec: ValueSpec, raw: object) -> None:
    assert make_leaf(spec, ENGINE.program.texts).prefilter(raw) is not UNSURE
