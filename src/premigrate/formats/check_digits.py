"""Checks national identifiers and their check digits with python-stdnum."""

import sys
from functools import partial
from importlib import import_module
from typing import Any

from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious, Verdict


def make_check(*, of: str) -> FormatCheck:
    """Return a check based on the python-stdnum module ``of``, for example ``"xx.vat"``.

    python-stdnum also accepts full-width digits, which the API does not, so only ASCII text is passed to it.

    Raises:
        ValueError: python-stdnum has no such module.

    """
    try:
        module = import_module(f"stdnum.{of}")
    except ModuleNotFoundError:
        module = None
    if not (hasattr(module, "validate") and hasattr(module, "compact")):
        raise ValueError(f"python-stdnum has no number {of!r}")
    return partial(_check, f"stdnum.{of}")


def describe_form(**_: object) -> str:
    """Return the form of valid texts in words."""
    return "a number with a valid check digit"


def _check(module: str, text: str) -> Verdict:
    bare = text.strip()
    if not bare.isascii():
        return Invalid("this one has the wrong form")
    scheme = sys.modules.get(module) or import_module(module)
    try:
        number = scheme.validate(bare)
    except _exceptions().InvalidLength:
        return Invalid("this one has the wrong length")
    except _exceptions().InvalidFormat:
        return Invalid("this one has the wrong form")
    except _exceptions().ValidationError:
        return Invalid()
    return None if number == text else Suspicious("written with characters besides the number")


def _exceptions() -> Any:  # noqa: ANN401
    from stdnum import exceptions

    return exceptions
