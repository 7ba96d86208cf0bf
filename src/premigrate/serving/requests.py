"""Turns the bytes of a request into JSON as the framework does, or into the answer that it gives instead."""

import codecs
import io
import json
from typing import Any, NoReturn

from starlette.requests import Request

from premigrate.api import Validator
from premigrate.errors import Response
from premigrate.source.json_text import in_any_python

_JSON = "application/json"
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
    media_type = request.headers.get("content-type", "")
    if media_type.partition(";")[0].strip().lower() != _JSON:
        raise Unreadable(validator.answer("wrong_media_type", value=media_type))
    try:
        text = codecs.getreader("utf-8")(io.BytesIO(body)).read()  # forgives a last character that is cut off
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(validator.answer("malformed", why=str(in_any_python(error)))) from None
    except ValueError as error:
        raise Unreadable(validator.answer("malformed", why=str(error))) from None
    except RecursionError:
        raise Unreadable(validator.answer("broken")) from None  # as the framework, which does not catch it


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
