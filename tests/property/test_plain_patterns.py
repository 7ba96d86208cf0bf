"""Plain patterns that are converted from a regular expression match the same texts, in linear time."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from premigrate.formats.pattern import compile_plain_pattern, union_of_patterns
from premigrate.formats.plain_patterns import plain_patterns
from tests.backtracking import faults
from tests.growth import grows_linearly

SETS = ["[ab]", "[^a]", r"[\w.]", r"[^\d]", "[a-c-]", r"[\s\S]", r"[\--b]", "[.$^]", "[&~]"]
SINGLE = [
    "a",
    "b",
    "-",
    ".",
    r"\d",
    r"\w",
    r"\s",
    r"\S",
    r"\D",
    r"\.",
    r"\/",
    r"\-",
    r"\x61",
    "^",
    "$",
    ",",
    r"\n",
    "&",
]
ATOMS = st.sampled_from([*SINGLE, *SETS])
COUNTS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,2}", "+?", "{0}"])
COUNTED = st.tuples(ATOMS, COUNTS).map("".join)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sequences = st.lists(inner, max_size=3).map("".join)
    groups = st.tuples(st.sampled_from(["(", "(?:"]), st.lists(sequences, max_size=3).map("|".join)).map("".join)
    return sequences | st.tuples(groups, st.just(")"), COUNTS).map("".join)


REGEXES = st.recursive(COUNTED, larger, max_leaves=8)
WHOLE = st.tuples(st.sampled_from(["", "^"]), REGEXES, st.sampled_from(["", "$", r"\Z"])).map("".join)
TEXTS = st.text(st.sampled_from("ab-.1 \n/&_A,~") | st.sampled_from("\u00e9\u0661\u00a0"), max_size=8)


def reference(regex: str) -> re.Pattern[str] | None:
    """Compile an expression whose $ matches at the end only."""
    try:
        return re.compile(re.sub(r"((?:\[\^?(?:\\.|[^\\\]])*\]|\\.|[^$\\\[])*)\$?", _end_only, regex))
    except re.error:
        return None


def _end_only(match: re.Match[str]) -> str:
    return match[1] + (r"\Z" if match[0] != match[1] else "")


@settings(max_examples=1500)
@given(WHOLE, st.lists(TEXTS, max_size=12))
def test_converted_patterns_match_the_same_texts(regex: str, texts: list[str]) -> None:
    compiled, patterns = reference(regex), plain_patterns(regex)
    assume(compiled is not None and patterns is not None)
    assert compiled
    union = union_of_patterns(patterns or ())
    for text in ["", "a", "ab", "a-b", "\n", "a\n", *texts]:
        assert bool(union.fullmatch(text)) is bool(compiled.search(text)), (regex, patterns, text)


@pytest.mark.parametrize(
    ("regex", "patterns"),
    [
        ("^[0-9]{4}$", ("[0-9]{4}",)),
        ("", (".*",)),
        ("^$", ("",)),
        ("^.*$", (r"[^\n]*",)),
        (r"\d+", (r".*\d.*",)),
        (r"^[A-Z]+x?", ("[A-Z].*",)),
        (r"[A-Z]+-\d{1,2}$", (r".*[A-Z]-\d", r".*[A-Z]-\d{2}")),
        (r"^(foo|bar)-[A-Z]?\Z", ("foo-[A-Z]?", "bar-[A-Z]?")),
        (r"^\d+(\.\d{1,2})?$", (r"\d+", r"\d+\.\d", r"\d+\.\d{2}")),
        ("^a|b$", ("a.*", ".*b")),
        ("(a^|b)c", (".*bc.*",)),
        ("^(a|b)+$", ("[ab]+",)),
        ("^(?:ab){2,3}$", ("abab", "ababab")),
        ("^(?<year>[0-9]{4})$", ("[0-9]{4}",)),
        (r"^[\s\S]{1,5}$", (".{1,5}",)),
        (r"^[\--/]$", (r"[\--/]",)),
        (r"^\u0041\x42$", ("AB",)),
        ("^a?b?c?d?e?$", None),
    ],
)
def test_conversion(regex: str, patterns: tuple[str, ...] | None) -> None:
    found = plain_patterns(regex)
    if patterns is None:
        assert found
        assert len(found) <= 8, "some of the optional characters stay"
    else:
        assert found == patterns


@pytest.mark.parametrize(
    "regex",
    [
        *(
            "(?=a)b",
            "(?!a)b",
            "(?<=a)b",
            r"(a)\1",
            r"\ba",
            r"\p{L}",
            "(?i)a",
            "^a+b+$",
            "^(ab)+$",
            "a^",
            "[",
            "(a",
            "a)",
        ),
        *("a**", "*a", "a{2,1}", "^(a|bc){9}$", "[z-a]", r"[\d-z]", "[]", "[^]", r"\ud800", "a" * 2001, "^a{1001}$"),
        *("(" * 21 + "a" + ")" * 21, "a{", "^a{0,30}b{0,30}c{0,30}$", r"\cA", r"^\w+@\w+$", "a++", "((){999}){999}b)"),
    ],
)
def test_expressions_that_have_no_plain_patterns(regex: str) -> None:
    assert plain_patterns(regex) is None


@pytest.mark.parametrize("regex", ["a{900}b", "[ab]{3}x?y?z?c", r"\w{20}-", "^a{5,900}b", r"^\d+(\.\d{1,2})?$"])
def test_converted_patterns_take_linear_time(regex: str) -> None:
    for pattern in plain_patterns(regex) or ():
        assert [text for text in ("a", "ab", "1", "1.") if not is_linear(pattern, text)] == []


def is_linear(pattern: str, text: str) -> bool:
    compiled = compile_plain_pattern(pattern)

    def make(size: int) -> object:
        subject = text * (size // len(text)) + "\x01"
        return lambda: compiled.fullmatch(subject)

    return grows_linearly(make, 8000)


@settings(max_examples=300)
@given(WHOLE)
def test_anchored_patterns_have_no_faults(regex: str) -> None:
    for pattern in plain_patterns(regex) or ():
        if not pattern.startswith(".*"):
            assert not [each for each in faults(pattern, re.DOTALL) if "unbounded repeats" in each]
