"""Opens a listening socket and runs an ASGI application on it, in the main thread or in the background."""

import errno
import os
import socket
import threading
import time
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette

from premigrate.exceptions import BadArgument, PremigrateError
from premigrate.mock_server.connections import BreakableProtocol

_START_TIMEOUT = 10.0  # seconds
_STOP_TIMEOUT = 5  # seconds for the responses that are under way
_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Open a listening TCP socket; port 0 means any free port.

    Raises:
        BadArgument: the port is in use, not permitted or out of range, or the host is not one of this machine.

    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return _listen(socket.socket(family, kind, protocol), address)
    except (socket.gaierror, UnicodeError):  # UnicodeError: the name cannot be encoded as IDNA
        raise BadArgument(f"this machine has no address {host!r}; choose one that it has, such as 127.0.0.1") from None
    except OverflowError:
        raise BadArgument(f"{port} is not a port; choose a number from 0 to 65535") from None
    except OSError as error:
        raise BadArgument(f"{_REASONS.get(error.errno or 0, str(error.strerror))} ({host}, port {port})") from None


def _listen(listener: socket.socket, address: tuple[Any, ...]) -> socket.socket:
    """Bind a socket and listen. Its protocol must be explicit: asyncio sets TCP_NODELAY on IPPROTO_TCP sockets only."""
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # on Windows it lets processes share a port
        listener.bind(address)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


_REASONS = {
    errno.EADDRINUSE: "the port is in use; choose another, or --port 0 for a free one",
    errno.EACCES: "permission denied; choose a port above 1023",
    errno.EADDRNOTAVAIL: "this machine does not have this address",
}


def url_of(listener: socket.socket) -> str:
    """Return the base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"


class HttpServer:
    """Runs an application on a listening socket: ``run`` blocks; as a context manager, it runs in a thread."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self._listener = listener
        # uvicorn must not log any part of a request
        config = uvicorn.Config(
            app,
            http=BreakableProtocol,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_STOP_TIMEOUT,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.run, name="premigrate serve", daemon=True)

    def run(self) -> None:
        """Serve until the process receives a signal to stop."""
        self._server.run(sockets=[self._listener])

    def __enter__(self) -> "HttpServer":
        """Start the thread, and wait until it accepts requests."""
        self._thread.start()
        deadline = time.monotonic() + _START_TIMEOUT
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise PremigrateError("the mock server did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the thread, and close the socket."""
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
