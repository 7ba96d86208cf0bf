"""The steps of fixes leave alone what they do not fit, and never raise."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.engine.fixes.steps import LEFT_ALONE, LEFT_OUT, Surroundings, run_steps
from premigrate.engine.program import FixStep

STEPS = [
    FixStep("strip"),
    FixStep("upper"),
    FixStep("lower"),
    FixStep("remove", ("-. ",)),
    FixStep("remove_prefix", ("PT",)),
    FixStep("parts", ("[0-9]+", " ?", "[A-Z]?"), "{1}-{3}"),
    FixStep("dates", ("D.M.YYYY", "YYYYMMDD")),
    FixStep("words", words={"sim": True}),
    FixStep("decode_again"),
    FixStep("to_text"),
    FixStep("to_number"),
    FixStep("round", places=2),
    FixStep("leave_out", ("<null>", "<blank>", "NULL")),
    FixStep("choice_in_other_case"),
    FixStep("nearest_choice"),
    FixStep("nearest_key"),
]
AROUND = Surroundings(("DOMESTIC", "BUSINESS"), frozenset({"mobile", "landline"}))


@pytest.mark.parametrize(
    ("step", "value", "expected"),
    [
        (FixStep("strip"), "\u00a0a b\n", "a b"),
        (FixStep("strip"), "a", LEFT_ALONE),
        (FixStep("strip"), 1, LEFT_ALONE),
        (FixStep("upper"), "fi 1é", "FI 1É"),
        (FixStep("upper"), "ß", LEFT_ALONE),
        (FixStep("upper"), "ﬁ", LEFT_ALONE),
        (FixStep("upper"), "\u0131t", LEFT_ALONE),
        (FixStep("lower"), "A", "a"),
        (FixStep("lower"), "İ", LEFT_ALONE),
        (FixStep("remove", ("-.",)), "1-2.3", "123"),
        (FixStep("remove_prefix", ("PT",)), "pt-1", "-1"),
        (FixStep("remove_prefix", ("PT",)), "P", LEFT_ALONE),
        (FixStep("parts", ("[0-9]{2}", "[ -]?", "[0-9]{2}"), "{3}/{1}"), "12-34", "34/12"),
        (FixStep("parts", ("[0-9]{2}", "[ -]?", "[0-9]{2}"), "{3}/{1}"), "12-345", LEFT_ALONE),
        (FixStep("parts", ("[0-9]{2}", "[ -]?", "[0-9]{2}"), "{1}-{3}"), "12-34", LEFT_ALONE),
        (FixStep("dates", ("D/M/YYYY", "M/D/YYYY")), "3/4/2025", "2025-04-03"),
        (FixStep("dates", ("D/M/YYYY", "M/D/YYYY")), "12/31/2025", "2025-12-31"),
        (FixStep("dates", ("D/M/YYYY",)), "12/31/2025", LEFT_ALONE),
        (FixStep("dates", ("DD.MM.YYYY",)), "1.2.2025", LEFT_ALONE),
        (FixStep("dates", ("D.M.YYYY",)), "1x2x2025", LEFT_ALONE),
        (FixStep("dates", ("D.M.YYYY",)), "٣.٣.2025", LEFT_ALONE),
        (FixStep("words", words={"não": False}), " NÃO ", False),
        (FixStep("words", words={"1": "one"}), 1, LEFT_ALONE),
        (FixStep("decode_again"), "AntÃ³nio", "António"),
        (FixStep("decode_again"), "AntÃƒÂ³nio", "António"),
        (FixStep("decode_again"), "â€œVilaâ€\x9d", "“Vila”"),
        (FixStep("decode_again"), "â\x80\x9cVilaâ\x80\x9d", "“Vila”"),
        (FixStep("decode_again"), "â€œVilaâ\x80\x9d", LEFT_ALONE),
        (FixStep("decode_again"), "António", LEFT_ALONE),
        (FixStep("decode_again"), "\ud800Ã³", LEFT_ALONE),
        (FixStep("decode_again"), 1, LEFT_ALONE),
        (FixStep("to_text"), 12, "12"),
        (FixStep("to_text"), True, LEFT_ALONE),
        (FixStep("to_text"), 12.0, LEFT_ALONE),
        (FixStep("to_number"), Decimal("sNaN"), LEFT_ALONE),
        (FixStep("round", places=2), Decimal("sNaN"), LEFT_ALONE),
        (FixStep("to_number"), "12", 12),
        (FixStep("to_number"), "-12.5", -12.5),
        (FixStep("to_number"), "012", LEFT_ALONE),
        (FixStep("to_number"), "1234567890.123456789", LEFT_ALONE),
        (FixStep("to_number"), 12, LEFT_ALONE),
        (FixStep("round", places=2), 0.1 + 0.2, 0.3),
        (FixStep("round", places=2), Decimal("20.0000000001"), Decimal("20.00")),
        (FixStep("round", places=2), 0.125, LEFT_ALONE),
        (FixStep("round", places=2), float("nan"), LEFT_ALONE),
        (FixStep("round", places=2), 1e300, LEFT_ALONE),
        (FixStep("leave_out", ("<null>",)), None, LEFT_OUT),
        (FixStep("leave_out", ("<blank>",)), None, LEFT_ALONE),
        (FixStep("leave_out", ("<null>",)), "<null>", LEFT_ALONE),
        (FixStep("leave_out", ("<blank>", "NULL")), "  ", LEFT_OUT),
        (FixStep("leave_out", ("<blank>", "NULL")), "NULL", LEFT_OUT),
        (FixStep("leave_out", ("<blank>", "NULL")), 0, LEFT_ALONE),
        (FixStep("choice_in_other_case"), "domestic", "DOMESTIC"),
        (FixStep("choice_in_other_case"), "domesti", LEFT_ALONE),
        (FixStep("nearest_choice"), "domesti", "DOMESTIC"),
        (FixStep("nearest_choice"), "x", LEFT_ALONE),
        (FixStep("nearest_key"), "mobil", "mobile"),
        (FixStep("nearest_key"), "x", LEFT_ALONE),
    ],
)
def test_one_step(step: FixStep, value: Any, expected: Any) -> None:
    changed = run_steps((step,), value, AROUND)
    assert (type(changed), changed) == (type(expected), expected)


def test_a_later_step_that_does_not_fit_leaves_the_value_alone() -> None:
    assert run_steps((FixStep("strip"), FixStep("dates", ("D.M.YYYY",))), " x ", AROUND) is LEFT_ALONE


def test_a_number_with_too_many_digits_stays_a_number() -> None:
    assert run_steps((FixStep("to_text"),), 10**5000, AROUND) is LEFT_ALONE


def test_choices_that_differ_in_case_only_are_not_chosen() -> None:
    assert run_steps((FixStep("choice_in_other_case"),), "draft", Surroundings(("Draft", "DRAFT"))) is LEFT_ALONE


@given(
    st.sampled_from(STEPS),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(),
        st.from_regex(r"[0-9 .,/PT-]{0,12}", fullmatch=True), st.lists(st.integers()), st.just({"a": 1}),
    ),
)  # fmt: skip
def test_no_value_breaks_a_step(step: FixStep, value: Any) -> None:
    changed = run_steps((step,), value, AROUND)
    assert changed is not value
