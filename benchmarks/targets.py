"""The performance targets of premigrate relative to its peers, in pure Python and compiled."""

from benchmarks.tables import Target
from premigrate.compiled_form import installed_build

IS_COMPILED = installed_build() == "compiled"

_GOALS: dict[str, tuple[Target | None, Target]] = {
    "pydantic BaseModel": (None, Target(0.5, 1.0)),
    "DRF serializers": (Target(35, 35), Target(110, 200)),
    "jsonschema": (Target(4, 4), Target(12, 25)),
    "six errors": (Target(25, 25), Target(60, 100)),
    "all bad": (Target(2, 2, at_most=True), Target(2, 1.5, at_most=True)),
    "lines": (Target(0.3, 0.3), Target(0.9, 1.5)),
    "every finding": (Target(0.4, 0.4), Target(0.5, 0.8)),
    "two processes": (Target(1.1, 1.1, at_most=True), Target(1.1, 1.05, at_most=True)),
    "structs": (Target(0.6, 0.6), Target(0.7, 1.0)),
    "one small file": (Target(4, 4), Target(6, 9)),
}
"""For each comparison, the targets of pure Python (None: only reported) and of the compiled form."""


def target_of(name: str) -> Target | None:
    """Return the target for the installed form; None if there is none of this name."""
    pure, compiled = _GOALS.get(name, (None, None))
    return compiled if IS_COMPILED else pure
