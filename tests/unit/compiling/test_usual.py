"""What is written for a plan is the same each time, can be kept, and says nothing where a rule could speak."""

import pickle

import pytest

import premigrate
from premigrate.compiling import compile_plan
from premigrate.compiling.usual.memory import Memory
from premigrate.running import Engine
from tests.payloads import AS_OF, good_account
from tests.rules.test_examples import BOOKS


@pytest.mark.parametrize("market", premigrate.markets())
def test_the_same_rules_are_written_alike(market: str) -> None:
    first, second = compile_plan(BOOKS[market]).written, compile_plan(BOOKS[market]).written
    assert first is not None
    assert second is not None
    assert first.functions == second.functions
    assert list(first.constants) == list(second.constants)


@pytest.mark.parametrize("market", premigrate.markets())
def test_what_was_compiled_can_be_kept(market: str) -> None:
    plan = pickle.loads(pickle.dumps(compile_plan(BOOKS[market]).compiled()))  # noqa: S301 - made here
    assert {name[:5] for name in plan.written.codes} == {"read_"}
    bad = good_account(market) | {"account_type": "NO SUCH TYPE"}
    for account in (good_account(market), bad):
        assert Engine(plan).run(account, AS_OF) == Engine(compile_plan(BOOKS[market])).run(account, AS_OF)


def test_every_object_has_a_function_of_its_own_and_rules_stand_in_it_by_name() -> None:
    written = compile_plan(BOOKS["pt"]).written
    assert written is not None
    assert "def read_account(raw, place, run):" in written.functions["read_account"]
    assert "# effective-to-not-before-effective-from" in written.functions["read_agreement"]


def test_what_is_asked_for_once_is_put_where_it_is_asked_for() -> None:
    memory = Memory()
    once, twice = memory.keep("once", "items(f_a)", "f_a"), memory.keep("twice", "items(f_b)", "f_b")
    lines = memory.settle([f"use({once}, {twice})", f"use({twice})"])
    assert lines == [
        "if f_b is None:",
        "    twice = ()",
        "else:",
        "    twice = items(f_b)",
        "use(items(f_a), twice)",
        "use(twice)",
    ]


def test_what_is_asked_for_in_a_loop_is_computed_before_it() -> None:
    memory = Memory()
    name = memory.keep("all_a", "items(f_a)")
    assert memory.settle(["for item in x:", f"    use({name})"])[0] == "all_a = items(f_a)"


def test_what_is_asked_for_behind_a_loop_in_a_loop_is_in_the_outer_one() -> None:
    memory = Memory()
    name = memory.keep("all_a", "items(f_a)")
    lines = ["for item in x:", "    for part in item:", "        pass", f"    use({name})", "pass"]
    assert memory.settle(lines)[0] == "all_a = items(f_a)"
    once = memory.keep("all_b", "items(f_b)")
    assert "use(items(f_b))" in memory.settle([*lines[:3], f"use({once})"])


def test_names_of_a_loop_are_its_own() -> None:
    outer, inner = Memory(), Memory("item_")
    assert outer.keep("all_a", "items(f_a)") != inner.keep("all_a", "items(item_a)")
