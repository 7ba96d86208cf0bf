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
            # the same bytes on every system; lone surrogates are written as escapes
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
    except Exception as error:  # noqa: BLE001 - print a message without values of payloads, not a traceback
        if isinstance(error, OSError):
            redirect_to_null(sys.stdout)  # its disk may be the full one
        echo(f"premigrate: {_explain(error)}", err=True)
        sys.exit(ExitCode.UNREADABLE)
    finally:
        exit_on_interrupt()  # everything is written; an interrupt during the exit would print a traceback
        gc.freeze()  # skip the garbage collection at the exit, which takes time


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
    """Describe an error of the operating system, or the place of an internal error."""
    import traceback
    from pathlib import Path

    from premigrate.report.run import escape

    if isinstance(error, MemoryError):
        return "not enough memory; the run is incomplete"
    if isinstance(error, OSError) and error.strerror:
        return f"{escape(str(error.filename))}: {error.strerror}" if error.filename else error.strerror
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = escape(f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}")
    return f"internal error ({where}); please report it, with made-up data instead of a real payload"
