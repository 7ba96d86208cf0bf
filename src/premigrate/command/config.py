"""Finds and reads the configuration: premigrate.toml, or [tool.premigrate] in pyproject.toml, the nearest upwards."""

from __future__ import annotations

import os
import re
import stat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.exceptions import BadArgument
from premigrate.report.outputs import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OWN, _SHARED = "premigrate.toml", "pyproject.toml"
_TABLE = re.compile(rb"""(?m)^[ \t\["']*+tool["' \t]*+\.["' \t]*+premigrate|^["' \t]*+premigrate["' \t]*+=""")
"""What stands in a pyproject.toml that has settings of ours, even if it is broken."""
_TOOL = re.compile(rb"""(?m)tool["' \t]*+\.["' \t]*+premigrate|^[\["' \t]*+tool["' \t]*+[]=]|\\[uU]""")
"""What stands in a pyproject.toml that may have settings of ours, in all ways of TOML to write it."""
_FAILURES = ("error", "advice")

KEYS: dict[str, tuple[str, str]] = {
    "paths": ("paths", "what to check if the command line names nothing"),
    "market": ("text", "the market of all payloads"),
    "overlay": ("path", "what differs for your tenant"),
    "references": ("path", "reference lists"),
    "format": ("text", "how to write on standard output"),
    "output": ("paths", "files to write"),
    "select": ("texts", "show only these rules, codes or attrs"),
    "ignore": ("texts", "never show these"),
    "fail-on": ("text", "what makes the run fail"),
    "max-errors": ("number", "findings that are shown as text"),
    "baseline": ("path", "findings that are known"),
    "jobs": ("number", "processes that check at the same time; 0 takes as many as there are processors"),
    "column": ("text", "the column of Parquet files that holds the payloads"),
    "show-values": ("flag", "show personal values"),
    "show-all": ("flag", "show every finding of a kind"),
    "per-path": ("tables", "what to show for some paths"),
}
"""Every key: the kind of its value, and what it says."""

_KINDS = {
    "text": "a text",
    "path": "a path",
    "texts": "a list of texts",
    "paths": "a list of paths",
    "number": "a whole number of at least 0",
    "flag": "true or false",
    "tables": "tables [[per-path]] with paths and select or ignore",
}


class Config(NamedTuple):
    """What a configuration says, by key; ``origin`` is its file, empty if there is none. Paths are from its folder."""

    origin: str = ""
    values: Mapping[str, Any] = MappingProxyType({})

    @property
    def folder(self) -> str:
        """The folder of its file, empty if there is none."""
        return os.path.dirname(os.path.join(os.getcwd(), self.origin)) if self.origin else ""


def load_config(path: str | None, start: str | os.PathLike[str] = os.curdir) -> Config:
    """Read a configuration: the file named, or the nearest one in ``start`` or above; one file, nothing merged.

    A pyproject.toml that does not mention [tool.premigrate] is passed over, whatever is wrong with it.

    Raises:
        BadArgument: it can't be read, is no TOML, or says what there is no key for.

    """
    if path is not None:
        return _read(path) or Config()
    folder, above = "", os.path.abspath(start)
    while above != folder:
        folder, above = above, os.path.dirname(above)
        own, shared = os.path.join(folder, _OWN), os.path.join(folder, _SHARED)
        if _is_there(own):
            return _read(own) or Config()
        content = _read_shared(shared)
        if b"premigrate" in content and _TOOL.search(content):
            config = _read(shared, is_ours=_TABLE.search(content) is not None)
            if config:
                return config
    return Config()


def _is_there(path: str) -> bool:
    """Whether there is a file, or a link that leads to none, which is better told than passed over."""
    return os.path.lexists(path) and not os.path.isdir(path)  # a path that can't be read counts as absent


def _read_shared(path: str) -> bytes:
    """Read a pyproject.toml, which may be that of any project; empty if it is no file or can't be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _read(name: str, *, is_ours: bool = True) -> Config | None:
    """Read one file; None if it is shared with other tools and says nothing of this one.

    ``is_ours``: that it can't be read is a mistake of its own, and not of another tool's file.
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
            raise BadArgument(f"{path}: [tool.premigrate] is a table of settings, not {own!r}")
        tables = own
    return Config(str(path), {key: _checked(path, key, value) for key, value in tables.items()})


def _read_tables(path: Path) -> dict[str, Any]:
    from premigrate.documents.toml_text import NotToml, read_toml

    try:
        return read_toml(path.read_text("utf-8-sig"))
    except OSError as error:
        raise BadArgument(f"{path}: the configuration can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadArgument(f"{path}: the configuration is not UTF-8 text") from None
    except NotToml as error:
        raise BadArgument(f"{path}: not TOML: {error}") from None


def _checked(path: Path, key: str, value: Any) -> Any:  # noqa: ANN401 - any TOML value
    if key not in KEYS:
        from difflib import get_close_matches

        near = get_close_matches(key, KEYS, 1)
        offer = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
        raise BadArgument(f"{path}: there is no setting {key!r}; {offer}")
    kind = KEYS[key][0]
    if not _is_kind(kind, value):
        raise BadArgument(f"{path}: {key} is {_KINDS[kind]}, not {value!r}")
    if key == "format" and value not in FORMATS:
        raise BadArgument(f"{path}: there is no format {value!r}; the formats are {', '.join(FORMATS)}")
    if key == "fail-on" and value not in _FAILURES:
        raise BadArgument(f"{path}: fail-on is error or advice, not {value!r}")
    if kind == "path":
        return str(path.parent / value)
    if kind == "paths":
        return tuple(_beside(path, each) for each in value)
    if kind == "tables":
        return tuple(_per_path(path, table) for table in value)
    return tuple(value) if kind == "texts" else value


def _beside(path: Path, file: str) -> str:
    """Read an output's path from the folder of the configuration; a format may stand before it."""
    before, _, after = file.partition(":")
    return f"{before}:{path.parent / after}" if before in FORMATS else str(path.parent / file)


def _is_kind(kind: str, value: object) -> bool:
    match kind:
        case "text" | "path":
            return isinstance(value, str)
        case "texts" | "paths":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "flag":
            return isinstance(value, bool)
        case _:
            return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _per_path(path: Path, table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    for key, value in table.items():
        if key not in {"paths", "select", "ignore"} or not _is_kind("texts", value):
            raise BadArgument(f"{path}: [[per-path]] has lists of texts: paths, and select or ignore; not {key!r}")
    if not table.get("paths") or len(table) < 2:
        raise BadArgument(f"{path}: a [[per-path]] needs paths, and select or ignore")
    return {key: tuple(value) for key, value in table.items()}
