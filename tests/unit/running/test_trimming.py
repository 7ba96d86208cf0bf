"""What is left out of a function makes no difference to what it says of the objects it is for."""

from ast import unparse
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.running.facts import Facts
from premigrate.running.struct_words import STRUCT_WORDS
from premigrate.running.trimming import trim
from premigrate.running.words import WORDS

NAMES = ("f_absent", "f_text", "f_list", "f_maybe", "f_flag")
FACTS = Facts(
    {"f_absent": None},
    frozenset({"f_text", "f_list", "f_flag"}),
    frozenset({"f_text"}),
    {"f_text": "str", "f_list": "list"},
    frozenset({"unheard"}),
    anywhere=frozenset({"look_anywhere"}),
    idle=frozenset({"look_idle"}),
    keys=frozenset({"key"}),
)
VALUES = st.fixed_dictionaries(
    {
        "absent": st.none(),
        "text": st.sampled_from(["a", "b"]),
        "list": st.sampled_from([[], [SimpleNamespace(key="a")], [SimpleNamespace(key="a"), SimpleNamespace()]]),
        "maybe": st.sampled_from([None, "a", "", []]),
        "flag": st.booleans(),
    }
)
NAME = st.sampled_from(NAMES)


def _one(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: form.format(*found))


ATOMS = st.one_of(
    NAME,
    _one("{} is None", NAME),
    _one("{} is not None", NAME),
    _one("{} is WRONG", NAME),
    _one("{} == 'a'", NAME),
    _one("{} in {{'a', 'c'}}", st.sampled_from(["f_absent", "f_text", "f_flag"])),
    _one("type({}) is str", NAME),
    _one("type({}) is list", NAME),
    _one("len({} or ()) < 2", NAME),
    _one("parts({} or (), {})", NAME, st.sampled_from(["'key'", "'unheard'"])),
    _one("listed({})", NAME),
    _one("part({}, {})", NAME, st.sampled_from(["'key'", "'unheard'"])),
    _one("(found := {}) or alike(found or ())", NAME),
    st.sampled_from(["True", "()", "all_items"]),
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        _one("(not {})", inner),
        _one("({} and {})", inner, inner),
        _one("({} or {} or {})", inner, inner, inner),
        _one("({} if {} else {})", inner, inner, inner),
    ),
    max_leaves=8,
)


def _says(code: Any, values: dict[str, object]) -> object:
    space: dict[str, Any] = {**WORDS, **STRUCT_WORDS}
    exec(compile(code, "<look>", "exec"), space)  # noqa: S102 - made from the words above
    try:
        return bool(space["look"](SimpleNamespace(**values, items=None), None, None))
    except Exception as error:  # noqa: BLE001 - what a word says of a value it was not made for
        return type(error)


def _source(expression: str) -> str:
    fields = "".join(f"    {name} = it.{name.removeprefix('f_')}\n" for name in NAMES)
    return (
        f"def look(it, place, run):\n{fields}"
        "    if f_absent is None:\n        all_items = ()\n    else:\n        all_items = f_absent\n"
        f"    if not ({expression}):\n        return True\n    return False\n"
    )


@given(EXPRESSIONS, VALUES)
def test_what_is_left_says_the_same(expression: str, values: dict[str, object]) -> None:
    source = _source(expression)
    before = _says(source, values)
    after = _says(trim(source, FACTS), values)
    assert after == before or isinstance(before, type), unparse(trim(source, FACTS))


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("if f_absent is not None:\n        ask(f_absent)", "pass"),
        ("if f_text is not None:\n        ask(f_text)", "ask(f_text)"),
        ("if not (f_flag and parts(f_list, 'unheard')):\n        ask()", "ask()"),
        ("if f_maybe and not (not f_absent):\n        ask()", "pass"),
        ("for item in f_absent or ():\n        ask(item)", "pass"),
        ("if f_maybe is None:\n        raise Unusual", "if f_maybe is None:\n        raise Unusual"),
        ("if f_text is None:\n        raise Unusual", "if f_text is None:\n        raise Unusual"),
        ("if not (f_text or ask()):\n        raise Unusual", "pass"),
        ("if not (ask() or f_text):\n        raise Unusual", "if not (ask() or True):\n        raise Unusual"),
        ("for item in f_absent or ():\n        break\n    else:\n        ask()", "ask()"),
        ("for item in f_list:\n        if f_absent:\n            break\n    else:\n        ask()", "ask()"),
        (
            "try:\n        ask(f_absent)\n    except ValueError:\n        pass",
            "try:\n        ask(None)\n    except ValueError:\n        pass",
        ),
        ("try:\n        if f_absent:\n            ask()\n    except ValueError:\n        ask()", "pass"),
        ("if not (found := ()):\n        ask()", "ask()"),
        ("for index, each in enumerate(f_maybe):\n        ask(each)", "for each in f_maybe:\n        ask(each)"),
        (
            "for index, each in enumerate(f_maybe):\n        ask(index)",
            "for index, each in enumerate(f_maybe):\n        ask(index)",
        ),
        ("look_idle(f_maybe, place, run)", "pass"),
        ("look_anywhere(f_maybe, place, run)", "look_anywhere(f_maybe, None, run)"),
        ("if 'key' in raw:\n        ask()", "ask()"),
        ("if 'other' in raw:\n        ask()", "pass"),
    ],
)
def test_what_is_certain_is_left_out(line: str, left: str) -> None:
    trimmed = unparse(trim(f"def look(it, place, run):\n    {line}\n", FACTS))
    assert trimmed == f"def look(it, place, run):\n    {left}"


def test_what_has_a_known_type_is_there_and_an_empty_list_needs_nothing_in_its_place() -> None:
    lines = "f_list = it.list\n    if f_list is None:\n        raise Unusual\n    ask(f_list or ())"
    trimmed = unparse(trim(f"def look(it, place, run):\n    {lines}\n", FACTS))
    assert trimmed == "def look(it, place, run):\n    f_list = it.list\n    ask(f_list)"
