"""Turns the format and files of a command line into places that a run is written to."""

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import Any

from premigrate.cli.streams import echo
from premigrate.errors import BadArgument
from premigrate.rendering.outputs import FORMATS, format_of, make_output
from premigrate.rendering.report import Account, Output, Run, Tally, Unreadable


class Target:
    """One output on its way to standard output."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.is_open = True
        self.every = output.EVERY
        self.most_of_a_kind: int | None = getattr(output, "most_of_a_kind", None)

    def begin(self, run: Run) -> None:
        """Write what stands before the first account."""
        self.write(self._output.begin(run))

    def account(self, account: Account) -> None:
        """Write one account."""
        self.write(self._output.account(account))

    def unreadable(self, problem: Unreadable) -> None:
        """Write of an input that could not be checked."""
        self.write(self._output.unreadable(problem))

    def end(self, tally: Tally) -> None:
        """Write what stands after the last account, and close."""
        self.write(self._output.end(tally))
        self.close()

    def discard(self) -> None:
        """Do nothing: what was written here can't be taken back."""

    def write(self, pieces: Iterable[str]) -> None:
        """Write pieces as they come; nothing more once nobody reads on."""
        for piece in pieces:
            if self.is_open:
                self.put(piece)

    def put(self, piece: str) -> None:
        """Write one piece."""
        try:
            echo(piece, end="")
        except BrokenPipeError:
            self.is_open = False
            stop_writing()

    def close(self) -> None:
        """Write out what is held back."""
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()


class FileTarget(Target):
    """One output on its way to a file."""

    def __init__(self, output: Output, path: str) -> None:
        from premigrate.cli.writing import Part

        super().__init__(output)
        self._part = Part(path)

    def put(self, piece: str) -> None:
        """Write one piece."""
        self._part.write_text(piece)

    def close(self) -> None:
        """Give the file its name."""
        self._part.finish()

    def discard(self) -> None:
        """Take back what was written."""
        self._part.discard()


def stop_writing() -> None:
    """Send standard output nowhere: its reader has gone, and the interpreter would complain when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def make_targets(name: str, files: tuple[str, ...], **options: Any) -> list[Target]:  # noqa: ANN401
    """Make the targets of a run: ``name`` is the format of standard output; a file has the one that its name tells.

    A file may come with a format before it, as in ``sarif:report.json``.

    Raises:
        BadArgument: nothing tells the format of a file, or it can't be written.

    """
    targets: list[Target] = [Target(make_output(name, **options))]
    unpainted = {key: value for key, value in options.items() if key != "paint"}
    try:
        targets += (_file_target(file, unpainted) for file in files)
    except BadArgument:
        for target in targets:
            target.discard()
        raise
    return targets


def _file_target(file: str, options: dict[str, Any]) -> FileTarget:
    before, _, path = file.partition(":")
    told, path = (before, path) if before in FORMATS else (format_of(file), file)
    if told is None:
        endings = " ".join(ending for _, known in FORMATS.values() for ending in known)
        raise BadArgument(f"--output {file}: its name tells no format; write FORMAT:{file}, or use one of {endings}")
    return FileTarget(make_output(told, **options), path)
