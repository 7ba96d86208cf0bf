"""What every path does with a request before and after its own work, in the order of Django REST Framework's views."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response as HttpResponse
from starlette.types import Receive, Scope, Send

from premigrate.api import Validator
from premigrate.exceptions import BadArgument
from premigrate.mock_server.media_types import JSON, MediaType, negotiate, parse_media_type, requested_format
from premigrate.mock_server.requests import Unreadable
from premigrate.results import Response

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
"""The methods in the order in which the framework lists them in Allow."""


class Answer(NamedTuple):
    """What is answered: the HTTP status, a JSON value, and headers besides those that every answer has."""

    status: int
    body: object
    headers: Mapping[str, str] = {}


Handler = Callable[[Request], Awaitable[Answer]]


class Endpoint:
    """Answers the requests to one path: an ASGI application.

    Args:
        validator: knows the words of the answers.
        handlers: what each method does.
        name: what OPTIONS tells of the endpoint, with ``description``.
        description: a sentence.
        token: what has to follow ``Token`` in the header Authorization; None takes any request.

    """

    def __init__(
        self,
        validator: Validator,
        handlers: Mapping[str, Handler],
        name: str,
        description: str,
        *,
        token: str | None = None,
    ) -> None:
        self._validator, self._token = validator, None if token is None else token.encode()
        self._handlers = {**handlers, "OPTIONS": self._options}
        if "GET" in handlers:
            self._handlers["HEAD"] = handlers["GET"]
        self._metadata = {"name": name, "description": description, "renders": [JSON], "parses": [JSON]}
        self._allow = ", ".join(method for method in _METHODS if method in self._handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        accepted: MediaType | None = None
        try:
            accepted = self._negotiate(request)
            self._authenticate(request)
            answer = await self._handle(request)
        except Unreadable as error:
            answer = answer_of(error.response)
        except BadArgument as error:
            answer = Answer(400, {"detail": str(error), "code": "premigrate:bad_argument"})
        headers = {"Allow": self._allow, **answer.headers}
        if answer.status == 401:
            headers["WWW-Authenticate"] = "Token"
        response = render(answer._replace(headers=headers), accepted.indent if accepted else None)
        await response(scope, receive, send)

    def _negotiate(self, request: Request) -> MediaType:
        """Find in which form to answer.

        Raises:
            Unreadable: the client does not take JSON.

        """
        charset = parse_media_type(request.headers.get("content-type", "")).charset
        try:
            wanted = requested_format(request.scope["query_string"], charset)
        except (LookupError, ValueError):  # the framework does not catch these
            raise Unreadable(self._validator.answer("broken")) from None
        if wanted not in {"", "json"}:
            raise Unreadable(self._validator.answer("not_found"))
        accept = request.headers.getlist("accept")
        accepted = negotiate(",".join(accept) if accept else None)
        if accepted is None:
            raise Unreadable(self._validator.answer("not_acceptable"))
        return accepted

    def _authenticate(self, request: Request) -> None:
        if self._token is None:
            return
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "token":
            raise Unreadable(self._validator.answer("unauthenticated"))
        if not hmac.compare_digest(given.encode("latin-1"), self._token):  # headers are decoded as latin-1
            raise Unreadable(self._validator.answer("wrong_token"))

    async def _handle(self, request: Request) -> Answer:
        method = request.method.upper()
        handler = self._handlers.get(method)
        if handler is None:
            raise Unreadable(self._validator.answer("wrong_method", value=method))
        return await handler(request)

    async def _options(self, _: Request) -> Answer:
        return Answer(200, self._metadata)


def answer_of(response: Response, headers: Mapping[str, str] | None = None) -> Answer:
    """Make an answer of one of the rules."""
    return Answer(response.status, response.body, headers or {})


def render(answer: Answer, indent: int | None = None) -> HttpResponse:
    """Write JSON as the framework does: compact unless it is indented, and letters as they are where UTF-8 has them."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(answer.body, ensure_ascii=False, indent=indent, separators=separators)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return HttpResponse(text.encode("utf-8", "backslashreplace"), answer.status, dict(answer.headers), media_type=JSON)
