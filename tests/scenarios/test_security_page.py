"""SECURITY.md names a test for each promise."""

import re

from tests.payloads import ROOT

PROMISES = re.findall(r"^\| (.+?) \| (.+) \|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)


def test_each_promise_names_tests_that_exist() -> None:
    rows = [(promise, tests) for promise, tests in PROMISES if promise not in {"promise", "---"}]
    assert len(rows) > 8
    for promise, tests in rows:
        named = re.findall(r"`(tests/\S+)`", tests)
        assert named, promise
        assert [name for name in named if not (ROOT / name).exists()] == [], promise
