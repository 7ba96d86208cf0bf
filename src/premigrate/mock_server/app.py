"""The ASGI application of the mock server: routes and request handlers, with the HTTP behaviour of the real API."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response as HttpResponse
from starlette.routing import Match, Route

from premigrate.api_models import Endpoint as ApiEndpoint
from premigrate.engine.engine import Engine
from premigrate.exceptions import BadArgument
from premigrate.mock_server.access_log import AccessLogMiddleware
from premigrate.mock_server.endpoints import Endpoint, EndpointResponse, Handler, endpoint_response, render_response
from premigrate.mock_server.hosts import AllowedHosts, HostCheckMiddleware
from premigrate.mock_server.journal import RequestQuery
from premigrate.mock_server.openapi import render_openapi
from premigrate.mock_server.paths import ADMIN, HEALTH, IMPORTS, OPENAPI, PROCESS, REQUESTS, STATUS, VALIDATE
from premigrate.mock_server.recording import Recording
from premigrate.mock_server.requests import read_json_body
from premigrate.mock_server.server import MockServer, Reply
from premigrate.mock_server.tenants import Tenant

MAX_BODY_BYTES = 10 * 1024 * 1024
"""The default size limit of a request body, in bytes."""

_QUERY_SAFE = "%!$&'()*+,/:;=?@"
"""Characters that stay unescaped in a query string, besides letters and digits."""
LOOPBACK = AllowedHosts()


def create_app(  # noqa: PLR0913 - one argument per option
    mock_server: MockServer,
    *,
    max_body: int = MAX_BODY_BYTES,
    token: str | None = None,
    hosts: AllowedHosts = LOOPBACK,
    log: Callable[[str], object] = lambda line: None,  # noqa: ARG005
    recording: Recording | None = None,
) -> Starlette:
    """Create the ASGI application.

    Args:
        mock_server: the mock server that handles the requests.
        max_body: the size limit of a request body, in bytes.
        token: the token that has to follow ``Token`` in the Authorization header, of admin requests too; None accepts
            any request.
        hosts: the hosts that requests may name besides loopback addresses; requests for others are rejected.
        log: receives a log line for each request, without its content.
        recording: receives payloads with the responses that were predicted for them.

    """
    views = _Views(mock_server, max_body, recording, needs_token=token is not None)
    routes = _routes(views, mock_server.engine, token)
    paths: dict[object, str] = {route.endpoint: route.path for route in routes}
    middleware = [
        Middleware(AccessLogMiddleware, log=log, error_response=views.server_error, path_templates=paths),
        Middleware(HostCheckMiddleware, allowed=hosts),
    ]
    app = Starlette(routes=routes, exception_handlers={404: views.not_found}, middleware=middleware)
    app.router.redirect_slashes = False  # `not_found` redirects as Django does
    return app


def _routes(views: "_Views", engine: Engine, token: str | None) -> list[Route]:
    """Return the routes, with the name and description that OPTIONS returns for each."""

    def observed(kind: ApiEndpoint, name: str, description: str, **handlers: Handler) -> Endpoint:
        return Endpoint(engine, handlers, name, description, token=token, observe=partial(views.observe, kind))

    def endpoint(name: str, description: str, *, is_open: bool = False, **handlers: Handler) -> Endpoint:
        return Endpoint(engine, handlers, name, description, token=None if is_open else token)

    schedule = "Schedule the creation of an account."
    return [
        Route(VALIDATE, observed("validate", "Validate Account", "Validate an account.", POST=views.validate)),
        Route(PROCESS, observed("process", "Schedule Account", schedule, POST=views.process)),
        Route(STATUS, observed("status", "Import Status", "Return the status of an import.", GET=views.status)),
        Route(OPENAPI, endpoint("Schema", "The API in OpenAPI 3.1.", is_open=True, GET=views.openapi)),
        Route(HEALTH, endpoint("Health", "Whether the server is ready.", is_open=True, GET=views.health)),
        Route(f"{ADMIN}state", endpoint("State", "The time, imports and failures.", GET=views.state)),
        Route(f"{ADMIN}step", endpoint("Step", "Advance the time.", POST=views.step)),
        Route(
            f"{ADMIN}failures",
            endpoint("Failures", "Add failures, or remove all.", POST=views.add_failures, DELETE=views.clear_failures),
        ),
        Route(IMPORTS, endpoint("Imports", "Add existing imports.", POST=views.add_imports)),
        Route(
            REQUESTS,
            endpoint("Requests", "The last requests.", GET=views.requests, DELETE=views.clear_requests),
        ),
        Route(f"{ADMIN}reset", endpoint("Reset", "Restore the initial state.", POST=views.reset)),
    ]


class _Views:
    """The request handlers: they parse requests and pass them to the mock server."""

    def __init__(
        self, mock_server: MockServer, max_body: int, recording: Recording | None, *, needs_token: bool
    ) -> None:
        self._mock_server, self._engine, self._max_body = mock_server, mock_server.engine, max_body
        self._recording, self._needs_token = recording, needs_token
        self._descriptions: dict[Tenant, dict[str, Any]] = {}

    def observe(self, kind: ApiEndpoint, method: str, answer: EndpointResponse) -> None:
        """Add a request to an endpoint of the API to the journal."""
        status = 0 if answer.connection == "drop" else answer.status
        self._mock_server.add_request(kind, method, answer.key, status, answer.payload)

    async def validate(self, request: Request) -> EndpointResponse:
        """Handle a validate request."""
        payload = await self._read(request)
        return await run_in_threadpool(self._post, self._mock_server.validate, payload)

    async def process(self, request: Request) -> EndpointResponse:
        """Handle a process request."""
        payload = await self._read(request)
        return await run_in_threadpool(self._post, self._mock_server.process, payload)

    def _post(self, handle: Callable[[object], Reply], payload: object) -> EndpointResponse:
        reply = handle(payload)
        if reply.as_of and self._recording:
            self._recording.add(payload, reply.response, reply.as_of)
        return _respond(reply, payload)

    async def status(self, request: Request) -> EndpointResponse:
        """Handle a status request."""
        supplier, number = (request.path_params[name] for name in ("import_supplier_code", "external_identifier"))
        return _respond(await run_in_threadpool(self._mock_server.status, supplier, number))

    async def openapi(self, request: Request) -> EndpointResponse:
        """Return the OpenAPI document of a tenant, with the server that was called."""
        tenant = self._mock_server.tenant_of(request.query_params.get("import_supplier", ""))
        server = {"url": str(request.base_url).rstrip("/"), "description": "This mock server."}
        return EndpointResponse(200, {**await run_in_threadpool(self._describe, tenant), "servers": [server]})

    def _describe(self, tenant: Tenant) -> dict[str, Any]:
        if tenant not in self._descriptions:
            statuses = tuple(tenant.engine.program.responses.statuses)
            components = tenant.payload_components()
            self._descriptions[tenant] = render_openapi(components, statuses, needs_token=self._needs_token)
        return self._descriptions[tenant]

    async def health(self, _: Request) -> EndpointResponse:
        """Return that the mock server is ready, and its time."""
        now = await run_in_threadpool(self._mock_server.check)
        return EndpointResponse(200, {"status": "ok", "now": now.isoformat()})

    async def state(self, _: Request) -> EndpointResponse:
        """Return the state of the mock server."""
        return EndpointResponse(200, await run_in_threadpool(self._mock_server.state))

    async def step(self, request: Request) -> EndpointResponse:
        """Advance the clock."""
        body = await self._read(request)
        seconds = body.get("seconds") if isinstance(body, dict) else body
        if not (isinstance(body, dict) and body.keys() <= {"seconds"} and _is_duration(seconds)):
            raise BadArgument('the body must be empty, or {"seconds": N} with a number of at least 0')
        now = await run_in_threadpool(self._mock_server.step, seconds)
        return EndpointResponse(200, {"now": now.isoformat()})

    async def add_failures(self, request: Request) -> EndpointResponse:
        """Add scripted failures."""
        await run_in_threadpool(self._mock_server.failures.add, await self._read(request))
        return EndpointResponse(200, {})

    async def clear_failures(self, _: Request) -> EndpointResponse:
        """Delete all scripted failures."""
        await run_in_threadpool(self._mock_server.failures.clear)
        return EndpointResponse(200, {})

    async def add_imports(self, request: Request) -> EndpointResponse:
        """Add imports that exist."""
        await run_in_threadpool(self._mock_server.add_imports, await self._read(request))
        return EndpointResponse(200, {})

    async def requests(self, request: Request) -> EndpointResponse:
        """Return the requests in the journal that the query string matches."""
        query = RequestQuery.parse(dict(request.query_params))
        return EndpointResponse(200, await run_in_threadpool(self._mock_server.journal.render, query))

    async def clear_requests(self, _: Request) -> EndpointResponse:
        """Forget all requests."""
        self._mock_server.journal.clear()
        return EndpointResponse(200, {})

    async def reset(self, _: Request) -> EndpointResponse:
        """Forget all requests, and restore the imports and the script of the start."""
        await run_in_threadpool(self._mock_server.reset)
        return EndpointResponse(200, {})

    async def not_found(self, request: Request, _: Exception) -> HttpResponse:
        """Return 404 for an unknown path, or redirect if only its trailing slash is missing (Django's APPEND_SLASH)."""
        path = request.scope["path"]
        with_slash = {**request.scope, "path": f"{path}/"}
        if not path.endswith("/") and any(route.matches(with_slash)[0] != Match.NONE for route in request.app.routes):
            query_string = request.scope["query_string"]  # request.url would contain the Host header
            query = f"?{quote(query_string, safe=_QUERY_SAFE)}" if query_string else ""
            return HttpResponse(status_code=301, headers={"location": f"{quote(path)}/{query}"})
        return render_response(endpoint_response(self._engine.render_response("not_found")))

    def server_error(self) -> HttpResponse:
        """Return the response to a request that failed with an unhandled exception."""
        return render_response(endpoint_response(self._engine.render_response("broken")))

    async def _read(self, request: Request) -> Any:  # noqa: ANN401 - any JSON value
        return await read_json_body(request, self._engine, self._max_body)


def _is_duration(seconds: object) -> bool:
    """Return whether a JSON value is a duration in seconds, or None."""
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 10**9


def _respond(reply: Reply, payload: object = None) -> EndpointResponse:
    """Convert the reply of the mock server to a request with a payload."""
    headers = {} if reply.retry_after is None else {"Retry-After": str(reply.retry_after)}
    answer = EndpointResponse(reply.response.status, reply.response.body, headers, key=reply.key, payload=payload)
    return answer._replace(delay=reply.failure.wait, connection=reply.failure.connection) if reply.failure else answer
