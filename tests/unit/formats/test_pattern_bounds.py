"""Plain patterns match in a time that grows with the text; those that might take longer are refused."""

import pickle
import re
import time

import pytest

from premigrate.formats.pattern import compile_plain_pattern, union_of_patterns


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
def test_patterns_that_may_be_slow_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"plain pattern|count|characters"):
        compile_plain_pattern(pattern)


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
    assert (compile_plain_pattern(pattern).fullmatch(text) is not None) is matches


@pytest.mark.parametrize("pattern", ["a?a?a?a*" + "a{900}b", ".*" + "a{900}b.*", "a?.?a?[ab]+b"])
def test_time_of_the_slowest_patterns_grows_with_the_text(pattern: str) -> None:
    compiled = compile_plain_pattern(pattern)
    start = time.process_time()
    assert compiled.fullmatch("a" * 20_000 + "c") is None
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a{1000}b?c?d?", "a" * 1000),
        ("a{1000}b{0,5}", "a" * 1000),
        ("a{1000}b*.*", "a" * 1000),
        ("a{998}bc+", "a" * 998 + "bc"),
        ("a{0}" * 1001, ""),
        ("", ""),
        (".*", "x"),
        ("a+.*", "aab\n"),
        ("a{2}b{2}c*", "aabbcc"),
        (",,", ",,"),  # a comma outside of a count counts nothing
        (r"\*\+\?\?\?\?\*", "*+????*"),  # neither does an escaped character
    ],
)
def test_patterns_at_the_limits(pattern: str, text: str) -> None:
    assert compile_plain_pattern(pattern).fullmatch(text)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a{1001}", "'a{1001}'... requires more than 1000 characters"),
        ("a{1000}b", "'a{1000}b'... requires more than 1000 characters"),
        ("a{1000}b+", "'a{1000}b+'... requires more than 1000 characters"),
        ("a{1000}b{1,}", "'a{1000}b{1,}'... requires more than 1000 characters"),
        ("a{500}b{501,502}", "'a{500}b{501,502}'... requires more than 1000 characters"),
        ("a{999}" + "b" * 40, f"'a{{999}}{'b' * 34}'... requires more than 1000 characters"),
        ("a?b?c?d?", "'a?b?c?d?' has more than 3 counts ?; give several patterns instead"),
        ("a*.+", "'a*.+' has more than one count without a limit besides a .* at its end"),
        ("a*.*b", "'a*.*b' has more than one count without a limit besides a .* at its end"),
        ("a+b?c{1,}", "'a+b?c{1,}' has more than one count without a limit besides a .* at its end"),
        ("a{1,2}b{1,2}", "'a{1,2}b{1,2}' has more than one count without a limit besides a .* at its end"),
        ("a*b*.*", "'a*b*.*' has more than one count without a limit besides a .* at its end"),
        ("(a)", "'(a)' is not a plain pattern: use characters, . and [...] with counts, no groups"),
        ("a|b", "'a|b' is not a plain pattern: use characters, . and [...] with counts, no groups"),
        ("a{12345}", "'a{12345}' is not a plain pattern: use characters, . and [...] with counts, no groups"),
        ("[z-a]", "'[z-a]' is not a plain pattern: bad character range z-a at position 1"),
        ("a{3,2}", "'a{3,2}' is not a plain pattern: min repeat greater than max repeat at position 2"),
    ],
)
def test_messages_for_patterns_that_are_not_plain(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        compile_plain_pattern(pattern)


def test_patterns_match_ascii_and_may_ignore_case() -> None:
    for matching in (compile_plain_pattern("a.k"), union_of_patterns(["x", "a.k"])):
        assert matching.fullmatch("a\nk")
        assert not matching.fullmatch("A\nk")
    for ignoring in (compile_plain_pattern("a.k", ignore_case=True), union_of_patterns(["x", "a.k"], ignore_case=True)):
        assert ignoring.fullmatch("A\nK")
        assert not ignoring.fullmatch("a.\u212a"), "the Kelvin sign is not a k"
    assert not union_of_patterns([]).fullmatch("")
    assert union_of_patterns(["a", "b+"]).fullmatch("bb")
    assert not union_of_patterns(["a", "b+"]).fullmatch("ab")


def test_pickled_pattern_matches_the_same() -> None:
    for used in (True, False):
        pattern = (
            compile_plain_pattern("a.b", ignore_case=True) if used else union_of_patterns(["a.b"], ignore_case=True)
        )
        copied = pickle.loads(pickle.dumps(pattern))  # noqa: S301 - it was made here
        assert copied.fullmatch("A\nB")
        assert not copied.fullmatch("A\nC")
