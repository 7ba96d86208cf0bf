"""Checks e-mail addresses with the grammar of Django's EmailValidator, which DRF's EmailField uses."""

import re

from premigrate.formats.interfaces import FieldError
from premigrate.formats.pattern import LazyPattern

MAX_LENGTH = 320  # characters
_FOLDED = "\u0130\u0131\u017f\u212a"  # letters that match i, s or k under re.IGNORECASE, which Django uses
_ATOM = rf"[-!#$%&'*+/=?^_`{{}}|~0-9A-Za-z{_FOLDED}]+"
_QUOTED = rf'"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f{_FOLDED}]|\\[\x01-\x09\x0b\x0c\x0e-\x7f{_FOLDED}])*"'
_LOCAL = LazyPattern(rf"{_ATOM}(?:\.{_ATOM})*|{_QUOTED}")


def _domain(wide: str) -> LazyPattern:
    """Return the domain grammar of Django's DomainNameValidator; ``wide`` are the letters beyond ASCII.

    Both cases are spelled out, because a wide character set takes long to compile with re.IGNORECASE.
    """
    alnum = f"A-Za-z{wide}0-9"
    return LazyPattern(
        rf"[{alnum}](?:[{alnum}-]{{0,61}}[{alnum}])?"  # first label
        rf"(?:\.(?!-)[{alnum}-]{{1,63}}(?<!-))*"  # more labels
        rf"\.(?!-)(?:[A-Za-z{wide}-]{{2,63}}|"  # top level: no digits ...
        rf"[Xx][Nn]--[A-Za-z0-9{_FOLDED}]{{1,59}})(?<!-)"  # ... unless punycode
    )


_DOMAIN, _WIDE_DOMAIN = _domain(""), _domain("\u00a1-\uffff")
COMMON_ADDRESS = LazyPattern(r"[\w+-]++(?:\.[\w+-]++)*+@(?:(?!-)[A-Za-z0-9-]{2,63}+(?<!-)\.)+[A-Za-z]{2,63}", re.ASCII)
"""Common addresses: `is_email` accepts every match that is no longer than LONGEST."""
_LITERAL = LazyPattern(r"\[([A-Fa-f0-9:.]+)\]")


def check(value: object) -> FieldError | None:
    """Return an error unless Django accepts a text as an e-mail address."""
    return None if is_email(str(value)) else FieldError("invalid")


def is_email(text: str) -> bool:
    """Return whether Django's EmailValidator accepts a text."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > MAX_LENGTH or not _LOCAL.fullmatch(local):
        return False
    if domain == "localhost" or (_DOMAIN if domain.isascii() else _WIDE_DOMAIN).fullmatch(domain):
        return True
    literal = _LITERAL.fullmatch(domain)
    return bool(literal) and _is_address(literal[1])  # type: ignore[index]


def _is_address(text: str) -> bool:
    from ipaddress import ip_address  # few addresses have an IP address as domain

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
