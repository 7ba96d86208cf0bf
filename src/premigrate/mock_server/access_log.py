"""Turns requests into lines that tell nothing of their content: method, path without identifiers, status, time."""

import sqlite3
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Logged:
    """Lets an application answer, and tells of it; when it fails, answers for it and tells where it failed.

    Args:
        app: what answers.
        tell: takes a line for each request.
        broken: makes the answer where ``app`` fails to.
        paths: how paths are told, by their endpoints.

    """

    def __init__(
        self, app: ASGIApp, tell: Callable[[str], object], broken: Callable[[], Response], paths: Mapping[object, str]
    ) -> None:
        self._app, self._tell, self._broken, self._paths = app, tell, broken, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        began = time.perf_counter()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            pass  # there is nobody left to answer
        except Exception as error:  # noqa: BLE001 - what a message or a traceback shows may be of a payload
            self._tell(_explain(error))
            if not status:
                await self._broken()(scope, receive, watch)
        method = scope["method"] if scope["method"] in _METHODS else "?"
        path = self._paths.get(scope.get("endpoint"), "another path")
        self._tell(f"{method} {path} {status or 'broken off'} {(time.perf_counter() - began) * 1000:.0f} ms")


def _explain(error: Exception) -> str:
    if isinstance(error, sqlite3.Error):
        return f"the database can't be used: {error}"  # a disk is full, or another process holds it
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"a mistake of premigrate's own: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
