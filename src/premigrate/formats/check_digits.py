"""Judges national identifiers by the check digits that python-stdnum knows."""

from functools import partial
from importlib import import_module

from premigrate.formats.verdicts import Doubtful, Judge, Refused, Verdict


def judge(*, of: str) -> Judge:
    """Make a judge from the python-stdnum module ``of``, for example ``"xx.vat"``.

    The library is asked behind guards: it takes full-width digits and lists for numbers, which no API of this kind
    does, so only ASCII text reaches it.

    Raises:
        ValueError: python-stdnum has no such module.

    """
    try:
        import_module(f"stdnum.{of}")
    except ModuleNotFoundError:
        raise ValueError(f"python-stdnum knows no number called {of!r}") from None
    return partial(_look, f"stdnum.{of}")


def _look(module: str, text: str) -> Verdict:
    scheme = import_module(module)
    bare = text.strip()
    if not bare.isascii() or not scheme.is_valid(bare):
        return Refused("the check digit or the form is wrong")
    return None if scheme.compact(text) == text else Doubtful("written with more than the bare number")
