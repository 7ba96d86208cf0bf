"""Writes text to standard output and standard error, in colour on a terminal.

click, which handles terminals, is imported for a terminal only: worker processes do not need it.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TextIO

from premigrate.exceptions import BadArgument


def echo(text: str, *, end: str = "\n", err: bool = False) -> bool:
    """Write a text and flush it; return whether more can be written, which is not so once the reader is gone.

    Text that cannot be written to the error stream is dropped: the failure cannot be reported anywhere else.

    Raises:
        BadArgument: standard output cannot be written, as on a full disk.

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
        redirect_to_null(stream)
        if err or isinstance(error, BrokenPipeError):
            return False
        raise BadArgument(f"standard output: cannot be written: {error.strerror}") from None
    return True


def redirect_to_null(stream: TextIO) -> None:
    """Redirect a stream to the null device: the interpreter could not flush it at exit, and would report that."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def open_missing_streams() -> None:
    """Open missing standard streams as the null device: the next file opened would take their descriptors."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)  # noqa: FBT003 - for worker processes; positional only
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def terminal_width() -> int | None:
    """Return COLUMNS if it is set, else the width of the terminal; None if standard output is not a terminal."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def make_paint(color: str) -> Callable[[str, str], str]:
    """Make the function that colours a text on standard output.

    Args:
        color: ``always``, ``never`` or ``auto``. With ``auto``, NO_COLOR and then FORCE_COLOR decide if they are set
            and not empty; otherwise there are colours on a terminal that shows them.

    """
    if color == "never" or (color == "auto" and not _shows_colours()):
        return lambda text, _: text
    import click

    return lambda text, colour: click.style(text, fg=colour)


def _shows_colours() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (os.environ.get("TERM") != "dumb" and sys.stdout.isatty())
