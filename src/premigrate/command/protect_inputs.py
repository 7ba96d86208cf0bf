"""Refuses to write where a run reads, before it reads or writes anything."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from premigrate.batch.display_paths import resolve
from premigrate.batch.file_identity import file_id, stream_id, target_id
from premigrate.batch.inputs import ENDINGS, STDIN, STDIN_NAME, find_sources
from premigrate.batch.own_reports import is_own_report
from premigrate.documents.compression import BLOCK
from premigrate.documents.detection import BOM
from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from premigrate.batch.display_paths import ShownPaths
    from premigrate.batch.inputs import Source


class Named(NamedTuple):
    """A file or folder, and what on the command line names it."""

    what: str
    path: str = ""

    def __str__(self) -> str:
        """Say both."""
        return f"{self.what} {self.path}" if self.path else self.what


class RunFiles(NamedTuple):
    """What a run reads and writes.

    ``paths`` are its inputs, and ``settings`` what it reads besides: files, and the folder of the reference lists.
    ``outputs`` are files, and ``folder`` is that of ``--split``, which is marked so that later runs skip it.
    """

    paths: tuple[str, ...]
    settings: tuple[Named, ...] = ()
    outputs: tuple[Named, ...] = ()
    folder: Named | None = None
    endings: tuple[str, ...] = ENDINGS
    shown: ShownPaths | None = None


def settings_of(config: str, options: Mapping[str, str | None]) -> tuple[Named, ...]:
    """List the files that a run reads besides its inputs: the configuration, and those that options name."""
    named = tuple(Named(f"--{option}", path) for option, path in options.items() if path)
    return (Named("the configuration", config), *named) if config else named


def refuse_overwriting(files: RunFiles) -> None:
    """Compare what a run writes with what it reads.

    Raises:
        BadArgument: a file would be written that is read as well, or twice; or a folder would be marked that holds
            inputs.

    """
    targets = _targets(files.outputs)
    for setting in files.settings:
        _refuse_setting(setting, targets, files)
    for path in files.paths:
        _refuse_path(path, targets, files.folder)
    is_there = [file_id(output.path) for output in files.outputs]
    if any(is_there) or (files.folder and os.path.isdir(files.folder.path)):
        for source in find_sources(files.paths, STDIN_NAME, files.endings, files.shown):
            if source.is_found and not source.skipped:
                _refuse_found(source, targets, files.folder)


def _targets(outputs: Iterable[Named]) -> dict[object, Named]:
    """Identify the files that are written, and those that standard output and standard error are redirected to."""
    targets: dict[object, Named] = {}
    for stream, name in ((sys.stderr, "standard error"), (sys.stdout, "standard output")):
        if found := stream_id(stream):
            targets[found] = Named(name)
    for output in outputs:
        if _is_device(output.path):
            continue
        file = target_id(output.path)
        if file in targets:
            raise BadArgument(f"{targets[file]} and {output} are the same file; choose another name for one of them")
        targets[file] = output
    return targets


def _is_device(path: str) -> bool:
    """Whether a device or a pipe is there, to which everybody may write."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _refuse_setting(setting: Named, targets: Mapping[object, Named], files: RunFiles) -> None:
    """Refuse to write over a file that is read, or into the folder of the reference lists, of which all are read."""
    if not os.path.isdir(setting.path):
        _refuse(targets.get(target_id(setting.path)), f"{setting} is read")
        return
    with suppress(OSError), os.scandir(setting.path) as entries:  # loading the lists reports what can't be read
        for entry in entries:
            _refuse(targets.get(target_id(entry.path)), f"{setting} is read, and it is in there")
    for output in (*files.outputs, *([files.folder] if files.folder else [])):
        if _folder_of(output.path) == resolve(setting.path):
            raise BadArgument(f"{output}: the next run would read it as a part of {setting}; choose another folder")


def _refuse_path(path: str, targets: Mapping[object, Named], folder: Named | None) -> None:
    """Refuse to write over an input that is named, or to mark a folder that holds it."""
    if path == STDIN:
        _refuse(targets.get(stream_id(sys.stdin)), "standard input is read from it")
        return
    is_folder = os.path.isdir(path)
    if not is_folder:
        _refuse(targets.get(target_id(path)), f"the input {path} is the same file")
    if folder and _holds(folder.path, resolve(path) if is_folder else _folder_of(path)):
        raise _holding(folder, path)


def _refuse_found(source: Source, targets: Mapping[object, Named], folder: Named | None) -> None:
    """Refuse the same of an input that is found in a folder; a report of an earlier run is none, and no empty file."""
    file = file_id(source.path)
    target = targets.get(file)
    holder = folder if folder and _holds(folder.path, _folder_of(source.path)) else None
    if file and (target or holder) and _is_input(source.path):
        _refuse(target, f"the input {source.name} is the same file")
        if holder:
            raise _holding(holder, source.name)


def _holding(folder: Named, name: str) -> BadArgument:
    return BadArgument(f"{folder}: holds the input {name}; choose a folder of its own for what is written")


def _refuse(target: Named | None, why: str) -> None:
    if target:
        raise BadArgument(f"{target}: would be overwritten, and {why}; choose another name")


def _is_input(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            head = file.read(BLOCK)
    except OSError:
        return True
    return bool(head) and not is_own_report(head.removeprefix(BOM))


def _folder_of(path: str) -> str:
    return resolve(os.path.dirname(path) or os.curdir)


def _holds(folder: str, path: str) -> bool:
    """Whether a folder is another, or one above it; ``path`` is resolved."""
    folder = resolve(folder)
    return path == folder or path.startswith(os.path.join(folder, ""))
