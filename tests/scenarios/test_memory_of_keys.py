"""The memory of a run does not grow with the number and the length of keys in payloads."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.test_command import DAY
from tests.scenarios.test_memory import peak

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc"),
]
_MAX_GROWTH = 20 << 10  # kilobytes
FORMATS = ["text", "json", "ndjson", "csv", "github", "gitlab", "sarif", "junit"]


def with_ids(count: int) -> Iterator[dict[str, Any]]:
    """Yield accounts with unique ids as keys."""
    for number in range(count):
        ids = {f"{number:08d}-{place:04d}-4f5e-9a3b-7c6d5e4f3a2b": 1 for place in range(8)}
        yield {"import_supplier": "NORLYS", "external_account_number": f"A-{number}", **ids}


def with_long_keys(count: int) -> Iterator[dict[str, Any]]:
    """Yield accounts with one unknown, very long key each."""
    for number in range(count):
        yield {"import_supplier": "NORLYS", "external_account_number": f"A-{number}", f"k{number}{'x' * 300_000}": 1}


@pytest.mark.parametrize("form", FORMATS)
def test_many_keys(form: str, tmp_path: Path) -> None:
    small, large = (peak(tmp_path, with_ids(count), "check", *DAY, "--format", form) for count in (500, 2_500))
    assert large < small + _MAX_GROWTH


@pytest.mark.parametrize("form", [*FORMATS, "html"])
def test_long_keys(form: str, tmp_path: Path) -> None:
    small, large = (peak(tmp_path, with_long_keys(count), "check", *DAY, "--format", form) for count in (30, 150))
    assert large < small + _MAX_GROWTH
    assert large < 150 << 10
