"""Parses the part of YAML 1.2 that has a JSON equivalent, since a payload is sent as JSON.

The data are built from the events of PyYAML, without recursion, and scalars are resolved here: PyYAML implements
YAML 1.1, in which ``no`` is false and ``0047`` is 39.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from premigrate.documents.document import Document
from premigrate.documents.json_text import BOM_CHARACTER, decode_utf8
from premigrate.documents.yaml_aliases import AliasedValues, merge_keys
from premigrate.exceptions import BadPayloadText
from premigrate.results import Place

if TYPE_CHECKING:
    from premigrate.documents.source_map import LocatedValue

_MAX_DEPTH = 500
_LITERALS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_AMBIGUOUS_BREAK = re.compile("[\x85\u2028\u2029]")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def read_yaml(content: str | bytes, *, lenient: bool = False) -> Document:
    """Parse YAML.

    By default, as for payloads, everything is an error on which YAML versions disagree. With ``lenient``, as for
    documents of other software, aliases and merge keys (``<<``) are followed, ambiguous numbers such as ``0047`` are
    strings, and ambiguous line ends are spaces.

    Raises:
        BadPayloadText: the text is not UTF-8, is empty, is not YAML, or has features that are not supported: tags,
            several documents, keys that are not strings and, unless ``lenient``, anchors, aliases, and numbers and line
            ends on which YAML versions disagree; or aliases stand for more than a million values.

    """
    text = content if isinstance(content, str) else decode_utf8(content)
    had_bom = text.startswith(BOM_CHARACTER)
    text = text.removeprefix(BOM_CHARACTER)
    if lenient:
        text = _AMBIGUOUS_BREAK.sub(" ", text)
    elif unclear := _AMBIGUOUS_BREAK.search(text):
        message = (
            "U+0085, U+2028 and U+2029 are line breaks in some versions of YAML; write them as escapes in double quotes"
        )
        raise BadPayloadText(f"not plain YAML: {message}", *_line_and_column(text, unclear.start()))
    builder = _Builder(lenient=lenient)
    for event in parse_events(text):
        builder.take(event)
    if not builder.done:
        raise BadPayloadText("the text is empty; a payload must be a mapping")
    return Document(builder.data, had_bom, tuple(builder.repeated), text, _locate, is_yaml=True)


def _locate(text: str, places: Iterable[Place], has_repeats: bool) -> "LocatedValue | None":  # noqa: ARG001, FBT001
    from premigrate.documents.yaml_positions import locate_yaml

    return locate_yaml(parse_events(text), places)


def parse_events(text: str) -> Iterator[Any]:
    """Yield the parser events of a text. Raises BadPayloadText if it is not YAML."""
    import yaml  # takes 20 ms, and most payloads are JSON

    try:
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        at = _line_and_column(text, error.position)
        raise BadPayloadText("not YAML: the text contains a character that YAML does not allow", *at) from None
    except yaml.MarkedYAMLError as error:
        from premigrate.documents.yaml_errors import explain_yaml_error

        index = error.problem_mark.index
        what = explain_yaml_error(error.problem, text[index : index + 1])
        raise BadPayloadText(f"not YAML: {what}", *_line_and_column(text, index)) from None


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    """Return line and column. PyYAML's own count takes more characters than the line feed as line ends."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


class _Builder:
    """Builds data from events."""

    def __init__(self, *, lenient: bool) -> None:
        self._is_lenient = lenient
        self._aliases = AliasedValues()
        self.data: object = None
        self.done = False
        self.repeated: dict[Place, None] = {}
        self._open: list[tuple[Any, Place]] = []
        self._key: list[str | None] = []

    def take(self, event: Any) -> None:  # noqa: ANN401 - the library has no types
        """Process the next event."""
        kind = type(event).__name__
        if getattr(event, "anchor", None) and not self._is_lenient:
            _refuse(event, "anchors and aliases are not supported; write the value itself")
        if getattr(event, "tag", None):
            _refuse(event, "tags are not supported; write plain values")
        match kind:
            case "DocumentStartEvent" if self.done:
                _refuse(event, "a second document; write several accounts as a list")
            case "MappingStartEvent" | "SequenceStartEvent":
                self._begin(event, {} if kind == "MappingStartEvent" else [])
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "AliasEvent":
                self._alias(event)
            case "ScalarEvent":
                self._scalar(event)

    def _begin(self, event: Any, made: Any) -> None:  # noqa: ANN401
        if len(self._open) >= _MAX_DEPTH:
            _refuse(event, "nested too deeply to be read; an account payload has fewer than ten levels")
        place = self._place(event, made)
        if self._is_lenient:
            self._aliases.begin(event.anchor, made)
        self._open.append((made, place))
        self._key.append(None)

    def _end(self) -> None:
        made, _ = self._open.pop()
        self._key.pop()
        if self._is_lenient:
            merge_keys(made)
            self._aliases.end()

    def _alias(self, event: Any) -> None:  # noqa: ANN401
        """Put the value of an anchor in the place of an alias."""
        if event.anchor not in self._aliases:
            _refuse(event, f"the alias {event.anchor} does not refer to an earlier value")
        value = self._aliases.follow(event.anchor)
        if self._aliases.is_too_large:
            _refuse(event, "aliases expand to more than a million values")
        self._place(event, value)

    def _scalar(self, event: Any) -> None:  # noqa: ANN401
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            made, place = self._open[-1]
            if event.value in made:
                self.repeated[*place, event.value] = None
            self._key[-1] = event.value
        else:
            is_unclear = self._is_lenient and event.implicit[0] and _AMBIGUOUS.fullmatch(event.value)
            value = event.value if is_unclear else _scalar_value(event)
            if self._is_lenient:
                self._aliases.add_scalar(event.anchor, value)
            self._place(event, value)

    def _place(self, event: Any, value: object) -> Place:  # noqa: ANN401
        """Add a value to the open list or mapping, and return its place."""
        if not self._open:
            self.data, self.done = value, True
            return ()
        made, place = self._open[-1]
        if isinstance(made, list):
            made.append(value)
            return (*place, len(made) - 1)
        key = self._key[-1]
        if key is None:
            _refuse(event, "a key must be a string")
        self._key[-1] = None
        made[key] = value
        return (*place, str(key))


def _scalar_value(event: Any) -> object:  # noqa: ANN401
    text: str = event.value
    if not event.implicit[0]:
        return text  # a quoted or block scalar
    if text in _LITERALS:
        return _LITERALS[text]
    if _AMBIGUOUS.fullmatch(text):
        _refuse(event, "YAML parsers read this number differently, or JSON cannot represent it; put it in quotes")
    if _INTEGER.fullmatch(text):
        try:
            return int(text)
        except ValueError:  # CPython limits the number of digits of an integer
            _refuse(event, "a number has too many digits to be read")
    return float(text) if _FLOAT.fullmatch(text) else text


def _refuse(event: Any, message: str) -> None:  # noqa: ANN401
    raise BadPayloadText(f"not plain YAML: {message}", event.start_mark.line + 1, event.start_mark.column + 1)
