"""A fixed text has the fixed data, and all its other characters."""

import json
import re
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import premigrate
from premigrate.documents.fix_text import fix_text
from premigrate.documents.yaml_text import read_yaml
from premigrate.results import Fix, Place
from tests.texts import JsonWriter, fix_data, payloads_and_fixes
from tests.yaml_texts import YamlWriter

LINES = st.sampled_from(["\n", "\r\n"])
WHITE = " \t\r\n"


@given(payloads_and_fixes(), st.integers(0, 2**32), LINES, st.booleans(), st.booleans())
def test_fixed_json_has_the_fixed_data_and_all_other_characters(
    drawn: tuple[dict[str, Any], Fix], seed: int, line: str, is_wrapped: bool, as_bytes: bool
) -> None:
    payload, fix = drawn
    writer = JsonWriter(seed, line)
    text = writer.write({"payload": payload} if is_wrapped else {"import_supplier": "X", **payload})
    fixed = premigrate.apply_fixes(text, [fix])
    if as_bytes:
        assert premigrate.apply_fixes(text.encode(), [fix]) == fixed.encode()
    data = json.loads(fixed)
    if is_wrapped:
        assert dumped(data) == dumped({"payload": fix_data(payload, fix)})
    else:
        assert dumped(data) == dumped({"import_supplier": "X", **fix_data(payload, fix)})
    key, value = writer.spans[("payload", *fix.path) if is_wrapped else fix.path]
    if fix.action == "remove":
        assert is_cut(text, fixed, key[0], value[1])
    else:
        start, end = key if fix.action == "rename" else value
        assert fixed.startswith(text[:start])
        assert fixed.endswith(text[end:])
        assert json.loads(fixed[start : len(fixed) - len(text) + end]) == fix.value
        assert not text.isascii() or fixed.isascii()


def dumped(data: Any) -> str:
    """Return data as a text that also tells types and the order of keys."""
    return json.dumps(data)


def is_cut(text: str, fixed: str, start: int, end: int) -> bool:
    """Return whether the fixed text lacks only what is between two offsets, one comma and white space beside it."""
    length = len(text) - len(fixed)
    for begin in range(max(end - length, 0), start + 1):
        after = begin + length
        beside = text[begin:start] + text[end:after]
        if fixed == text[:begin] + text[after:] and beside.translate(dict.fromkeys(map(ord, WHITE))) in {"", ","}:
            return True
    return False


@given(payloads_and_fixes(), st.integers(0, 2**32), LINES)
def test_fixed_yaml_has_the_fixed_data(drawn: tuple[dict[str, Any], Fix], seed: int, line: str) -> None:
    payload, fix = drawn
    document = read_yaml(YamlWriter(seed, line).write(payload))
    assert dumped(document.data) == dumped(payload)
    fixed = fix_text(document, [fix])
    assert dumped(read_yaml(fixed).data) == dumped(fix_data(payload, fix))


@given(payloads_and_fixes(), st.integers(0, 2**32), LINES)
def test_fixed_yaml_keeps_its_other_lines_and_comments(drawn: tuple[dict[str, Any], Fix], seed: int, line: str) -> None:
    payload, fix = drawn
    text = YamlWriter(seed, line, has_block_texts=False).write(payload)
    assume(fix.action == "rename" or not isinstance(value_at(payload, fix.path), dict | list))
    lines, fixed = text.split(line), fix_text(read_yaml(text), [fix]).split(line)
    if fix.action == "remove":
        assert re.findall("# note [0-9]+", "".join(fixed)) == re.findall("# note [0-9]+", text)
        return
    assert len(lines) == len(fixed)
    changed = [(old, new) for old, new in zip(lines, fixed, strict=True) if old != new]
    assert len(changed) <= 1
    for old, new in changed:
        assert new.endswith(old[at:]) if (at := old.rfind(" # beside")) >= 0 else True


def value_at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data
