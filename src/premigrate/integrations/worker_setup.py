"""Transfers the arguments of a checker from a driver to its workers, which build it once per process."""

import pickle
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from premigrate import __version__
from premigrate.exceptions import PremigrateError
from premigrate.ruleset.fingerprint import rules_version
from premigrate.ruleset.overlays import Overlay, read_overlay
from premigrate.ruleset.references import References, read_reference_lists

T = TypeVar("T")


class VersionMismatch(PremigrateError):
    """A worker has another version of premigrate or of its rules than the driver."""


def build_and_pickle(
    kind: Callable[..., T],
    *,
    overlay: Overlay | None,
    references: References | None,
    **terms: Any,  # noqa: ANN401 - the arguments of `kind`
) -> tuple[T, bytes]:
    """Build an object on the driver, and pickle its arguments with the contents of files, which workers may lack.

    Raises:
        BadRules, BadArgument: as ``kind``; raised on the driver, where messages can name the files.

    """
    lists = None if references is None else read_reference_lists(references)
    made = kind(**terms, overlay=overlay, references=lists if isinstance(references, Mapping) else references)
    tables = None if overlay is None else dict(read_overlay(overlay))
    return made, pickle.dumps({**terms, "overlay": tables, "references": lists})


def build_once(kind: Callable[..., T], packed: bytes, driver_version: str) -> T:
    """Build an object from its pickled arguments, once per process: engines reuse workers for many batches.

    Raises:
        VersionMismatch: ``driver_version``, that of the driver, is not the one installed here.

    """
    if (here := installed_version()) != driver_version:
        raise VersionMismatch(f"the driver has {driver_version}, this worker {here}; install the same version on both")
    made: T = _make(kind, packed)
    return made


@lru_cache(maxsize=1)
def installed_version() -> str:
    """Return the installed versions of premigrate and its rules."""
    return f"premigrate {__version__} with rules {rules_version()}"


@lru_cache(maxsize=4)
def _make(kind: Any, packed: bytes) -> Any:  # noqa: ANN401
    return kind(**pickle.loads(packed))  # noqa: S301 - from the driver, which sends code anyway
