"""Writes text to standard output and standard error, in colour where a person reads it.

click, which knows terminals, is imported for a terminal only: worker processes have no other use for it.
"""

import contextlib
import os
import sys
from typing import TextIO

from premigrate.exceptions import BadArgument


def echo(text: str, *, end: str = "\n", err: bool = False) -> bool:
    """Write a text at once; tells whether more can be written.

    It can't if the reader has gone. What can't be written to the error stream is left out, for there is no place left
    where it could be said.

    Raises:
        BadArgument: standard output can't be written, as on a full disk.

    """
    stream = sys.stderr if err else sys.stdout
    try:
        if stream.isatty():
            import click

            click.echo(text + end, nl=False, err=err)
        else:
            stream.write(text + end)
            stream.flush()
    except OSError as error:
        stop_writing(stream)
        if err or isinstance(error, BrokenPipeError):
            return False
        raise BadArgument(f"standard output: can't be written: {error.strerror}") from None
    return True


def stop_writing(stream: TextIO) -> None:
    """Send a stream nowhere: what it still holds can't be written, and the interpreter would complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def open_missing() -> None:
    """Open what this process was started without, to nowhere: else the next file opened would take its place."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)  # noqa: FBT003 - for worker processes; positional only
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def paint(text: str, colour: str) -> str:
    """Colour a text, where the terminal wants it."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return text
    import click

    return click.style(text, fg=colour)
