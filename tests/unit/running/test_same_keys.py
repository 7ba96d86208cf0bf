"""Code is written for the keys that most objects have, after so many accounts, and finds what the other code finds."""

from typing import Any

import pytest

from premigrate.compiling import compile_plan
from premigrate.running.declared import Declared
from premigrate.running.same_keys import SameKeys
from premigrate.running.usual import UsualReader
from tests.books import make_book
from tests.payloads import AS_OF

KEYS = ("a", "b", "c")
RULE = {"id": "a-or-b", "on": "account", "at_least_one": ["a", "b"]}
PLAN = compile_plan(
    make_book({"object": {"account": {"fields": {key: {"type": "string"} for key in KEYS}}}, "rule": [RULE]})
)
LESSONS = 20


@pytest.fixture
def same() -> SameKeys:
    assert PLAN.written
    return SameKeys(PLAN.written, "account", patience=2)


def read(same: SameKeys, account: dict[str, Any], times: int = 1) -> object:
    for _ in range(times):
        reader = UsualReader(PLAN, Declared(PLAN.root), AS_OF)
        found = same(account, reader), reader.events
    return found


def keys_known(same: SameKeys) -> object:
    return same._space.get("keys_read_account")


def test_it_waits_and_then_learns(same: SameKeys) -> None:
    read(same, {"a": "x"}, times=2 + LESSONS - 1)
    assert keys_known(same) is None
    read(same, {"a": "x"})
    assert keys_known(same) == {"a"}
    assert same._space["read_account"] is not same._space["full_read_account"]
    assert not same._seen, "what was counted is of no use any more"


def test_what_is_read_before_it_learns_does_not_count(same: SameKeys) -> None:
    read(same, {"b": "x"}, times=2)
    read(same, {"a": "x"}, times=11)
    read(same, {"b": "x"}, times=9)
    assert keys_known(same) == {"a"}


@pytest.mark.parametrize(("often", "expected"), [(10, {"b", "c"}), (9, None)])
def test_it_takes_more_than_half(same: SameKeys, often: int, expected: set[str] | None) -> None:
    read(same, {"a": "x"}, times=2)
    read(same, {"c": "x", "b": "y"}, times=often)
    read(same, {"a": "x"}, times=9)
    read(same, {}, times=LESSONS - 9 - often)
    assert keys_known(same) == expected


def test_what_it_has_learned_makes_no_difference(same: SameKeys) -> None:
    accounts: list[dict[str, Any]] = [{"a": "x"}, {"a": " "}, {"a": 5, "b": None}, {}, {"c": "x"}, {"a": "x", "z": 1}]
    before = [read(same, account) for account in accounts]
    read(same, {"a": "x"}, times=2 + LESSONS)
    assert keys_known(same) == {"a"}
    assert [read(same, account) for account in accounts] == before


def test_half_of_the_objects_are_not_most() -> None:
    fields = {"one": {"object": "thing"}}
    objects = {"account": {"fields": fields}, "thing": {"fields": {key: {"type": "string"} for key in KEYS}}}
    plan = compile_plan(make_book({"object": objects}))
    assert plan.written
    for often, expected in ((9, None), (10, {"a"})):
        same = SameKeys(plan.written, "account", patience=1)
        things: list[dict[str, Any]] = [{"a": "x"}] * often + [{"b": "x"}] * (18 - often)
        accounts: list[dict[str, Any]] = [{"one": {}}, *({"one": thing} for thing in things), {}, {}]
        for account in accounts:
            same(account, UsualReader(plan, Declared(plan.root), AS_OF))
        assert same._space.get("keys_read_thing") == expected
