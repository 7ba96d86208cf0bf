"""Refuses requests for a foreign host, and those that a web page of another host makes a browser send."""

import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from premigrate.exceptions import BadArgument

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/?#@,*]+)(?::[0-9]*)?")
_ORIGIN = re.compile(r"https?://(.*)", re.IGNORECASE)


class AllowedHosts(NamedTuple):
    """The hosts that requests may name besides the loopback addresses and the address that they came to."""

    names: frozenset[str] = frozenset()
    """Host names and IP addresses, as `normalize_host` writes them."""
    any_address: bool = False
    """Every IP address may be named as Host: a page can't be rebound to those, as they are not looked up."""


class HostCheck:
    """Lets requests through whose Host and Origin are of this server; ports do not matter.

    A browser sends Host as the page wrote it, so a page whose name was made to lead to this machine (DNS rebinding)
    betrays itself there; and it sends Origin with whatever a page posts to another host.
    """

    def __init__(self, app: ASGIApp, allowed: AllowedHosts) -> None:
        self._app, self._names, self._any_address = app, allowed.names, allowed.any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        headers = Headers(scope=scope)
        hosts = [parse_host(value) for value in headers.getlist("host")]
        origins = [_parse_origin(value) for value in headers.getlist("origin")]
        own = normalize_host(str(scope["server"][0])) if scope.get("server") else None
        app = self._app
        if len(hosts) > 1 or not all(host and self._is_allowed(host, own) for host in hosts):
            named = f"the host {hosts[0]!r}" if len(hosts) == 1 and hosts[0] else "the host in the header Host"
            app = _refuse(400, "wrong_host", f"{named} is not one of this server; --allow-host NAME allows another")
        elif not all(origin and self._is_same(origin, hosts) for origin in origins):
            app = _refuse(403, "wrong_origin", "a web page of another host (header Origin) may not call this server")
        await app(scope, receive, send)

    def _is_allowed(self, host: str, own: str | None) -> bool:
        return _is_loopback(host) or host in self._names or host == own or (self._any_address and _is_address(host))

    def _is_same(self, origin: str, hosts: list[str | None]) -> bool:
        return origin in hosts or origin in self._names or (_is_loopback(origin) and any(map(_is_loopback, hosts)))


def parse_host(text: str) -> str | None:
    """Parse the host of ``host:port``; None if it has not that form."""
    found = _HOST.fullmatch(text)
    return normalize_host(found[1]) if found else None


def normalize_host(host: str) -> str:
    """Write a host name or IP address in one way, without the brackets of an IPv6 address."""
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return host.lower().removesuffix(".")
    return str(getattr(address, "ipv4_mapped", None) or address)


def allow_hosts(listening: str, others: Iterable[str]) -> AllowedHosts:
    """Allow the host that a server listens on, every address if it listens on all of them, and other hosts.

    Raises:
        BadArgument: one of the others is not a host.

    """
    names = [normalize_host(listening), *map(_check_host, others)]
    return AllowedHosts(frozenset(names), any_address=_is_unspecified(listening))


def _check_host(host: str) -> str:
    normalized = normalize_host(host)
    if not _is_address(normalized) and parse_host(host) != normalized:
        raise BadArgument(f"{host!r} is not a host to allow; write its name alone, as api.test, or its IP address")
    return normalized


def _is_unspecified(host: str) -> bool:
    """Whether a host to listen on stands for all addresses of this machine."""
    normalized = normalize_host(host)
    return not host or (_is_address(normalized) and ipaddress.ip_address(normalized).is_unspecified)


def _parse_origin(text: str) -> str | None:
    found = _ORIGIN.fullmatch(text)
    return parse_host(found[1]) if found else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str | None) -> bool:
    return host == "localhost" or (host is not None and _is_address(host) and ipaddress.ip_address(host).is_loopback)


def _refuse(status: int, code: str, detail: str) -> ASGIApp:
    return JSONResponse({"detail": detail, "code": f"premigrate:{code}"}, status)
