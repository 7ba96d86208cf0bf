"""Turns HTTP requests into what the stand-in answers, as the framework of the real API would pass them on."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response as HttpResponse
from starlette.routing import Match, Route

from premigrate.api import Validator
from premigrate.exceptions import BadArgument
from premigrate.mock_server.access_log import Logged
from premigrate.mock_server.endpoints import Answer, Endpoint, Handler, answer_of, render
from premigrate.mock_server.hosts import AllowedHosts, HostCheck
from premigrate.mock_server.openapi import describe
from premigrate.mock_server.paths import ADMIN, DESCRIPTION, PROCESS, STATUS, VALIDATE
from premigrate.mock_server.requests import read_payload
from premigrate.mock_server.server import StandIn, Told

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request that are read, unless something else is said."""

_QUERY = "%!$&'()*+,/:;=?@"
"""What stands in a query as it is, besides letters and digits."""
_THIS_MACHINE = AllowedHosts()


def make_app(  # noqa: PLR0913 - an option each
    stand_in: StandIn,
    payload_schema: Callable[[], Mapping[str, Any]],
    *,
    max_body: int = MAX_BODY,
    token: str | None = None,
    hosts: AllowedHosts = _THIS_MACHINE,
    tell: Callable[[str], object] = lambda line: None,  # noqa: ARG005
) -> Starlette:
    """Make the application.

    Args:
        stand_in: what answers.
        payload_schema: makes the JSON Schema of what is posted, when the description is first asked for.
        max_body: bytes of a request that are read.
        token: what has to follow ``Token`` in the header Authorization, also of admin calls; None takes any request.
        hosts: what requests may be for, besides this machine; others are refused.
        tell: takes a line for each request, without anything of its content.

    """
    doors = _Doors(stand_in, payload_schema, max_body, needs_token=token is not None)
    routes = _routes(doors, stand_in.validator, token)
    paths: dict[object, str] = {route.endpoint: route.path for route in routes}
    middleware = [
        Middleware(Logged, tell=tell, broken=doors.broken, paths=paths),
        Middleware(HostCheck, allowed=hosts),
    ]
    app = Starlette(routes=routes, exception_handlers={404: doors.missing}, middleware=middleware)
    app.router.redirect_slashes = False  # the framework redirects in its own way
    return app


def _routes(doors: "_Doors", validator: Validator, token: str | None) -> list[Route]:
    """List the endpoints: their paths, what OPTIONS tells of them, and their methods."""

    def endpoint(name: str, description: str, *, is_open: bool = False, **handlers: Handler) -> Endpoint:
        return Endpoint(validator, handlers, name, description, token=None if is_open else token)

    return [
        Route(VALIDATE, endpoint("Validate Account", "Validate an account.", POST=doors.validate)),
        Route(PROCESS, endpoint("Schedule Account", "Schedule the creation of an account.", POST=doors.process)),
        Route(STATUS, endpoint("Import Status", "Tell how far an import is.", GET=doors.status)),
        Route(DESCRIPTION, endpoint("Schema", "The API in OpenAPI 3.1.", is_open=True, GET=doors.description)),
        Route(f"{ADMIN}state", endpoint("State", "The time, imports and failures.", GET=doors.state)),
        Route(f"{ADMIN}step", endpoint("Step", "Let time pass.", POST=doors.step)),
        Route(
            f"{ADMIN}failures",
            endpoint("Failures", "Add failures, or forget them.", POST=doors.fail, DELETE=doors.forget_failures),
        ),
        Route(f"{ADMIN}reset", endpoint("Reset", "Forget all imports.", POST=doors.reset)),
    ]


class _Doors:
    """The endpoints: what belongs to HTTP is done here, what belongs to imports in the stand-in."""

    def __init__(
        self, stand_in: StandIn, payload_schema: Callable[[], Mapping[str, Any]], max_body: int, *, needs_token: bool
    ) -> None:
        self._stand_in, self._validator, self._max_body = stand_in, stand_in.validator, max_body
        self._describe = cache(lambda: describe(payload_schema(), needs_token=needs_token))

    async def validate(self, request: Request) -> Answer:
        """Answer ``validate``."""
        payload = await self._read(request)
        return await _in_time(await run_in_threadpool(self._stand_in.validate, payload))

    async def process(self, request: Request) -> Answer:
        """Answer ``process``."""
        payload = await self._read(request)
        return await _in_time(await run_in_threadpool(self._stand_in.process, payload))

    async def status(self, request: Request) -> Answer:
        """Answer ``status``."""
        said = request.path_params
        told = await run_in_threadpool(self._stand_in.status, said["import_supplier_code"], said["external_identifier"])
        return await _in_time(told)

    async def description(self, _: Request) -> Answer:
        """Describe the three endpoints."""
        return Answer(200, await run_in_threadpool(self._describe))

    async def state(self, _: Request) -> Answer:
        """Show the state of the stand-in."""
        return Answer(200, await run_in_threadpool(self._stand_in.state))

    async def step(self, request: Request) -> Answer:
        """Let time pass."""
        said = await self._read(request)
        seconds = said.get("seconds") if isinstance(said, dict) else said
        if not (isinstance(said, dict) and said.keys() <= {"seconds"} and _is_span(seconds)):
            raise BadArgument('step takes nothing, or {"seconds": N} with a number of at least 0')
        now = await run_in_threadpool(self._stand_in.step, seconds)
        return Answer(200, {"now": now.isoformat()})

    async def fail(self, request: Request) -> Answer:
        """Add failures."""
        await run_in_threadpool(self._stand_in.fail, await self._read(request))
        return Answer(200, {})

    async def forget_failures(self, _: Request) -> Answer:
        """Forget all failures."""
        await run_in_threadpool(self._stand_in.forget_failures)
        return Answer(200, {})

    async def reset(self, _: Request) -> Answer:
        """Forget everything."""
        await run_in_threadpool(self._stand_in.reset)
        return Answer(200, {})

    async def missing(self, request: Request, _: Exception) -> HttpResponse:
        """Answer what is asked of a path that leads nowhere, or of one that lacks its last slash."""
        path = request.scope["path"]
        whole = {**request.scope, "path": f"{path}/"}
        if not path.endswith("/") and any(route.matches(whole)[0] != Match.NONE for route in request.app.routes):
            said = request.scope["query_string"]  # not request.url, which is made with whatever Host says
            query = f"?{quote(said, safe=_QUERY)}" if said else ""
            return HttpResponse(status_code=301, headers={"location": f"{quote(path)}/{query}"})
        return render(answer_of(self._validator.answer("not_found")))

    def broken(self) -> HttpResponse:
        """Answer when the stand-in failed itself."""
        return render(answer_of(self._validator.answer("broken")))

    async def _read(self, request: Request) -> Any:  # noqa: ANN401 - any JSON value
        return await read_payload(request, self._validator, self._max_body)


def _is_span(seconds: object) -> bool:
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 10**9


async def _in_time(told: Told) -> Answer:
    if told.wait:
        await asyncio.sleep(told.wait)
    return answer_of(told.response, None if told.retry_after is None else {"Retry-After": str(told.retry_after)})
