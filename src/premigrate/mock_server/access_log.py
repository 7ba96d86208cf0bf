"""Logs requests without their content: method, path without identifiers, status code and duration."""

import sqlite3
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class AccessLogMiddleware:
    """ASGI middleware that logs each request, and logs and answers unhandled exceptions.

    Args:
        app: the application to wrap.
        log: receives a line for each request, and one for each unhandled exception.
        error_response: makes the response if ``app`` raises before it has responded.
        path_templates: the path to log for each endpoint, without identifiers.

    """

    def __init__(
        self,
        app: ASGIApp,
        log: Callable[[str], object],
        error_response: Callable[[], Response],
        path_templates: Mapping[object, str],
    ) -> None:
        self._app, self._log, self._error_response, self._path_templates = app, log, error_response, path_templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        started = time.perf_counter()
        status = 0

        async def send_and_keep_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_keep_status)
        except ClientDisconnect:
            pass  # the connection is closed, so no response can be sent
        except Exception as error:  # noqa: BLE001 - the server would log its message, which may quote a payload
            self._log(_explain(error))
            if not status:
                await self._error_response()(scope, receive, send_and_keep_status)
        method = scope["method"] if scope["method"] in _METHODS else "?"
        path = self._path_templates.get(scope.get("endpoint"), "another path")
        self._log(f"{method} {path} {status or 'aborted'} {(time.perf_counter() - started) * 1000:.0f} ms")


def _explain(error: Exception) -> str:
    """Describe an exception by type and position: only SQLite's messages cannot quote a payload."""
    if isinstance(error, sqlite3.Error):
        return f"the database cannot be used: {error}"  # e.g. the disk is full, or the file is locked
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"internal error: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
