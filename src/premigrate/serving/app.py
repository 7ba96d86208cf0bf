"""Turns HTTP requests into what the stand-in answers, as the framework of the real API would pass them on."""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response as HttpResponse
from starlette.routing import Match, Route

from premigrate.errors import BadArgument, Response
from premigrate.serving.description import describe
from premigrate.serving.logged import Logged
from premigrate.serving.paths import ADMIN, DESCRIPTION, PROCESS, STATUS, VALIDATE
from premigrate.serving.requests import Unreadable, read_payload
from premigrate.serving.stand_in import StandIn, Told

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a request that are read, unless something else is said."""

_QUERY = "%!$&'()*+,/:;=?@"
"""What stands in a query as it is, besides letters and digits."""


def make_app(
    stand_in: StandIn,
    payload_schema: Callable[[], Mapping[str, Any]],
    *,
    max_body: int = MAX_BODY,
    token: str | None = None,
    tell: Callable[[str], object] = lambda line: None,  # noqa: ARG005
) -> Starlette:
    """Make the application.

    Args:
        stand_in: what answers.
        payload_schema: makes the JSON Schema of what is posted, when the description is first asked for.
        max_body: bytes of a request that are read.
        token: what has to follow ``Token`` in the header Authorization; None takes any request.
        tell: takes a line for each request, without anything of its content.

    """
    doors = _Doors(stand_in, payload_schema, max_body, token)
    routes = [
        Route(VALIDATE, doors.validate, methods=["POST"]),
        Route(PROCESS, doors.process, methods=["POST"]),
        Route(STATUS, doors.status, methods=["GET"]),
        Route(DESCRIPTION, doors.description, methods=["GET"]),
        Route(f"{ADMIN}state", doors.state, methods=["GET"]),
        Route(f"{ADMIN}step", doors.step, methods=["POST"]),
        Route(f"{ADMIN}failures", doors.failures, methods=["POST", "DELETE"]),
        Route(f"{ADMIN}reset", doors.reset, methods=["POST"]),
    ]
    handlers: Any = {404: doors.missing, 405: doors.wrong_method, Unreadable: doors.unreadable, BadArgument: doors.bad}
    paths: dict[object, str] = {route.endpoint: route.path for route in routes}
    logged = Middleware(Logged, tell=tell, broken=doors.broken, paths=paths)
    app = Starlette(routes=routes, exception_handlers=handlers, middleware=[logged])
    app.router.redirect_slashes = False  # the framework redirects in its own way
    return app


class _Doors:
    """The endpoints: what belongs to HTTP is done here, what belongs to imports in the stand-in."""

    def __init__(
        self,
        stand_in: StandIn,
        payload_schema: Callable[[], Mapping[str, Any]],
        max_body: int,
        token: str | None,
    ) -> None:
        self._stand_in, self._validator = stand_in, stand_in.validator
        self._max_body, self._token = max_body, token
        self._describe = cache(lambda: describe(payload_schema(), needs_token=token is not None))

    async def validate(self, request: Request) -> HttpResponse:
        """Answer ``validate``."""
        self._let_in(request)
        payload = await read_payload(request, self._validator, self._max_body)
        return await _in_time(await run_in_threadpool(self._stand_in.validate, payload))

    async def process(self, request: Request) -> HttpResponse:
        """Answer ``process``."""
        self._let_in(request)
        payload = await read_payload(request, self._validator, self._max_body)
        return await _in_time(await run_in_threadpool(self._stand_in.process, payload))

    async def status(self, request: Request) -> HttpResponse:
        """Answer ``status``."""
        self._let_in(request)
        said = request.path_params
        told = await run_in_threadpool(self._stand_in.status, said["import_supplier_code"], said["external_identifier"])
        return await _in_time(told)

    async def description(self, _: Request) -> HttpResponse:
        """Describe the three endpoints."""
        return _write(200, await run_in_threadpool(self._describe))

    async def state(self, _: Request) -> HttpResponse:
        """Show the state of the stand-in."""
        return _write(200, await run_in_threadpool(self._stand_in.state))

    async def step(self, request: Request) -> HttpResponse:
        """Let time pass."""
        said = await read_payload(request, self._validator, self._max_body)
        seconds = said.get("seconds") if isinstance(said, dict) else said
        if not (isinstance(said, dict) and said.keys() <= {"seconds"} and _is_span(seconds)):
            raise BadArgument('step takes nothing, or {"seconds": N} with a number of at least 0')
        now = await run_in_threadpool(self._stand_in.step, seconds)
        return _write(200, {"now": now.isoformat()})

    async def failures(self, request: Request) -> HttpResponse:
        """Add failures, or forget all of them."""
        if request.method == "DELETE":
            await run_in_threadpool(self._stand_in.forget_failures)
        else:
            said = await read_payload(request, self._validator, self._max_body)
            await run_in_threadpool(self._stand_in.fail, said)
        return _write(200, {})

    async def reset(self, _: Request) -> HttpResponse:
        """Forget everything."""
        await run_in_threadpool(self._stand_in.reset)
        return _write(200, {})

    async def missing(self, request: Request, _: Exception) -> HttpResponse:
        """Answer what is asked of a path that leads nowhere, or of one that lacks its last slash."""
        path = request.scope["path"]
        whole = {**request.scope, "path": f"{path}/"}
        if not path.endswith("/") and any(route.matches(whole)[0] != Match.NONE for route in request.app.routes):
            said = request.scope["query_string"]  # not request.url, which is made with whatever Host says
            query = f"?{quote(said, safe=_QUERY)}" if said else ""
            return HttpResponse(status_code=301, headers={"location": f"{quote(path)}/{query}"})
        return _send(self._validator.answer("not_found"))

    async def wrong_method(self, request: Request, error: Exception) -> HttpResponse:
        """Answer a method that the path does not take."""
        try:
            self._let_in(request)
        except Unreadable as refused:
            return await self.unreadable(request, refused)
        headers = error.headers if isinstance(error, HTTPException) else None
        return _send(self._validator.answer("wrong_method", value=request.method), headers)

    async def unreadable(self, _: Request, error: Exception) -> HttpResponse:
        """Answer a request that can't be read, or may not be made."""
        response = error.response if isinstance(error, Unreadable) else self._validator.answer("broken")
        return _send(response, {"www-authenticate": "Token"} if response.status == 401 else None)

    async def bad(self, _: Request, error: Exception) -> HttpResponse:
        """Answer an admin call that makes no sense."""
        return _write(400, {"detail": str(error), "code": "premigrate:bad_argument"})

    def broken(self) -> HttpResponse:
        """Answer when the stand-in failed itself."""
        return _send(self._validator.answer("broken"))

    def _let_in(self, request: Request) -> None:
        if self._token is None:
            return
        kind, _, said = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "token":
            raise Unreadable(self._validator.answer("unauthenticated"))
        if said != self._token:
            raise Unreadable(self._validator.answer("wrong_token"))


def _is_span(seconds: object) -> bool:
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 10**9


async def _in_time(told: Told) -> HttpResponse:
    if told.wait:
        await asyncio.sleep(told.wait)
    return _send(told.response, None if told.retry_after is None else {"retry-after": str(told.retry_after)})


def _send(response: Response, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return _write(response.status, response.body, headers)


def _write(status: int, body: object, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Write JSON as the framework does: compact, and letters as they are where UTF-8 has them."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text.encode("utf-8", "backslashreplace"), status, headers, media_type="application/json")
