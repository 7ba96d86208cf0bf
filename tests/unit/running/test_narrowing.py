"""What is left of written code for accounts of certain keys, to the letter: what leaves out less is right, and slow.

Where another text is meant, ``python -m tests.unit.running.test_narrowing`` writes it down.
"""

import ast
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from premigrate.plan.shapes import Shapes
from premigrate.running.habits import Habits
from premigrate.running.narrowing import Narrowing, compile_for_keys
from premigrate.running.structs import make_types
from tests.payloads import ROOT
from tests.unit.compiling.test_written import labelled, written_now

GOLDEN = ROOT / "tests" / "golden" / "narrowed.txt"

PART: dict[str, Any] = {"start": "2025-01-01", "label": "a"}
ITEM: dict[str, Any] = {"name": "n", "start": "2025-01-01", "net": 1.5, "kind": "PLUS", "parts": [PART]}
ACCOUNT: dict[str, Any] = {
    "text": "a", "other_text": "b", "blank_text": "", "long_mail": "a@b.pt", "day": "2025-01-01", "last_day": None,
    "moment": None, "sum": 1.5, "any_number": 1, "truth": True, "kind": "A", "open_kind": "x", "anything": None,
    "sure_one": {"label": "a"}, "items": [ITEM], "words": ["a"], "picked": {"sort": "FIRST", "depth": 1},
}  # fmt: skip
OTHER: dict[str, Any] = {
    **ACCOUNT,
    "bare_text": "c", "moment": "2025-01-01T00:00:00", "old_text": "d", "wide_sum": None,
    "items": [ITEM | {"end": None}, ITEM],
    "blank_text": "b", "bag": {"label": "a", "unknown": [1]}, "many_picked": [{"sort": "SECOND", "depth": "a"}],
}  # fmt: skip


def narrow_of(shapes: Shapes, *accounts: dict[str, Any]) -> Shapes:
    habits, kind = Habits(), make_types(shapes, shapes)["account"]
    for account in accounts:
        habits.note(msgspec.convert(account, kind), account)
    return habits.narrow(shapes)


def compiled(way: str) -> Iterator[tuple[str, str]]:
    """Give what is compiled in one way, by name."""
    code, told = written_now(), []

    def tell(module: ast.Module, name: str, mode: str) -> Any:
        told.append((name.strip("<>"), labelled(ast.unparse(module), code)))
        return compile(module, name, mode)

    with patch("premigrate.running.narrowing.compile", tell, create=True):
        if way == "keys":
            for name, keys in (("read_item", ITEM), ("read_account", ACCOUNT), ("read_empty", {})):
                compile_for_keys(name, code.functions[name], frozenset(keys))
        else:
            narrow = narrow_of(code.shapes, *((ACCOUNT,) if way == "alike" else (ACCOUNT, OTHER)))
            narrowing = Narrowing(code.functions, code.shapes, narrow, is_typed=way == "alike")
            narrowing.compile("look_account", code.functions["look_account"])
            yield from ((name, _members(narrow, name.removeprefix("look_"))) for name, _ in told)
    yield from told


def _members(shapes: Shapes, name: str) -> str:
    """Write the members of a shape as an expression, so that it is compared as code is."""
    return repr([f"{each.name}: {each.kind}, {each.required}, {each.nullable}" for each in shapes[name].members])


WAYS = ("alike", "various", "keys")
MARK = "# --- "


def text_now(way: str) -> list[str]:
    return [f"{MARK}{way} {name}\n{source}\n" for name, source in compiled(way)]


@pytest.mark.parametrize("way", WAYS)
def test_to_the_letter(way: str) -> None:
    """Compared as code, for each Python writes it a little differently."""
    wanted = [f"{MARK}{each}" for each in GOLDEN.read_text("utf-8").split(MARK)[1:] if each.startswith(way)]
    now = text_now(way)
    assert [each.split("\n")[0] for each in now] == [each.split("\n")[0] for each in wanted]
    for mine, expected in zip(now, wanted, strict=True):
        assert ast.unparse(ast.parse(mine)) == ast.unparse(ast.parse(expected))


@pytest.mark.parametrize("failure", [SystemError, RecursionError])
def test_what_can_not_be_taken_apart_is_compiled_as_it_is(
    failure: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> ast.Module:
        raise failure

    monkeypatch.setattr("premigrate.running.narrowing.trim", fail)
    code = written_now()
    narrowing = Narrowing(code.functions, code.shapes, narrow_of(code.shapes, ACCOUNT), is_typed=True)
    for name, made in (
        ("look_account", narrowing.compile("look_account", code.functions["look_account"])),
        ("read_item", compile_for_keys("read_item", code.functions["read_item"], frozenset(ITEM))),
    ):
        whole = compile(code.functions[name], f"<{name}>", "exec")
        assert made.co_consts[0].co_code == whole.co_consts[0].co_code


if __name__ == "__main__":
    GOLDEN.write_text("".join(each for way in WAYS for each in text_now(way)), "utf-8")
