"""Writes text to standard output and standard error, in colour where a person reads it.

The library that knows terminals is imported for a terminal only: elsewhere its colours are left out anyway.
"""

import os
import sys


def echo(text: str, *, end: str = "\n", err: bool = False) -> None:
    """Write a text at once."""
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        import click

        click.echo(text + end, nl=False, err=err)
    else:
        stream.write(text + end)
        stream.flush()


def paint(text: str, colour: str) -> str:
    """Colour a text, where the terminal wants it."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return text
    import click

    return click.style(text, fg=colour)
