"""Detects the form in which the engine is installed: compiled ahead of time, or pure Python.

Importing this module raises ImportError in a subinterpreter if the form is compiled.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Literal


def installed_build() -> Literal["compiled", "pure Python"]:
    """Return the installed form. Both report the same findings; the compiled one is several times as fast."""
    spec = find_spec("premigrate.formats.text")
    is_compiled = spec is not None and spec.origin is not None and not spec.origin.endswith((".py", ".pyc"))
    return "compiled" if is_compiled else "pure Python"


def _refuse_subinterpreter() -> None:
    """Refuse to load the compiled form in a subinterpreter, which it does not support.

    Raises:
        ImportError: this is a subinterpreter, and the form is compiled.

    """
    if installed_build() == "compiled" and not _is_main_interpreter():
        raise ImportError(
            "the compiled form of premigrate cannot be loaded in a subinterpreter; "
            "install the pure one: HATCH_BUILD_NO_HOOKS=true pip install --no-binary premigrate premigrate"
        )


def _is_main_interpreter() -> bool:
    for name in ("_interpreters", "_xxsubinterpreters"):  # Python 3.13 and later, then earlier versions
        try:
            interpreters = import_module(name)
        except ImportError:
            continue
        return bool(interpreters.get_current() == interpreters.get_main())
    return True


_refuse_subinterpreter()
