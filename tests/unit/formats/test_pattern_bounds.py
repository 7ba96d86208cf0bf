"""Plain patterns take a time that grows with the text; those that might take longer are refused."""

import time

import pytest

from premigrate.formats.pattern import compile_plain


@pytest.mark.parametrize(
    "pattern",
    [
        "a?" * 30 + "a" * 30,
        "[a-z]?[a-z]?x[a-z]?y[a-z]?",
        "a{0,1}b{0,1}",
        "a*b?c{2,3}",
        "[0-9]+[0-9]{1,}",
        "a{600}b{600}",
        "a{9999}" * 100,
        "[a--z]",
    ],
)
def test_patterns_that_might_take_long(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"plain pattern|count|characters"):
        compile_plain(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a?b?c?", "ac", True),
        ("DK[ -]?[0-9]{4}", "DK-1000", True),
        ("[A-Z]{2,4}.*", "AB1", True),
        ("a?b?c?d+.*", "bdx", True),
        ("a{1000}", "a" * 999, False),
    ],
)
def test_patterns_with_a_few_counts(pattern: str, text: str, matches: bool) -> None:
    assert (compile_plain(pattern).fullmatch(text) is not None) is matches


@pytest.mark.parametrize("pattern", ["a?a?a?a*" + "a{900}b", ".*" + "a{900}b.*", "a?.?a?[ab]+b"])
def test_the_slowest_patterns_grow_with_the_text(pattern: str) -> None:
    compiled = compile_plain(pattern)
    start = time.process_time()
    assert compiled.fullmatch("a" * 20_000 + "c") is None
    assert time.process_time() - start < 5
