"""Splits the accounts of a run into files: those that pass, those that would be refused, and those not checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from premigrate.batch.inputs import SPLIT_MARKER
from premigrate.command.atomic_file import AtomicBytesFile
from premigrate.command.interrupts import blocked_signals
from premigrate.command.sinks import FileSink
from premigrate.exceptions import BadArgument
from premigrate.report.json_output import LinesOutput, render_ndjson
from premigrate.report.run import AccountReport, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.command.check_chunks import SplitPayloads

PASSED, FAILED, UNCHECKED, ERRORS = "pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"
_MARK_TEXT = b"premigrate check --split wrote this folder; runs over a folder above it skip it.\n"


def split_files(folder: str) -> list[str]:
    """List the files that are written to a folder."""
    return [str(Path(folder, name)) for name in (SPLIT_MARKER, PASSED, FAILED, UNCHECKED, ERRORS)]


def _render_errors(accounts: Iterable[AccountReport]) -> str:
    return render_ndjson(map(_without_advice, accounts))


def _without_advice(account: AccountReport) -> AccountReport:
    return account.with_findings(tuple(finding for finding in account.findings if finding.level != "advice"))


class _ErrorsSink(FileSink):
    """Writes the errors of a run, without advice."""

    tells_advice = False

    def __init__(self, path: str) -> None:
        super().__init__(LinesOutput(), path)
        self.render = _render_errors

    def write_account(self, account: AccountReport) -> None:
        """Write the errors of an account."""
        super().write_account(_without_advice(account))

    def close(self) -> None:
        """Do nothing: the file gets its name together with the others."""


class SplitSink:
    """Writes the files of a folder; at the end of the run either all of them get their names, or none.

    Raises:
        BadArgument: the folder cannot be created, or a file in it cannot be written.

    """

    def __init__(self, folder: str) -> None:
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadArgument(f"{folder}: cannot be created: {error.strerror}") from None
        self.failure = ""
        self.written: list[str] = []
        self._files: list[AtomicBytesFile] = []
        self._folder = folder
        *files, errors = split_files(folder)
        try:
            self._files += map(AtomicBytesFile, files)
            self._files[0].write(_MARK_TEXT)
            self.errors = _ErrorsSink(errors)
        except BaseException:
            self._discard_files()
            raise

    def take(self, parts: SplitPayloads) -> None:
        """Write the accounts of a chunk, each followed by a line break."""
        if not self.errors.is_open:
            return
        try:
            for part, texts in zip(self._files[1:], parts, strict=True):
                if texts:
                    part.write(b"\n".join((*texts, b"")))
        except BadArgument as error:
            self._fail(error)

    def end(self, tally: Tally) -> None:
        """Give the files their names; remove them if the run was interrupted: they do not have all accounts."""
        if tally.interrupted or not self.errors.is_open:
            self.discard()
            return
        parts = [*self._files, self.errors.file]
        try:
            for part in parts:
                part.prepare()  # errors are raised here, before any file has its name
            with blocked_signals():
                for part in parts:
                    part.commit()
                self.written = split_files(self._folder)[1:]  # without the mark
        except BadArgument as error:
            self._fail(error)

    def discard(self) -> None:
        """Remove what was written."""
        self._discard_files()
        self.errors.discard()

    def _discard_files(self) -> None:
        for part in self._files:
            part.discard()

    def _fail(self, error: BadArgument) -> None:
        self.discard()
        self.errors.is_open, self.failure = False, str(error)
