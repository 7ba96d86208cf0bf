"""Reads a document written in JSON or YAML 1.2: keys are texts, and days are texts, too."""

import json
import re
from typing import Any

import yaml

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")


def read_document(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        document: dict[str, Any] = json.loads(text)
        return document
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = _value(yaml.compose(text, Loader=loader), {})
    assert isinstance(document, dict)
    return document


def _value(node: Any, known: dict[int, Any]) -> Any:
    """Return the data of a node; what several aliases stand for is converted once."""
    if id(node) not in known:
        if isinstance(node, yaml.MappingNode):
            known[id(node)] = {key.value: _value(value, known) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            known[id(node)] = [_value(item, known) for item in node.value]
        else:
            known[id(node)] = node.value if node.style in {"'", '"', "|", ">"} else _scalar(node.value)
    return known[id(node)]


def _scalar(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) and not _LEADING_ZERO.fullmatch(text) else text
