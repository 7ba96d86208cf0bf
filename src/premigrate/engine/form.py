"""Says in which form the engine runs: compiled ahead of time, or as pure Python."""

from typing import Literal

from premigrate.engine import reading


def form() -> Literal["compiled", "pure Python"]:
    """Name the form. Both give the same findings; the compiled one is several times as fast."""
    return "pure Python" if str(reading.__file__).endswith((".py", ".pyc")) else "compiled"
