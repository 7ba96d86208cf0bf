"""Judges e-mail addresses by the grammar of Django's EmailValidator, which the API's framework uses."""

import re

from premigrate.formats.pattern import Pattern
from premigrate.formats.verdicts import Misread

_LONGEST = 320  # characters
_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Z]+"
_QUOTED = r'"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"'
_LOCAL = Pattern(rf"{_ATOM}(?:\.{_ATOM})*|{_QUOTED}", re.IGNORECASE)

_WIDE = "\u00a1-\uffff"  # Django counts all of it as letters
_ALNUM = f"a-z{_WIDE}0-9"
_DOMAIN = Pattern(
    rf"[{_ALNUM}](?:[{_ALNUM}-]{{0,61}}[{_ALNUM}])?"  # first label
    rf"(?:\.(?!-)[{_ALNUM}-]{{1,63}}(?<!-))*"  # more labels
    rf"\.(?!-)(?:[a-z{_WIDE}-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)",  # top level: no digits unless punycode
    re.IGNORECASE,
)
_LITERAL = Pattern(r"\[([A-F0-9:.]+)\]", re.IGNORECASE)


def check(value: object) -> Misread | None:
    """Refuse a text that Django would not take for an address."""
    return None if is_email(str(value)) else Misread("invalid")


def is_email(text: str) -> bool:
    """Tell whether Django's EmailValidator accepts ``text``."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > _LONGEST or not _LOCAL.fullmatch(local):
        return False
    if domain == "localhost" or _DOMAIN.fullmatch(domain):
        return True
    literal = _LITERAL.fullmatch(domain)
    return bool(literal) and _is_address(literal[1])  # type: ignore[index]


def _is_address(text: str) -> bool:
    from ipaddress import ip_address  # only few addresses have none but numbers for a domain

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
