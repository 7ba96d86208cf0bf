"""Explains YAML syntax errors in plain words, with a fix, in place of the messages of the parser."""

import re

_TAB = "a tab; indent with spaces, and put values with tabs in quotes"
_OTHERWISE = "this line cannot be read; check its indentation, quotes, colons and brackets"
_TABLE = tuple(
    (re.compile(pattern), explanation)
    for pattern, explanation in (
        (
            "found character|cannot start any token",
            "a character that begins no value; put the value in quotes, as those with @ ` or % in front",
        ),
        (
            "mapping values are not allowed",
            "a second colon on a line, or an entry that is indented too far; put values with a colon in quotes",
        ),
        ("block sequence entries|sequence entries are not allowed", "a list cannot begin here; put it on lines below"),
        ("mapping keys are not allowed", "a key cannot stand here; put it on a line of its own"),
        (
            r"find expected ':'|expected ':'",
            "a colon is missing after a key, or a value goes on over lines that are not indented",
        ),
        ("',' or '[]}]'", "a comma or a closing bracket is missing in what a bracket opened"),
        ("unexpected end of stream", "a quoted text begins and does not end; its closing quote is missing"),
        ("unexpected document", "a line of --- or ... inside a quoted text; its closing quote is missing"),
        ("escape", "an escape that YAML does not have; write two backslashes, or use single quotes"),
        ("hexa?decimal", "an escape in a quoted text needs hexadecimal digits"),
        ("directive", "a line that begins with % is no directive of YAML; delete it, or put the value in quotes"),
        ("tag", "tags are not taken; a payload has plain values only"),
        ("anchor|alias|alphabetic", "anchors and aliases are not taken; put values that begin with & or * in quotes"),
        (
            "expected (?:'-' indicator|key|<block end>)",
            "the indentation differs from the lines before, a dash or key is missing, or text follows a closing quote",
        ),
        (r"document start", "something follows after the end of the account; write several accounts as a list"),
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
