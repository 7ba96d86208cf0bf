"""Reads overlays: files of the rule language with the differences of one tenant, or their tables."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from premigrate.exceptions import BadArgument, BadRules, Problem
from premigrate.ruleset.parse import parse_toml
from premigrate.ruleset.problems import ProblemReport

Overlay: TypeAlias = str | PathLike[str] | Mapping[str, Any]
"""A path to a TOML file of the rule language, or its parsed tables."""


def read_overlay(overlay: Overlay) -> Mapping[str, Any]:
    """Return the tables of an overlay, for example to send them to machines that do not have its file.

    Raises:
        BadRules: the file cannot be read, or is not TOML.
        BadArgument: the overlay is neither a path nor a mapping.

    """
    if isinstance(overlay, Mapping):
        return overlay
    report = ProblemReport()
    tables = parse_toml(str(overlay), read_overlay_text(overlay), report)
    if report.problems:
        raise BadRules(report.problems)
    return tables


def read_overlay_text(overlay: str | PathLike[str]) -> str:
    """Return the text of the file of an overlay; the exceptions are those of `read_overlay`."""
    if not isinstance(overlay, str | PathLike):
        raise BadArgument(f"overlay must be a path or a mapping of tables; it is of type {type(overlay).__name__}")
    path = Path(overlay)
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    except ValueError:
        reason = "the path contains a character that is not allowed in paths"
    raise BadRules([Problem(str(path), "", f"the overlay cannot be read: {reason}")])
