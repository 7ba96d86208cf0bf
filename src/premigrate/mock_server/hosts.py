"""Rejects requests for unknown hosts, and cross-origin requests from web pages of other hosts."""

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
    """The hosts that requests may name besides loopback addresses and the address of the connection."""

    names: frozenset[str] = frozenset()
    """Host names and IP addresses, as `normalize_host` returns them."""
    any_address: bool = False
    """Whether any IP address is accepted as Host: DNS rebinding needs a name, as addresses are not looked up."""


class HostCheckMiddleware:
    """ASGI middleware that accepts requests whose Host and Origin are this server's; ports are ignored.

    The Host header shows DNS rebinding: a browser sends the host name of the page, even if it resolves to this
    machine. The Origin header shows cross-origin requests: a browser sends it with every POST to another host.
    """

    def __init__(self, app: ASGIApp, allowed: AllowedHosts) -> None:
        self._app, self._names, self._any_address = app, allowed.names, allowed.any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or reject it."""
        headers = Headers(scope=scope)
        hosts = [parse_host(value) for value in headers.getlist("host")]
        origins = [_parse_origin(value) for value in headers.getlist("origin")]
        own = normalize_host(str(scope["server"][0])) if scope.get("server") else None
        app = self._app
        if len(hosts) > 1 or not all(host and self._is_allowed(host, own) for host in hosts):
            named = f"the host {hosts[0]!r}" if len(hosts) == 1 and hosts[0] else "the host in the header Host"
            app = _refuse(400, "wrong_host", f"{named} is not a host of this server; allow it with --allow-host NAME")
        elif not all(origin and self._is_same(origin, hosts) for origin in origins):
            app = _refuse(403, "wrong_origin", "a web page of another host (header Origin) may not call this server")
        await app(scope, receive, send)

    def _is_allowed(self, host: str, own: str | None) -> bool:
        return _is_loopback(host) or host in self._names or host == own or (self._any_address and _is_address(host))

    def _is_same(self, origin: str, hosts: list[str | None]) -> bool:
        return origin in hosts or origin in self._names or (_is_loopback(origin) and any(map(_is_loopback, hosts)))


def parse_host(text: str) -> str | None:
    """Return the host of ``host`` or ``host:port``, normalized; None if the text has another form."""
    found = _HOST.fullmatch(text)
    return normalize_host(found[1]) if found else None


def normalize_host(host: str) -> str:
    """Return the canonical form of a host name or IP address, without the brackets of an IPv6 address."""
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return host.lower().removesuffix(".")
    return str(getattr(address, "ipv4_mapped", None) or address)


def parse_allowed_hosts(bind_host: str, others: Iterable[str]) -> AllowedHosts:
    """Return the hosts to allow: the one a server listens on (any IP address if it listens on all), and others.

    Raises:
        BadArgument: one of ``others`` is neither a host name nor an IP address.

    """
    names = [normalize_host(bind_host), *map(_check_host, others)]
    return AllowedHosts(frozenset(names), any_address=_is_unspecified(bind_host))


def _check_host(host: str) -> str:
    normalized = normalize_host(host)
    if not _is_address(normalized) and parse_host(host) != normalized:
        raise BadArgument(f"{host!r} is not a host; write only its name, such as api.test, or its IP address")
    return normalized


def _is_unspecified(host: str) -> bool:
    """Return whether to listen on a host means all addresses: 0.0.0.0, :: or the empty text."""
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
