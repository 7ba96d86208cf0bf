"""Refuses outputs that would overwrite an input of a run, before anything is read or written."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from premigrate.batch.display_paths import resolve_path
from premigrate.batch.file_identity import file_id, stream_id, target_id
from premigrate.batch.inputs import PAYLOAD_SUFFIXES, STDIN, STDIN_NAME, find_sources
from premigrate.batch.own_reports import is_own_report
from premigrate.documents.compression import BLOCK_SIZE
from premigrate.documents.text_layout import UTF8_BOM
from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.batch.inputs import Source


_PARQUET = b"PAR1"
"""How Parquet files begin."""


class NamedPath(NamedTuple):
    """A file or folder, and the option or stream that names it."""

    label: str
    path: str = ""

    def __str__(self) -> str:
        """Return the option and the path, for messages."""
        return f"{self.label} {self.path}" if self.path else self.label


class RunFiles(NamedTuple):
    """The files that a run reads and writes.

    ``paths`` are its inputs. ``other_inputs`` are the other files that it reads, or the folder of the reference lists.
    ``outputs`` are files. ``split_folder`` is that of ``--split``: a file in it marks it, so that later runs skip it.
    """

    paths: tuple[str, ...]
    other_inputs: tuple[NamedPath, ...] = ()
    outputs: tuple[NamedPath, ...] = ()
    split_folder: NamedPath | None = None
    endings: tuple[str, ...] = PAYLOAD_SUFFIXES
    display_paths: DisplayPaths | None = None


def option_files(config: str, options: Mapping[str, str | None]) -> tuple[NamedPath, ...]:
    """List the files that a run reads besides its inputs: the configuration, and those named by options."""
    named = tuple(NamedPath(f"--{option}", path) for option, path in options.items() if path)
    return (NamedPath("the configuration", config), *named) if config else named


def refuse_overwriting(files: RunFiles) -> None:
    """Check that no output of a run overwrites an input or another output.

    Raises:
        BadArgument: a file to be written is also read, or is named twice; or the folder to be marked contains inputs.

    """
    targets = _targets(files.outputs)
    for setting in files.other_inputs:
        _refuse_setting(setting, targets, files)
    for path in files.paths:
        _refuse_path(path, targets, files.split_folder)
    is_there = [file_id(output.path) for output in files.outputs]
    if any(is_there) or (files.split_folder and os.path.isdir(files.split_folder.path)):
        for source in find_sources(files.paths, STDIN_NAME, files.endings, files.display_paths):
            if source.is_discovered and not source.skip_reason:
                _refuse_found(source, targets, files.split_folder)


def _targets(outputs: Iterable[NamedPath]) -> dict[object, NamedPath]:
    """Identify the files to be written, and those that standard output and standard error are redirected to."""
    targets: dict[object, NamedPath] = {}
    for stream, name in ((sys.stderr, "standard error"), (sys.stdout, "standard output")):
        if found := stream_id(stream):
            targets[found] = NamedPath(name)
    for output in outputs:
        if _is_device(output.path):
            continue
        file = target_id(output.path)
        if file in targets:
            raise BadArgument(f"{targets[file]} and {output} are the same file; choose another file for one of them")
        targets[file] = output
    return targets


def _is_device(path: str) -> bool:
    """Return whether a path leads to a device or a pipe, which several outputs may share."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _refuse_setting(setting: NamedPath, targets: Mapping[object, NamedPath], files: RunFiles) -> None:
    """Refuse to overwrite a file that is read, or to write into the folder of the reference lists."""
    if not os.path.isdir(setting.path):
        _refuse(targets.get(target_id(setting.path)), str(setting))
        return
    with suppress(OSError), os.scandir(setting.path) as entries:  # loading the lists reports what cannot be read
        for entry in entries:
            _refuse(targets.get(target_id(entry.path)), f"a file in {setting}")
    for output in (*files.outputs, *([files.split_folder] if files.split_folder else [])):
        if _folder_of(output.path) == resolve_path(setting.path):
            raise BadArgument(
                f"{output}: the next run would read it, as it is in the folder of {setting}; choose another folder"
            )


def _refuse_path(path: str, targets: Mapping[object, NamedPath], folder: NamedPath | None) -> None:
    """Refuse to overwrite an input that a path names, or to mark a folder that contains it."""
    if path == STDIN:
        _refuse(targets.get(stream_id(sys.stdin)), "standard input")
        return
    is_folder = os.path.isdir(path)
    if not is_folder:
        _refuse(targets.get(target_id(path)), f"the input {path}")
    if folder and _holds(folder.path, resolve_path(path) if is_folder else _folder_of(path)):
        raise _contains_input(folder, path)


def _refuse_found(source: Source, targets: Mapping[object, NamedPath], folder: NamedPath | None) -> None:
    """Refuse the same for an input found in a folder, unless it is empty or a report of an earlier run."""
    file = file_id(source.path)
    target = targets.get(file)
    holder = folder if folder and _holds(folder.path, _folder_of(source.path)) else None
    if file and (target or holder) and _is_input(source.path):
        _refuse(target, f"the input {source.name}")
        if holder:
            raise _contains_input(holder, source.name)


def _contains_input(folder: NamedPath, name: str) -> BadArgument:
    return BadArgument(f"{folder}: the folder contains the input {name}; choose another folder")


def _refuse(target: NamedPath | None, overwritten: str) -> None:
    if target:
        raise BadArgument(f"{target}: would overwrite {overwritten}; choose another file")


def _is_input(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            head = file.read(BLOCK_SIZE)
    except OSError:
        return True
    if head.startswith(_PARQUET):
        from premigrate.batch.parquet import is_own_table

        return not is_own_table(path)
    return bool(head) and not is_own_report(head.removeprefix(UTF8_BOM))


def _folder_of(path: str) -> str:
    return resolve_path(os.path.dirname(path) or os.curdir)


def _holds(folder: str, path: str) -> bool:
    """Return whether a folder is ``path`` or a parent of it; ``path`` is resolved."""
    folder = resolve_path(folder)
    return path == folder or path.startswith(os.path.join(folder, ""))
