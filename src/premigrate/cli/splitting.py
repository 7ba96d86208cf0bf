"""Sorts the accounts of a run into files: those that pass, those that would be refused, those that were not checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from premigrate.cli.targets import FileTarget
from premigrate.cli.writing import BytesPart
from premigrate.errors import BadArgument
from premigrate.rendering.outputs import make_output
from premigrate.rendering.report import Account, Tally

if TYPE_CHECKING:
    from premigrate.cli.checking import Parts

PASSED, FAILED, UNCHECKED, ERRORS = "pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"


class _Errors(FileTarget):
    """The errors of a run, without advice."""

    def account(self, account: Account) -> None:
        """Write the errors of an account."""
        errors = tuple(finding for finding in account.findings if finding.level != "advice")
        super().account(
            Account(account.file, account.index, account.count, account.reference, account.response, errors)
        )

    def end(self, tally: Tally) -> None:
        """Give the file its name, unless the run was interrupted."""
        if tally.interrupted:
            self.discard()
        else:
            super().end(tally)


class Split:
    """The files of a folder, which get their names when the run is over, all or none.

    Raises:
        BadArgument: the folder can't be made, or a file in it can't be written.

    """

    def __init__(self, folder: str) -> None:
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadArgument(f"{folder}: can't be made: {error.strerror}") from None
        self._parts = [BytesPart(str(Path(folder, name))) for name in (PASSED, FAILED, UNCHECKED)]
        self.errors = _Errors(make_output("ndjson"), str(Path(folder, ERRORS)))

    def take(self, parts: Parts) -> None:
        """Write the accounts of a chunk, each with a line break after it."""
        for part, texts in zip(self._parts, parts, strict=True):
            if texts:
                part.write(b"\n".join((*texts, b"")))

    def end(self, tally: Tally) -> None:
        """Give the files their names; if the run was interrupted, take them back: they don't hold all accounts."""
        if tally.interrupted:
            self.discard()
            return
        for part in self._parts:
            part.finish()

    def discard(self) -> None:
        """Take back what was written."""
        for part in self._parts:
            part.discard()
