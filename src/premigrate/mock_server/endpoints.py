"""Handles what all endpoints share, in the order of Django REST Framework's APIView: format, token, method, headers."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response as HttpResponse
from starlette.types import Receive, Scope, Send

from premigrate.engine.engine import Engine
from premigrate.engine.import_key import ImportKey
from premigrate.exceptions import BadArgument
from premigrate.mock_server.connections import drop_connection, send_half
from premigrate.mock_server.media_types import JSON, MediaType, negotiate, parse_media_type, requested_format
from premigrate.mock_server.requests import RequestRejected
from premigrate.results import Response

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
"""The methods in the order of DRF's Allow header."""


class EndpointResponse(NamedTuple):
    """A response: the status code, the JSON body, and headers besides those of every response.

    ``delay`` is in real seconds. ``connection`` drops the connection instead, or truncates the body. ``key``
    and ``payload`` are those of the request.
    """

    status: int
    body: object
    headers: Mapping[str, str] = {}
    delay: float = 0.0
    connection: Literal["drop", "truncate"] | None = None
    key: ImportKey = ImportKey("", "")
    payload: object = None


Handler = Callable[[Request], Awaitable[EndpointResponse]]
Observer = Callable[[str, EndpointResponse], object]
"""Receives the method of each request and its response, before that is delayed or sent."""
_FAILED = EndpointResponse(500, {})


class Endpoint:
    """An ASGI application that handles the requests to one path.

    Args:
        engine: renders the bodies of error responses.
        handlers: the handler of each HTTP method.
        name: the name that OPTIONS returns.
        description: the sentence that OPTIONS returns.
        token: the token that has to follow ``Token`` in the Authorization header; None accepts any request.
        observe: receives each request with its response.

    """

    def __init__(  # noqa: PLR0913 - one argument per property of an endpoint
        self,
        engine: Engine,
        handlers: Mapping[str, Handler],
        name: str,
        description: str,
        *,
        token: str | None = None,
        observe: Observer = lambda method, answer: None,  # noqa: ARG005
    ) -> None:
        self._observe = observe
        self._engine, self._token = engine, None if token is None else token.encode()
        self._handlers = {**handlers, "OPTIONS": self._options}
        if "GET" in handlers:
            self._handlers["HEAD"] = handlers["GET"]
        self._metadata = {"name": name, "description": description, "renders": [JSON], "parses": [JSON]}
        self._allow = ", ".join(method for method in _METHODS if method in self._handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        try:
            answer, indent = await self._answer(request)
        except ClientDisconnect:
            raise
        except Exception:
            self._observe(request.method, _FAILED)
            raise
        self._observe(request.method, answer)
        response = render_response(answer, indent)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if answer.connection == "drop":
            await drop_connection(scope, receive)
        elif answer.connection == "truncate":
            await send_half(response, send)
        else:
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> tuple[EndpointResponse, int | None]:
        """Return the response to a request, and the number of spaces to indent its JSON with."""
        accepted: MediaType | None = None
        try:
            accepted = self._negotiate(request)
            self._authenticate(request)
            answer = await self._handle(request)
        except RequestRejected as error:
            answer = endpoint_response(error.response)
        except BadArgument as error:
            answer = EndpointResponse(400, {"detail": str(error), "code": "premigrate:bad_argument"})
        headers = {"Allow": self._allow, **answer.headers}
        if answer.status == 401:
            headers["WWW-Authenticate"] = "Token"
        return answer._replace(headers=headers), accepted.indent if accepted else None

    def _negotiate(self, request: Request) -> MediaType:
        """Return the media type of the Accept header that JSON matches.

        Raises:
            RequestRejected: the client does not accept JSON, or ``?format=`` is unknown or cannot be decoded.

        """
        charset = parse_media_type(request.headers.get("content-type", "")).charset
        try:
            wanted = requested_format(request.scope["query_string"], charset)
        except (LookupError, ValueError):  # DRF does not catch these, so they become status 500
            raise RequestRejected(self._engine.render_response("broken")) from None
        if wanted not in {"", "json"}:
            raise RequestRejected(self._engine.render_response("not_found"))
        accept = request.headers.getlist("accept")
        accepted = negotiate(",".join(accept) if accept else None)
        if accepted is None:
            raise RequestRejected(self._engine.render_response("not_acceptable"))
        return accepted

    def _authenticate(self, request: Request) -> None:
        if self._token is None:
            return
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "token":
            raise RequestRejected(self._engine.render_response("unauthenticated"))
        if not hmac.compare_digest(given.encode("latin-1"), self._token):  # headers are decoded as latin-1
            raise RequestRejected(self._engine.render_response("wrong_token"))

    async def _handle(self, request: Request) -> EndpointResponse:
        method = request.method.upper()
        handler = self._handlers.get(method)
        if handler is None:
            raise RequestRejected(self._engine.render_response("wrong_method", value=method))
        return await handler(request)

    async def _options(self, _: Request) -> EndpointResponse:
        return EndpointResponse(200, self._metadata)


def endpoint_response(response: Response, headers: Mapping[str, str] | None = None) -> EndpointResponse:
    """Convert a response that the engine rendered, with further headers."""
    return EndpointResponse(response.status, response.body, headers or {})


def render_response(answer: EndpointResponse, indent: int | None = None) -> HttpResponse:
    """Serialize a response as DRF's JSONRenderer does: compact unless indented, with non-ASCII characters unescaped."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(answer.body, ensure_ascii=False, indent=indent, separators=separators)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return HttpResponse(text.encode("utf-8", "backslashreplace"), answer.status, dict(answer.headers), media_type=JSON)
