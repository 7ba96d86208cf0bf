"""Checks national identifiers and their check digits with python-stdnum."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from premigrate.formats import weighted_digits
from premigrate.formats.interfaces import FormatCheck, Invalid, Suspicious, Verdict
from premigrate.formats.pattern import LazyPattern, compile_plain_pattern


def make_check(*, of: str, certain: Mapping[str, Any] | None = None) -> FormatCheck:
    """Return a check based on the python-stdnum module ``of``, for example ``"xx.vat"``.

    python-stdnum also accepts full-width digits, which the API does not, so only ASCII text is passed to it.

    Args:
        of: the module.
        certain: a plain pattern (``pattern``), and arguments of `weighted_digits.make_check`. A text that passes both
            is certainly valid, and not passed to python-stdnum, which takes several times as long.

    Raises:
        ValueError: python-stdnum has no such module, or ``certain`` does not define check digits.

    """
    try:
        module = import_module(f"stdnum.{of}")
    except ModuleNotFoundError:
        module = None
    if not (hasattr(module, "validate") and hasattr(module, "compact")):
        raise ValueError(f"python-stdnum has no number {of!r}")
    return partial(_check, f"stdnum.{of}", _make_prefilter(**certain) if certain is not None else None)


def _make_prefilter(*, pattern: str, **weights: Any) -> Callable[[str], bool]:  # noqa: ANN401 - its arguments
    return partial(_is_certain, compile_plain_pattern(pattern), weighted_digits.make_check(**weights))


def _is_certain(form: LazyPattern, has_digits: FormatCheck, text: str) -> bool:
    return form.fullmatch(text) is not None and has_digits(text) is None


def describe_form(**_: object) -> str:
    """Return the form of valid texts in words."""
    return "a number with a valid check digit"


def _check(module: str, is_certain: Callable[[str], bool] | None, text: str) -> Verdict:
    if is_certain is not None and is_certain(text):
        return None
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
