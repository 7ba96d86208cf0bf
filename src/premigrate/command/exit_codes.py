"""The exit codes of the command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """An exit code of the command; if several apply, the highest is used."""

    CLEAN = 0
    """No errors are predicted."""
    ERRORS = 1
    """The API would refuse a payload; with ``--fail-on advice`` also: there is advice."""
    USAGE = 2
    """Wrong use: invalid arguments, nothing to check, or an output that cannot be written."""
    RULES = 3
    """A rule file or the overlay is invalid."""
    UNREADABLE = 4
    """An input cannot be read, worker processes were lost, or an internal error occurred."""
    INTERRUPTED = 130
    """The run was interrupted; its reports are well formed and marked as incomplete."""
