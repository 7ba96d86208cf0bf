"""Every fix has examples, tried alone: the good ones are changed as they say, and the bad ones are left alone."""

import pytest

import premigrate
from premigrate.rule_tests.fixes import fix_failures
from premigrate.ruleset.model.fixes import Fix
from tests.books import shipped_book

FIXES = {fix.id: fix for market in premigrate.markets() for fix in shipped_book(market).fixes}


@pytest.mark.parametrize("fix", FIXES.values(), ids=FIXES.keys())
def test_examples_behave_as_declared(fix: Fix) -> None:
    assert list(fix_failures(fix)) == []
    assert fix.good
    assert fix.bad


@pytest.mark.parametrize("fix", FIXES.values(), ids=FIXES.keys())
def test_what_a_fix_makes_is_left_alone(fix: Fix) -> None:
    """A fix has nothing to say about its own result, so that fixing comes to an end."""
    again = fix.model_copy(update={"good": (), "bad": tuple(each.after for each in fix.good)})
    assert list(fix_failures(again)) == []
