"""Transfers the arguments of a checker from a driver to its workers, which build it once per process."""

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
    """A worker has another version of premigrate or of its rules than the driver."""


def prepare(
    kind: Callable[..., Made],
    *,
    overlay: Overlay | None,
    references: References | None,
    **terms: Any,  # noqa: ANN401 - the arguments of `kind`
) -> tuple[Made, bytes]:
    """Build an object on the driver, and pickle its arguments with the contents of files, which workers may lack.

    Raises:
        BadRules, BadArgument: as ``kind``; raised on the driver, where messages can name the files.

    """
    lists = None if references is None else read_references(references)
    made = kind(**terms, overlay=overlay, references=lists if isinstance(references, Mapping) else references)
    tables = None if overlay is None else dict(read_overlay(overlay))
    return made, pickle.dumps({**terms, "overlay": tables, "references": lists})


def make_once(kind: Callable[..., Made], packed: bytes, edition: str) -> Made:
    """Build an object from its pickled arguments, once per process: engines reuse workers for many batches.

    Raises:
        EditionsDiffer: ``edition``, that of the driver, is not the one installed here.

    """
    if (here := own_edition()) != edition:
        raise EditionsDiffer(f"the driver has {edition}, this worker {here}: install the same one on both")
    made: Made = _make(kind, packed)
    return made


@lru_cache(maxsize=1)
def own_edition() -> str:
    """Return the installed versions of premigrate and its rules."""
    return f"premigrate {__version__} with rules {rules_version()}"


@lru_cache(maxsize=4)
def _make(kind: Any, packed: bytes) -> Any:  # noqa: ANN401
    return kind(**pickle.loads(packed))  # noqa: S301 - from the driver, which sends code anyway
