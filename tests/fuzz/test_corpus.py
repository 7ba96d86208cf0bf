"""Every input of the corpus, and every one that ever failed, goes through its target; and some changes to them.

So all versions of Python run what the fuzzer found, without the fuzzer.
"""

import random
import time
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.words import words_of

HERE = Path(__file__).parent
_SECONDS = 1.0  # of changes, for each target
_MOST = 300  # changes: as many on any machine that is not slow


def inputs(name: str) -> list[bytes]:
    """List the committed inputs of a target, in a fixed order."""
    folders = (HERE / "corpus" / name, HERE / "crashes" / name)
    return [file.read_bytes() for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())]


def run(target: Target, data: bytes) -> None:
    """Run a target, and say over which input it failed."""
    try:
        target(data)
    except BaseException as error:
        error.add_note(f"the input: {data!r}")
        raise


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_each_input_goes_through(name: str) -> None:
    found = inputs(name)
    assert found, "a target needs a corpus: python -m tests.fuzz.seeding"
    for data in found:
        run(TARGETS[name], data)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_changed_inputs_go_through(name: str) -> None:
    rng = random.Random(f"fuzz {name}")  # noqa: S311 - to be repeated, not to be secret
    found = inputs(name)
    end = time.monotonic() + _SECONDS
    for _ in range(_MOST):
        run(TARGETS[name], changed(rng.choice(found), found, rng))
        if time.monotonic() > end:
            break


def changed(data: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Put something else in a few places: random bytes, nothing, a piece of another input, or of this one again."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        start = rng.randint(0, len(made))
        end = min(start + rng.choice((0, 1, 4, 40)), len(made))
        other = rng.choice([*others, data])
        at = rng.randint(0, len(other))
        pieces = (rng.randbytes(rng.randint(1, 4)), b"", other[at : at + 30], bytes(made[start:end]) * 3)
        made[start:end] = rng.choice(pieces)
    return bytes(made)


def test_the_corpus_is_small() -> None:
    assert sum(len(data) for name in TARGETS for data in inputs(name)) < 200_000


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_words_are_written_as_the_fuzzer_reads_them(name: str) -> None:
    for line in words_of(name).splitlines():
        assert line[0] == line[-1] == '"'
        assert bytes.fromhex(line[1:-1].replace("\\x", ""))
