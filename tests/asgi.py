"""Sends requests to an ASGI application in this process, without a socket."""

import asyncio
from types import TracebackType
from typing import Any, Self

import httpx
from starlette.types import ASGIApp


class InProcess:
    """An HTTP client of one application. It sends Host and the given headers, and no default headers."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1:8000") -> None:
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{host}")
        self._client.headers.clear()

    def __enter__(self) -> Self:
        """Start the event loop."""
        self._runner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client and the event loop."""
        self._runner.run(self._client.aclose())
        self._runner.close()

    def request(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """Send a request; ``parts`` are keyword arguments of httpx."""
        return self._runner.run(self._client.request(method, path, **parts))
