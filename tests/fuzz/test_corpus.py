"""Runs the inputs of the corpus, inputs that failed in the past, and random changes of both.

All versions of Python run what the fuzzer found in this way, without the fuzzer.
"""

import random
import time
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.words import words_of

HERE = Path(__file__).parent
_MAX_SECONDS = 1.0  # for changed inputs of a target
_MAX_CHANGES = 300  # the same number on any machine that is not slow


def inputs(name: str) -> list[bytes]:
    """Return the committed inputs of a target, in a fixed order."""
    folders = (HERE / "corpus" / name, HERE / "crashes" / name)
    return [file.read_bytes() for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())]


def run(target: Target, data: bytes) -> None:
    """Run a target; add the input to the exception if it fails."""
    try:
        target(data)
    except BaseException as error:
        error.add_note(f"the input: {data!r}")
        raise


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_inputs_of_the_corpus(name: str) -> None:
    corpus = inputs(name)
    assert corpus, "a target needs a corpus: python -m tests.fuzz.seeding"
    for data in corpus:
        run(TARGETS[name], data)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_changed_inputs(name: str) -> None:
    rng = random.Random(f"fuzz {name}")  # noqa: S311 - reproducible, not secret
    corpus = inputs(name)
    end = time.monotonic() + _MAX_SECONDS
    for _ in range(_MAX_CHANGES):
        run(TARGETS[name], changed(rng.choice(corpus), corpus, rng))
        if time.monotonic() > end:
            break


def changed(data: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Replace a few places with random bytes, nothing, a part of another input, or a repetition."""
    result = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        start = rng.randint(0, len(result))
        end = min(start + rng.choice((0, 1, 4, 40)), len(result))
        other = rng.choice([*others, data])
        offset = rng.randint(0, len(other))
        replacements = (
            rng.randbytes(rng.randint(1, 4)),
            b"",
            other[offset : offset + 30],
            bytes(result[start:end]) * 3,
        )
        result[start:end] = rng.choice(replacements)
    return bytes(result)


def test_corpus_is_small() -> None:
    assert sum(len(data) for name in TARGETS for data in inputs(name)) < 200_000


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_dictionary_has_the_format_of_the_fuzzer(name: str) -> None:
    for line in words_of(name).splitlines():
        assert line[0] == line[-1] == '"'
        assert bytes.fromhex(line[1:-1].replace("\\x", ""))
