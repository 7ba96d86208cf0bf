"""The command: arguments, files, streams and exit codes."""

from premigrate.cli.main import main

__all__ = ["main"]
