"""Breaks connections on purpose: without a response, or in the middle of one."""

import asyncio
import logging
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_TRANSPORT = "premigrate.transport"
_LOGGER = logging.getLogger("premigrate.mock_server")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False  # uvicorn would log tracebacks and broken connections, which the access log reports


class BreakableProtocol(H11Protocol):
    """HTTP/1.1 with the transport of the connection in the state of each request, and without uvicorn's log."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - those of uvicorn
        super().__init__(*args, **kwargs)
        self.logger = _LOGGER

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the transport."""
        self.app_state = {**self.app_state, _TRANSPORT: transport}
        super().connection_made(transport)


async def drop_connection(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request without a response."""
    transport = scope.get("state", {}).get(_TRANSPORT)
    if transport is None:  # without a socket, the missing response is all there is
        return
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_half(response: Response, send: Send) -> None:
    """Send the header of a response and half of its body; the server then closes the connection."""
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    body = bytes(response.body)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
