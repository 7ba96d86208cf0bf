"""New code is made after so many accounts that were new, and only then."""

from typing import Any

import pytest

from premigrate.compiling import compile_plan
from premigrate.running.adapting import Adapting
from premigrate.running.declared import Declared
from premigrate.running.usual import UsualReader
from tests.books import make_book
from tests.payloads import AS_OF

KEYS = ("a", "b", "c")
PLAN = compile_plan(make_book({"object": {"account": {"fields": {key: {"type": "string"} for key in KEYS}}}}))


@pytest.fixture
def adapting() -> Adapting:
    assert PLAN.written
    return Adapting(PLAN.written, "account", enough=2)


def look(adapting: Adapting, account: dict[str, Any], times: int = 1) -> list[bool]:
    return [
        bool(adapting(account, UsualReader(PLAN, Declared(PLAN.root), AS_OF))) and adapting.narrow is not None
        for _ in range(times)
    ]


def test_it_learns_from_as_many_as_are_enough(adapting: Adapting) -> None:
    assert look(adapting, {"a": "x"}, times=3) == [False, True, True]
    assert adapting.typed
    assert adapting.typed.kinds[0].__struct_fields__ == ("a",)


def test_what_is_unusual_is_no_lesson(adapting: Adapting) -> None:
    assert look(adapting, {"a": " x "}, times=5) == [False] * 5
    assert adapting.typed is None


def test_the_next_lesson_takes_eight_times_as_many(adapting: Adapting) -> None:
    look(adapting, {"a": "x"}, times=2)
    first, typed = adapting.narrow, adapting.typed
    look(adapting, {"b": "x"}, times=15)
    assert (adapting.narrow, adapting.typed) == (first, typed)
    look(adapting, {"a": "x"}, times=50)  # these are known
    assert adapting.narrow is first
    look(adapting, {"b": "x"})
    assert adapting.narrow is not first
    assert adapting.typed is not typed
    assert adapting.typed
    assert adapting.typed.kinds[0].__struct_fields__ == ("a", "b")
