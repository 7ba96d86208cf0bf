"""Parses the body of a request as Django REST Framework's JSONParser does."""

import codecs
import io
import json
from typing import Any, NoReturn

from starlette.requests import Request

from premigrate.documents.json_text import normalise_error
from premigrate.engine.engine import Engine
from premigrate.mock_server.media_types import is_json, parse_media_type
from premigrate.results import Response

_MAX_LENGTH_DIGITS = 18  # a longer Content-Length is too large without being converted


class RequestRejected(Exception):
    """A request is rejected with ``response``."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


async def read_json_body(request: Request, engine: Engine, max_body: int) -> Any:  # noqa: ANN401 - any JSON value
    """Read the body of a request, up to ``max_body`` bytes.

    Raises:
        Unreadable: the body is too large, or not JSON.

    """
    body = await _read_body(request, engine, max_body)
    if not body:
        return {}  # DRF ignores the Content-Type of an empty body
    content_type = request.headers.get("content-type", "")
    if not is_json(content_type):
        raise RequestRejected(engine.render_response("wrong_media_type", value=content_type))
    charset = parse_media_type(content_type).charset
    if not _is_text_encoding(charset):
        why = f'Unsupported charset "{charset}" in request Content-Type header.'
        raise RequestRejected(engine.render_response("malformed", why=why))
    try:
        return _parse(body, charset)
    except json.JSONDecodeError as error:
        why = f"JSON parse error - {normalise_error(error)}"
    except ValueError as error:
        why = f"JSON parse error - {error}"
    except RecursionError:
        raise RequestRejected(
            engine.render_response("broken")
        ) from None  # DRF does not catch it, so it becomes status 500
    raise RequestRejected(engine.render_response("malformed", why=why))


def _is_text_encoding(charset: str) -> bool:
    """Return whether a charset is a text encoding: Python also has codecs such as zlib."""
    try:
        "".encode(charset)
    except (LookupError, UnicodeError):
        return False
    return True


def _parse(body: bytes, charset: str) -> Any:  # noqa: ANN401 - any JSON value
    text = codecs.getreader(charset)(io.BytesIO(body)).read()  # like DRF, ignores an incomplete last character
    return json.loads(text, parse_constant=_refuse_constant)


async def _read_body(request: Request, engine: Engine, max_body: int) -> bytes:
    too_large = RequestRejected(engine.render_response("too_large", max_length=max_body))
    length = request.headers.get("content-length", "").lstrip("0")
    if length.isdecimal() and (len(length) > _MAX_LENGTH_DIGITS or int(length) > max_body):
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_body:
            raise too_large
    return bytes(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")
