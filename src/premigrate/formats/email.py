"""Checks e-mail addresses by the grammar of Django's EmailValidator, which the API's framework uses."""

import re

from premigrate.formats.outcomes import FieldError
from premigrate.formats.pattern import Pattern

LONGEST = 320  # characters
_FOLDED = "\u0130\u0131\u017f\u212a"  # what Python takes for i, s and k where case is ignored, as Django has it
_ATOM = rf"[-!#$%&'*+/=?^_`{{}}|~0-9A-Za-z{_FOLDED}]+"
_QUOTED = rf'"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f{_FOLDED}]|\\[\x01-\x09\x0b\x0c\x0e-\x7f{_FOLDED}])*"'
_LOCAL = Pattern(rf"{_ATOM}(?:\.{_ATOM})*|{_QUOTED}")


def _domain(wide: str) -> Pattern:
    """Write Django's grammar of domains; ``wide`` are the characters beyond ASCII that count as letters.

    Both cases are written out, for where case is ignored, Python takes long to compile a set that is wide.
    """
    alnum = f"A-Za-z{wide}0-9"
    return Pattern(
        rf"[{alnum}](?:[{alnum}-]{{0,61}}[{alnum}])?"  # first label
        rf"(?:\.(?!-)[{alnum}-]{{1,63}}(?<!-))*"  # more labels
        rf"\.(?!-)(?:[A-Za-z{wide}-]{{2,63}}|"  # top level: no digits ...
        rf"[Xx][Nn]--[A-Za-z0-9{_FOLDED}]{{1,59}})(?<!-)"  # ... unless punycode
    )


_DOMAIN, _WIDE_DOMAIN = _domain(""), _domain("\u00a1-\uffff")
USUAL = Pattern(r"[\w+-]++(?:\.[\w+-]++)*+@(?:(?!-)[A-Za-z0-9-]{2,63}+(?<!-)\.)+[A-Za-z]{2,63}", re.ASCII)
"""Addresses of the most usual form, which `is_email` takes if they are no longer than LONGEST."""
_LITERAL = Pattern(r"\[([A-Fa-f0-9:.]+)\]")


def check(value: object) -> FieldError | None:
    """Refuse a text that Django would not take for an address."""
    return None if is_email(str(value)) else FieldError("invalid")


def is_email(text: str) -> bool:
    """Tell whether Django's EmailValidator accepts ``text``."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > LONGEST or not _LOCAL.fullmatch(local):
        return False
    if domain == "localhost" or (_DOMAIN if domain.isascii() else _WIDE_DOMAIN).fullmatch(domain):
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
