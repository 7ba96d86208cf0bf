"""Runs the command: prepares the streams, and turns exceptions into messages and exit codes."""

import gc
import sys
from io import TextIOWrapper

from premigrate.command.exit_codes import ExitCode
from premigrate.command.interrupts import exit_on_interrupt, raise_on_interrupt
from premigrate.command.streams import echo, open_missing_streams, redirect_to_null
from premigrate.exceptions import BadConfiguration, BadRules, PremigrateError, WorkerLost

_MANY = 50_000
"""GC threshold: start-up allocates many long-lived objects."""


def run() -> None:
    """Run the command with the arguments of the process; it ends with SystemExit."""
    gc.set_threshold(_MANY)
    open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # the same bytes on every system; what UTF-8 has no way to write is written as an escape
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        from premigrate.cli.group import commands

        raise_on_interrupt()
        commands(prog_name="premigrate")
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except PremigrateError as error:
        echo(f"premigrate: {_message(error)}", err=True)
        sys.exit(_code_of(error))
    except Exception as error:  # noqa: BLE001 - the last door: people get a sentence, and no value of a payload
        if isinstance(error, OSError):
            redirect_to_null(sys.stdout)  # it may be the one that is full
        echo(f"premigrate: {_explain(error)}", err=True)
        sys.exit(ExitCode.UNREADABLE)
    finally:
        exit_on_interrupt()  # all is written, and the interpreter would report an interrupt at its end
        gc.freeze()  # the interpreter looks for garbage once more when it ends; there is none worth the time


def _code_of(error: PremigrateError) -> ExitCode:
    if isinstance(error, WorkerLost):
        return ExitCode.UNREADABLE
    return ExitCode.RULES if isinstance(error, BadRules) else ExitCode.USAGE


def _message(error: PremigrateError) -> str:
    """Write the message of an exception, each problem on a line, without control characters."""
    from premigrate.report.run import escape

    if isinstance(error, BadRules | BadConfiguration):
        head, *_ = str(error).split("\n")
        return "\n".join(map(escape, (head, *map(str, error.problems))))
    return escape(str(error))


def _explain(error: Exception) -> str:
    """Say what the system refused, or where a mistake is of our own."""
    import traceback
    from pathlib import Path

    from premigrate.report.run import escape

    if isinstance(error, MemoryError):
        return "there is not enough memory; the run is not complete"
    if isinstance(error, OSError) and error.strerror:
        return f"{escape(str(error.filename))}: {error.strerror}" if error.filename else error.strerror
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = escape(f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}")
    return f"a mistake of premigrate's own ({where}); please report it with a payload that is made up"
