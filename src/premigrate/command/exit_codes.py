"""The exit codes of the command, and how the worst of several is chosen."""

from enum import IntEnum


class Exit(IntEnum):
    """What the command says to the shell; where several hold, the highest."""

    CLEAN = 0
    """Nothing is wrong."""
    ERRORS = 1
    """The API would refuse a payload."""
    USAGE = 2
    """The command was called in a way it can't work with, or there was nothing to check."""
    RULES = 3
    """A rule file or the overlay has mistakes."""
    UNREADABLE = 4
    """An input can't be read, or premigrate failed over it."""
    INTERRUPTED = 130
    """Somebody stopped the run; what it wrote is complete in form, and says that it is not all."""
