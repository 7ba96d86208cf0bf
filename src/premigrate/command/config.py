"""Finds and reads the configuration: the nearest premigrate.toml, or pyproject.toml with [tool.premigrate]."""

from __future__ import annotations

import os
import re
import stat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from premigrate.exceptions import BadArgument, BadConfiguration
from premigrate.report.outputs import FILE_FORMATS, FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OWN, _SHARED = "premigrate.toml", "pyproject.toml"
_TABLE = re.compile(rb"""(?m)^[ \t\["']*+tool["' \t]*+\.["' \t]*+premigrate|^["' \t]*+premigrate["' \t]*+=""")
"""Matches a pyproject.toml that has settings of premigrate, even one that is not valid TOML."""
_TOOL = re.compile(rb"""(?m)tool["' \t]*+\.["' \t]*+premigrate|^[\["' \t]*+tool["' \t]*+[]=]|\\[uU]""")
"""Matches a pyproject.toml that may have settings of premigrate, in any of TOML's ways to write the table."""
FAILURES = ("error", "advice")
"""The values of fail-on."""

Kind: TypeAlias = Literal["text", "path", "texts", "paths", "number", "flag", "tables"]


class Setting(NamedTuple):
    """The kind of a setting's value, and what it is for."""

    kind: Kind
    description: str


SETTINGS: dict[str, Setting] = {
    "paths": Setting("paths", "the files and folders to check if the command line names none"),
    "market": Setting("text", "the market of all payloads"),
    "overlay": Setting("path", "a rule file with the differences of your tenant"),
    "references": Setting("path", "a reference list, or a folder of reference lists"),
    "format": Setting("text", "the format of standard output"),
    "output": Setting("paths", "the files to write reports to"),
    "select": Setting("texts", "the rule ids, codes or attrs of the findings to show"),
    "ignore": Setting("texts", "the rule ids, codes or attrs of the findings to hide"),
    "fail-on": Setting("text", "the level of findings that makes the exit code 1: error, or advice for both"),
    "exit-zero": Setting("flag", "exit with 0 even if errors are predicted"),
    "quiet": Setting("flag", "show only findings, without a summary and notes"),
    "max-errors": Setting("number", "the number of findings that text shows; the rest is counted"),
    "baseline": Setting("path", "a file of known findings, which are hidden and do not count as errors"),
    "jobs": Setting("number", "the number of processes; 0 starts one per processor"),
    "column": Setting("text", "the column of Parquet files that contains the payloads"),
    "show-values": Setting("flag", "show personal values instead of ***"),
    "show-all": Setting("flag", "show every finding, not only three of each kind"),
    "show-fixes": Setting("flag", "show how each finding can be fixed"),
    "per-path": Setting("tables", "select and ignore for files whose paths match patterns"),
}
"""Every setting, by its key."""


class Config(NamedTuple):
    """The settings of a configuration, by key. Paths are joined to the folder of the file.

    Attributes:
        origin: the file, as it was found; empty if there is none.
        values: the settings that the file has.

    """

    origin: str = ""
    values: Mapping[str, Any] = MappingProxyType({})

    @property
    def folder(self) -> str:
        """The folder of the file; empty if there is none."""
        return os.path.dirname(os.path.join(os.getcwd(), self.origin)) if self.origin else ""


def load_config(path: str | None, start: str | os.PathLike[str] = os.curdir) -> Config:
    """Read a configuration: the file at ``path``, or the nearest one in ``start`` or above. Files are not merged.

    A pyproject.toml without a table [tool.premigrate] is ignored, even if it is invalid.

    Raises:
        BadConfiguration: a setting is unknown or has a wrong value.
        BadArgument: the file cannot be read, or is not TOML.

    """
    found = find_config(path, start)
    if found is None:
        return Config()
    file, settings = found
    if not all(_is_right(key, value) for key, value in settings.items()):
        from premigrate.command.config_model import find_mistakes

        raise BadConfiguration(find_mistakes(str(file), settings))
    return Config(str(file), {key: _resolve(file, key, value) for key, value in settings.items()})


def find_config(path: str | None, start: str | os.PathLike[str] = os.curdir) -> tuple[Path, dict[str, Any]] | None:
    """Find the file that `load_config` reads, and its settings as they stand in it.

    Raises:
        BadArgument: the file cannot be read, or is not TOML.

    """
    if path is not None:
        return _read(path)
    folder, above = "", os.path.abspath(start)
    while above != folder:
        folder, above = above, os.path.dirname(above)
        own, shared = os.path.join(folder, _OWN), os.path.join(folder, _SHARED)
        if _is_there(own):
            return _read(own)
        content = _read_shared(shared)
        if b"premigrate" in content and _TOOL.search(content):
            found = _read(shared, is_ours=_TABLE.search(content) is not None)
            if found:
                return found
    return None


def _is_there(path: str) -> bool:
    """Return whether there is a file, or a broken link, which is an error; a folder or a pipe is passed over."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:  # a path that cannot be read counts as absent
        return os.path.lexists(path)


def _read_shared(path: str) -> bytes:
    """Read a pyproject.toml, which may belong to any project. Empty if it is not a file or cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _read(name: str, *, is_ours: bool = True) -> tuple[Path, dict[str, Any]] | None:
    """Read one file. None if it is a pyproject.toml without settings of premigrate.

    ``is_ours`` is False for a pyproject.toml that may have none; then it is not an error if it cannot be read.
    """
    from pathlib import Path

    path = Path(name)
    try:
        tables = _read_tables(path)
    except BadArgument:
        if is_ours:
            raise
        return None
    if path.name == _SHARED:
        tool = tables.get("tool")
        own = tool.get("premigrate") if isinstance(tool, dict) else None
        if own is None:
            return None
        if not isinstance(own, dict):
            raise BadArgument(f"{path}: [tool.premigrate] must be a table of settings, not {own!r:.80}")
        tables = own
    return path, tables


def _read_tables(path: Path) -> dict[str, Any]:
    from premigrate.documents.toml_text import TomlError, read_toml

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return read_toml(file.read())
    except OSError as error:
        raise BadArgument(f"{path}: the configuration cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadArgument(f"{path}: the configuration is not UTF-8 text") from None
    except TomlError as error:
        raise BadArgument(f"{path}: not TOML: {error}") from None


def _is_right(key: str, value: object) -> bool:
    """Return whether a setting is known and its value right, as `premigrate.command.config_model` defines both."""
    if key not in SETTINGS or not _is_kind(SETTINGS[key].kind, value):
        return False
    return value in {"format": FORMATS, "fail-on": FAILURES}.get(key, (value,))


def _is_kind(kind: Kind, value: object) -> bool:
    if kind in {"texts", "paths", "tables"}:
        each_kind = {"texts": _is_text, "paths": _is_path, "tables": _is_per_path}[kind]
        return isinstance(value, list) and all(map(each_kind, value))
    if kind == "number":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind == "flag":
        return isinstance(value, bool)
    return _is_path(value) if kind == "path" else _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_path(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value


def _is_per_path(table: object) -> bool:
    """Return whether a value is a table with paths, and select or ignore, as lists of texts."""
    if not isinstance(table, dict):
        return False
    is_known = table.keys() <= {"paths", "select", "ignore"} and len(table) > 1
    return is_known and bool(table.get("paths")) and all(_is_kind("texts", value) for value in table.values())


def _resolve(file: Path, key: str, value: Any) -> Any:  # noqa: ANN401 - any value of a setting
    """Join the paths in a setting to the folder of its file. Lists become tuples."""
    match SETTINGS[key].kind:
        case "path":
            return str(file.parent / value)
        case "paths":
            return tuple(_join(file, each) for each in value)
        case "texts":
            return tuple(value)
        case "tables":
            return tuple({name: tuple(texts) for name, texts in table.items()} for table in value)
        case _:
            return value


def _join(file: Path, path: str) -> str:
    """Join a path to the folder of the file; an output may have a format in front of it, as in ``csv:out.txt``."""
    before, _, after = path.partition(":")
    return f"{before}:{file.parent / after}" if before in FILE_FORMATS else str(file.parent / path)
