"""Turns the bytes of a request into JSON as the framework does, or into the answer that it gives instead."""

import codecs
import io
import json
from typing import Any, NoReturn

from starlette.requests import Request

from premigrate.api import Validator
from premigrate.documents.json_text import in_any_python
from premigrate.mock_server.media_types import is_json, parse_media_type
from premigrate.results import Response

_MOST_DIGITS = 18  # of a length that may be meant


class Unreadable(Exception):
    """A request can't be read; ``response`` is what is answered."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


async def read_payload(request: Request, validator: Validator, max_body: int) -> Any:  # noqa: ANN401 - any JSON value
    """Read the body of a request, up to ``max_body`` bytes.

    Raises:
        Unreadable: it is too large, or not JSON.

    """
    body = await _read_body(request, validator, max_body)
    if not body:
        return {}  # the framework does not ask what kind of nothing it is
    content_type = request.headers.get("content-type", "")
    if not is_json(content_type):
        raise Unreadable(validator.answer("wrong_media_type", value=content_type))
    charset = parse_media_type(content_type).charset
    if not _is_text_encoding(charset):
        why = f'Unsupported charset "{charset}" in request Content-Type header.'
        raise Unreadable(validator.answer("malformed", why=why))
    try:
        return _parse(body, charset)
    except json.JSONDecodeError as error:
        why = f"JSON parse error - {in_any_python(error)}"
    except ValueError as error:
        why = f"JSON parse error - {error}"
    except RecursionError:
        raise Unreadable(validator.answer("broken")) from None  # as the framework, which does not catch it
    raise Unreadable(validator.answer("malformed", why=why))


def _is_text_encoding(charset: str) -> bool:
    """Whether a charset is one of text: Python also has codecs that decompress."""
    try:
        "".encode(charset)
    except (LookupError, UnicodeError):
        return False
    return True


def _parse(body: bytes, charset: str) -> Any:  # noqa: ANN401 - any JSON value
    text = codecs.getreader(charset)(io.BytesIO(body)).read()  # forgives a last character that is cut off
    return json.loads(text, parse_constant=_refuse_constant)


async def _read_body(request: Request, validator: Validator, max_body: int) -> bytes:
    too_large = Unreadable(validator.answer("too_large", max_length=max_body))
    said = request.headers.get("content-length", "").lstrip("0")
    if said.isdecimal() and (len(said) > _MOST_DIGITS or int(said) > max_body):
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_body:
            raise too_large
    return bytes(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")
