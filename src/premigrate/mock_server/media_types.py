"""Parses Accept, Content-Type and the query parameter ``format`` as Django REST Framework does."""

import codecs
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import NamedTuple
from urllib.parse import parse_qsl

JSON = "application/json"
_MAX_HEADER, _MAX_TOKENS, _MAX_MEDIA_TYPE = 8192, 64, 256
"""DRF's limits: characters of an Accept header, media types in it, and characters of a media type."""
_MAX_INDENT = 8


class MediaType(NamedTuple):
    """A media type with its parameters; one that cannot be parsed has empty parts, and matches nothing."""

    main: str
    sub: str
    params: dict[str, str]

    @property
    def matches_json(self) -> bool:
        """Whether ``application/json`` matches this type."""
        return self.main in {"application", "*"} and self.sub in {"json", "*"}

    @property
    def precedence(self) -> int:
        """The precedence in DRF: 0 for ``*/*``, 1 for ``application/*``, 2 without and 3 with parameters."""
        if self.main == "*":
            return 0
        if self.sub == "*":
            return 1
        return 2 if not self.params or list(self.params) == ["q"] else 3

    @property
    def indent(self) -> int | None:
        """The number of spaces to indent JSON with, from the parameter ``indent``; None for compact JSON."""
        try:
            return max(min(int(self.params["indent"]), _MAX_INDENT), 0) or None
        except (KeyError, ValueError):
            return None

    @property
    def charset(self) -> str:
        """The charset parameter; UTF-8 if it is missing or unknown to Python."""
        named = self.params.get("charset", "")
        try:
            codecs.lookup(named)
        except (LookupError, ValueError):
            return "utf-8"
        return named


def parse_media_type(text: str) -> MediaType:
    """Parse a media type as Django's ``parse_header_parameters`` does."""
    whole, params = text.strip().lower(), {}
    if ";" in text:
        message = Message()
        message["content-type"] = text
        try:
            (whole, _), *pairs = message.get_params() or [("", "")]
            params = {name: _decode(value) for name, value in pairs if name}
        except (LookupError, ValueError):  # a parameter in an unknown charset
            whole, params = "", {}
    main, _, sub = whole.lower().partition("/")
    return MediaType(main, sub, params)


def _decode(value: str | tuple[str | None, str | None, str]) -> str:
    """Decode the value of a parameter; one with a charset is a tuple of three parts (RFC 2231)."""
    if isinstance(value, tuple) and value[0]:
        codecs.lookup(value[0])
    return collapse_rfc2231_value(value)


def negotiate(accept: str | None) -> MediaType | None:
    """Return the most specific media type of an Accept header that JSON matches; None if there is none.

    Weights (``q``) are ignored, as in DRF. Of equally specific types, the first is returned.
    """
    header = "*/*" if accept is None else accept
    if len(header) > _MAX_HEADER:
        header = header[: header.rfind(",", 0, _MAX_HEADER) + 1]
    tokens = [token for part in header.split(",") if (token := part.strip()) and len(token) <= _MAX_MEDIA_TYPE]
    media_types = map(parse_media_type, tokens[:_MAX_TOKENS])
    return max((each for each in media_types if each.matches_json), key=lambda each: each.precedence, default=None)


def is_json(content_type: str) -> bool:
    """Return whether a body with this Content-Type is parsed as JSON."""
    return len(content_type) <= _MAX_MEDIA_TYPE and parse_media_type(content_type).matches_json


def requested_format(query: bytes, charset: str) -> str:
    """Return the last ``format`` of a query string, decoded in the charset of the body as DRF does; else empty.

    Raises:
        LookupError, ValueError: the charset is not a text encoding.

    """
    if not query:
        return ""
    try:
        text = query.decode(charset)
    except UnicodeDecodeError:
        text = query.decode("iso-8859-1")
    return dict(parse_qsl(text, keep_blank_values=True, encoding=charset)).get("format", "")
