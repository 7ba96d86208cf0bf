"""Runs the stand-in: takes a port, serves until somebody stops it, alone or beside other work in a thread."""

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

_LONGEST_START = 10.0
_BACKLOG = 2048


def take_port(host: str, port: int) -> socket.socket:
    """Take a port to listen on; 0 is any that is free.

    Raises:
        BadArgument: it is in use, or may not be taken; or there is no such host.

    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return _listen(socket.socket(family, kind, protocol), address)
    except (socket.gaierror, UnicodeError):  # the latter of a name that can't be one of a host
        raise BadArgument(f"there is no host {host!r} here; name an address of this machine, as 127.0.0.1") from None
    except OverflowError:
        raise BadArgument(f"there is no port {port}; ports go from 0 to 65535") from None
    except OSError as error:
        raise BadArgument(f"{_REASONS.get(error.errno or 0, str(error.strerror))} ({host}, port {port})") from None


def _listen(taken: socket.socket, address: tuple[Any, ...]) -> socket.socket:
    """Listen on a socket, of which the protocol was said: else answers wait for the client's acknowledgements."""
    try:
        if os.name == "posix":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # elsewhere this would share the port
        taken.bind(address)
        taken.listen(_BACKLOG)
    except BaseException:
        taken.close()
        raise
    return taken


_REASONS = {
    errno.EADDRINUSE: "the port is in use; say another, or --port 0 for one that is free",
    errno.EACCES: "the port may not be taken; those below 1024 are not for everybody",
    errno.EADDRNOTAVAIL: "the address is not one of this machine",
}


def url_of(taken: socket.socket) -> str:
    """Write where a server is found that listens on a socket."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if taken.family == socket.AF_INET6 else f"http://{host}:{port}"


class Server:
    """Serves an application on a port that is taken: until the process is stopped, or in a thread while in ``with``."""

    def __init__(self, app: Starlette, taken: socket.socket) -> None:
        self._taken = taken
        # nothing of a request is for the server's own log
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="off", server_header=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.run, name="premigrate serve", daemon=True)

    def run(self) -> None:
        """Serve until the process is told to stop."""
        self._server.run(sockets=[self._taken])

    def __enter__(self) -> "Server":
        """Begin to serve beside what else there is to do."""
        self._thread.start()
        until = time.monotonic() + _LONGEST_START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise PremigrateError("the stand-in did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join()
        self._taken.close()
