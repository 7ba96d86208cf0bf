"""How the text looks after fixes of all kinds, and which fixes are refused."""

import json
from typing import Any

import pytest

import premigrate
from premigrate.documents.fix_text import fix_text
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.results import Fix, FixAction, Place


def fix(path: Place, action: FixAction = "replace", value: Any = None) -> Fix:
    return Fix(path, action, value, "a-fix", "A fix", is_safe=True)


def removal(*path: str | int) -> Fix:
    return fix(path, "remove")


@pytest.mark.parametrize(
    ("text", "fixes", "fixed"),
    [
        ('{"a": 1,\n  "b": 2\n}', [removal("a")], '{"b": 2\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', [removal("a")], '{\n  "b": 2\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', [removal("b")], '{\n  "a": 1\n}'),
        ('{\r\n\t"a": 1,\r\n\t"b": 2,\r\n\t"c": 3\r\n}\r\n', [removal("b")], '{\r\n\t"a": 1,\r\n\t"c": 3\r\n}\r\n'),
        ('{"a": 1\n, "b": 2\n, "c": 3\n}', [removal("b")], '{"a": 1\n, "c": 3\n}'),
        ('{\n "a": 1, "b": 2,\n "c": 3\n}', [removal("b")], '{\n "a": 1,\n "c": 3\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', [removal("a"), removal("b")], "{}"),
        ('{"a":1,"b":2,"c":3,"d":4}', [removal("a"), removal("c"), removal("d")], '{"b":2}'),
        ('{"a": [1, {"b": 2}, 3]}', [removal("a", 1)], '{"a": [1, 3]}'),
        ('{"a": [{"b": 2}]}', [removal("a", 0, "b")], '{"a": [{}]}'),
        ('{"a": 1.50, "b": 1E3}', [fix(("a",), value="x")], '{"a": "x", "b": 1E3}'),
        ('{"a" :1}', [fix(("a",), value={"b": [1, None, True]})], '{"a" :{"b": [1, null, true]}}'),
        ('{"\\u0061": 1}', [fix(("a",), "rename", "b")], '{"b": 1}'),
        ('{"a": {"c": 1}}', [fix(("a",), "rename", "b"), fix(("a", "c"), value=2)], '{"b": {"c": 2}}'),
        ('{"a": 1, "b": 2}', [fix(("a",), "rename", "b"), removal("b")], '{"b": 1}'),
        ('{"a": 1}', [fix(("a",), value=2), fix(("a",), value=2)], '{"a": 2}'),
        ('{"payload": {"a": 1}, "note": 2}', [removal("a")], '{"payload": {}, "note": 2}'),
        ('{"payload": {"a": 1}, "a": 2}', [removal("a")], '{"payload": {"a": 1}}'),
        ('{"payload": {"payload": 1}, "a": 2}', [removal("payload")], '{"payload": {}, "a": 2}'),
        ('{"import_supplier": "X", "payload": 1}', [removal("payload")], '{"import_supplier": "X"}'),
        ('{"a": 1}', [fix(("a",), value="ø")], '{"a": "\\u00f8"}'),
        ('{"a": 1, "b": "é"}', [fix(("a",), value="ø")], '{"a": "ø", "b": "é"}'),
        ('{"a": "é"}', [fix(("a",), value="\ud800ø")], '{"a": "\\ud800\\u00f8"}'),
        ('\ufeff{"a": 1}', [fix(("a",), value=2)], '\ufeff{"a": 2}'),
        ("[1]", [fix((), value={"a": 1})], '{"a": 1}'),
        ('{"a": 1, "a": 2, "b": 3}', [removal("b")], '{"a": 1, "a": 2}'),
        ('{"a":  1}', [], '{"a":  1}'),
    ],
)
def test_json_after_fixes(text: str, fixes: list[Fix], fixed: str) -> None:
    assert premigrate.apply_fixes(text, fixes) == fixed
    assert premigrate.apply_fixes(text.encode(), iter(fixes)) == fixed.encode()


@pytest.mark.parametrize(
    ("text", "fixes", "message"),
    [
        ('{"a": 1, "a": 2}', [removal("a")], "a: the key occurs twice"),
        ('{"a": {"b": 1}, "a": {"b": 2}}', [removal("a", "b")], "a: the key occurs twice"),
        ('{"a": 1}', [removal("b")], "b: there is no such value; nothing was changed"),
        ('{"a": 1}', [removal("a", "b")], "a.b: there is no such value"),
        ('{"a": [1]}', [removal("a", 1)], "a.1: there is no such value"),
        ('{"a": [1]}', [removal("a", -1)], "a.-1: there is no such value"),
        ('{"a": [1]}', [removal("a", "0")], "a.0: there is no such value"),
        ('{"0": 1}', [removal(0)], "0: there is no such value"),
        ('{"payload": 1}', [removal("payload")], "payload.payload: there is no such value"),
        ('{"a": {"b": 1}}', [removal("a"), removal("a", "b")], "a: another fix changes a value inside this one"),
        ('{"a": {"b": 1}}', [removal("a", "b"), fix(("a",), value=1)], "a: another fix changes a value inside"),
        ('{"a": 1}', [fix(("a",), value=1), fix(("a",), value=True)], "a: two fixes change this value"),
        ('{"a": 1}', [fix(("a",), "rename", "b"), removal("a")], "a: two fixes change this value"),
        ('{"a": 1, "b": 2}', [fix(("a",), "rename", "b")], "b: the key would occur twice"),
        ('{"a": 1, "b": 2}', [fix(("a",), "rename", "c"), fix(("b",), "rename", "c")], "c: the key would occur"),
        ('{"a": [1]}', [fix(("a", 0), "rename", "b")], "a.0: the action must be replace, remove or rename"),
        ("{}", [removal()], "the account itself cannot be changed by 'remove'"),
        ('{"a": 1}', [fix(("a",), value={1, 2})], "the new value of a fix is not a JSON value"),
        ('{"a": 1}', [fix(("a",), value=float("nan"))], "the new value of a fix is not a JSON value"),
        ("{}", [removal(*"a" * 501)], "a...: nested too deeply to be changed"),
    ],
)
def test_fixes_that_are_refused(text: str, fixes: list[Fix], message: str) -> None:
    with pytest.raises(BadArgument) as error:
        premigrate.apply_fixes(text, fixes)
    assert str(error.value).startswith(message)


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(BadPayloadText):
        premigrate.apply_fixes("{'a': 1}", [])


def test_deep_values_beside_a_fix_stay() -> None:
    deep = f"{'[' * 900}{']' * 900}"
    assert json.loads(premigrate.apply_fixes(f'{{"a": 1, "b": {deep}}}', [removal("a")])) == {"b": json.loads(deep)}


@pytest.mark.parametrize(
    ("text", "fixes", "fixed"),
    [
        ("a: 1 # one\nb: 2\n", [fix(("a",), value="no")], 'a: "no" # one\nb: 2\n'),
        ("a: 'x'\n", [fix(("a",), value="it's")], "a: 'it''s'\n"),
        ("a: 'x'\n", [fix(("a",), value="y\n")], 'a: "y\\n"\n'),
        ("a: x\n", [fix(("a",), value="\x85\u2028\U000e0001ø")], 'a: "\\x85\\u2028\\U000e0001ø"\n'),
        ("a:\nb: 1\n", [fix(("a",), value=0.5)], "a: 0.5\nb: 1\n"),
        ("a: |\n  one\n  two\n\nb: 1\n", [fix(("a",), value=True)], "a: true\n\nb: 1\n"),
        ("a: # why\n- 1\n- 2\nb: 1\n", [fix(("a",), value="x")], 'a: "x"  # why\nb: 1\n'),
        ("a:\n  b: 1\n", [fix(("a",), value=None)], "a: null\n"),
        ("a: 1\n# about b\nb: 2 # two\nc: 3", [removal("b")], "a: 1\n# about b\nc: 3"),
        ("a: 1\r\nc:\r\n  d: 3", [removal("c")], "a: 1"),
        ("a:\n  - b: 1\n    c: 2\n", [removal("a", 0, "b")], "a:\n  - c: 2\n"),
        ("a:\n  - b: 1\n    c: 2\n", [removal("a", 0, "b"), removal("a", 0, "c")], "a:\n  - {}\n"),
        ("a:\n- 1\n- 2\n", [removal("a", 0)], "a:\n- 2\n"),
        ("a:\n- 1\n", [removal("a", 0)], "a: []\n"),
        ("a: {b: 1, c: 2}\n", [removal("a", "b")], "a: {c: 2}\n"),
        ("a: 1\n", [fix(("a",), "rename", "b")], "b: 1\n"),
        ("a: 1\n", [fix(("a",), "rename", "no")], '"no": 1\n'),
        ("'a': 1\n", [fix(("a",), "rename", "b")], '"b": 1\n'),
    ],
)
def test_yaml_after_fixes(text: str, fixes: list[Fix], fixed: str) -> None:
    assert fix_text(read_yaml(text), fixes) == fixed


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        ("? a\n: 1\n? b\n: 2\n", [removal("a")]),
        ("{a, b: 1}\n", [fix(("a",), value=1)]),
        ("a: [b: 1]\n", [removal("a", 0, "b")]),
        ("a:\n- # why\n  b: 1\n- 2\n", [removal("a", 0)]),
        ("a: 1\n", [fix(("a",), value="\ud800")]),
    ],
)
def test_yaml_that_cannot_be_changed_in_part_is_refused(text: str, fixes: list[Fix]) -> None:
    with pytest.raises(BadArgument):
        fix_text(read_yaml(text), fixes)
