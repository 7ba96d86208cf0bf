"""Carries what a run depends on from a driver to its workers, and makes of it there, once, what does the work."""

import pickle
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from premigrate import __version__
from premigrate.exceptions import PremigrateError
from premigrate.ruleset.fingerprint import rules_version
from premigrate.ruleset.load import Overlay, read_overlay
from premigrate.ruleset.references import References, read_references

Made = TypeVar("Made")


class EditionsDiffer(PremigrateError):
    """A worker has another premigrate, or other rules, than the driver."""


def prepare(
    kind: Callable[..., Made],
    *,
    overlay: Overlay | None,
    references: References | None,
    **terms: Any,  # noqa: ANN401 - what `kind` takes
) -> tuple[Made, bytes]:
    """Make one here, and pack all that makes one elsewhere: workers may have no such files.

    Raises:
        BadRules, BadArgument: as ``kind`` does; mistakes are told here, by the names of files.

    """
    lists = None if references is None else read_references(references)
    made = kind(**terms, overlay=overlay, references=lists if isinstance(references, Mapping) else references)
    tables = None if overlay is None else dict(read_overlay(overlay))
    return made, pickle.dumps({**terms, "overlay": tables, "references": lists})


def make_once(kind: Callable[..., Made], packed: bytes, edition: str) -> Made:
    """Make what was packed, once in a process; engines keep their workers for many pieces of a table.

    Raises:
        EditionsDiffer: ``edition``, that of the driver, is not the one installed here.

    """
    if (here := own_edition()) != edition:
        raise EditionsDiffer(f"the driver has {edition}, this worker {here}: install the same one on both")
    made: Made = _make(kind, packed)
    return made


@lru_cache(maxsize=1)
def own_edition() -> str:
    """Name the premigrate and the set of rules that are installed here."""
    return f"premigrate {__version__} with rules {rules_version()}"


@lru_cache(maxsize=4)
def _make(kind: Any, packed: bytes) -> Any:  # noqa: ANN401
    return kind(**pickle.loads(packed))  # noqa: S301 - made by the driver, which sends code all the same
