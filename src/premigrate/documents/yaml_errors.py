"""Explains YAML syntax errors in plain words, with a fix, in place of the messages of the parser."""

import re

_TAB = "a tab; indent with spaces, and put values with tabs in quotes"
_OTHERWISE = "this line cannot be read; check its indentation, quotes, colons and brackets"
_TABLE = tuple(
    (re.compile(pattern), explanation)
    for pattern, explanation in (
        (
            "found character|cannot start any token",
            "a value cannot begin with this character; put it in quotes, like all values that begin with @, ` or %",
        ),
        (
            "mapping values are not allowed",
            "a second colon on a line, or an entry that is indented too far; put values with a colon in quotes",
        ),
        (
            "block sequence entries|sequence entries are not allowed",
            "a list cannot begin here; begin it on the next line",
        ),
        ("mapping keys are not allowed", "a key cannot be here; put it on its own line"),
        (
            r"find expected ':'|expected ':'",
            "a colon is missing after a key, or the continuation of a value is not indented",
        ),
        ("',' or '[]}]'", "a comma or a closing bracket is missing after an opening bracket"),
        ("unexpected end of stream", "this quoted value does not end; its closing quote is missing"),
        ("unexpected document", "a line of --- or ... inside a quoted value; its closing quote is missing"),
        ("escape", "an unknown escape sequence; write two backslashes, or use single quotes"),
        ("hexa?decimal", "this escape sequence requires hexadecimal digits"),
        ("directive", "this line begins with % but is not a YAML directive; delete it, or put the value in quotes"),
        ("tag", "tags are not supported; write plain values"),
        (
            "anchor|alias|alphabetic",
            "anchors and aliases are not supported; put values that begin with & or * in quotes",
        ),
        (
            "expected (?:'-' indicator|key|<block end>)",
            "the indentation differs from the lines before, a dash or key is missing, or text follows a closing quote",
        ),
        (r"document start", "unexpected text after the end of the account; write several accounts as a list"),
        ("node content", "a value is missing here"),
        ("indentation indicator|block scalar|comment", "a text after | or > must begin on the next line"),
    )
)


def explain_yaml_error(problem: str, character: str) -> str:
    """Explain an error of the YAML parser, and how to fix it.

    Args:
        problem: the message of the parser.
        character: the character at the position of the error.

    """
    if character == "\t" or "tab char" in problem:
        return _TAB
    return next((explanation for pattern, explanation in _TABLE if pattern.search(problem)), _OTHERWISE)
