"""Writes a run as SARIF to a file, or to numbered files if it has more results than GitHub accepts in one."""

import os
from itertools import count, takewhile
from pathlib import Path

from premigrate.command.atomic_file import AtomicFile
from premigrate.command.sinks import FileSink, StreamSink
from premigrate.exceptions import BadArgument
from premigrate.report.run import AccountReport, Output, RunInfo, Tally, UnreadableInput
from premigrate.report.sarif_output import HEADER, MAX_RESULTS, SarifOutput


def make_sarif_sink(output: Output, path: str) -> StreamSink:
    """Make the sink of a SARIF report. A device or a pipe cannot be split into files: the report is truncated."""
    is_file = os.path.isfile(path) or not os.path.exists(path)  # noqa: PTH110, PTH113 - no error for a loop of links
    if is_file and isinstance(output, SarifOutput):
        return SarifSink(output, path)
    return FileSink(output, path)


class SarifSink(StreamSink):
    """Writes a SARIF report to ``x.sarif``, or if it has too many results to ``x-1.sarif``, ``x-2.sarif`` and so on.

    All files get their names together at the end of the run. Each is a valid report with its own results, their rules,
    and whether the run was complete; the first one also lists the inputs that could not be read.

    Args:
        output: renders the first file.
        path: the file to write if one is enough.

    Raises:
        BadArgument: the file cannot be written.

    """

    def __init__(self, output: SarifOutput, path: str) -> None:
        super().__init__(output)
        self._path = Path(path)
        self._run: RunInfo | None = None
        self._outputs = [output]
        self._files = [AtomicFile(path)]

    def begin(self, run: RunInfo) -> None:
        """Write the text before the first account."""
        self._run = run
        self.write(self._output.begin(run))

    def write_account(self, account: AccountReport) -> None:
        """Write the results of one account; once a file is full, to the next one."""
        findings = account.findings
        while findings and self.is_open:
            room = MAX_RESULTS - self._outputs[-1].result_count
            if not room:
                self._begin_next()
                continue
            self.write(self._outputs[-1].render_account(account.with_findings(findings[:room])))
            findings = findings[room:]

    def write_unreadable(self, problem: UnreadableInput) -> None:
        """Add it to the first file, whose renderer writes it at the end."""
        self.write(self._outputs[0].render_unreadable(problem))

    def end(self, tally: Tally) -> None:
        """Write the end of each file, and give all files their names."""
        if not self.is_open:
            return
        try:
            for output, part in zip(self._outputs, self._files, strict=True):
                for piece in output.end(tally):
                    part.write_text(piece)
                part.prepare()
            self._give_names()
        except BadArgument as error:
            self.fail(error)

    def discard(self) -> None:
        """Remove what was written."""
        for part in self._files:
            part.discard()

    def put(self, piece: str) -> None:
        """Write a piece to the last file."""
        try:
            self._files[-1].write_text(piece)
        except BadArgument as error:
            self.fail(error)

    def fail(self, error: BadArgument) -> None:
        """Stop, remove what was written, and record why."""
        self.discard()
        super().fail(error)

    def _begin_next(self) -> None:
        self._outputs.append(self._outputs[0].new_file())
        try:
            if len(self._files) == 1:
                self._check_free(1)
            self._check_free(len(self._outputs))
            self._files.append(AtomicFile(str(self._numbered(len(self._outputs)))))
        except BadArgument as error:
            self.fail(error)
            return
        if self._run:
            self.write(self._outputs[-1].begin(self._run))

    def _give_names(self) -> None:
        """Give the files their names; if there are several, the first is renamed last."""
        for part in reversed(self._files):
            part.commit()
        files = len(self._files)
        self.written = [str(self._path)]
        if files > 1:
            try:
                self._path.replace(self._numbered(1))
            except OSError as error:
                raise BadArgument(f"{self._numbered(1)}: cannot be written: {error.strerror}") from None
            self.written = [str(self._numbered(position)) for position in range(1, files + 1)]
            results = sum(output.result_count for output in self._outputs)
            names = f"{self._numbered(1).name} to {self._numbered(files).name}"
            self.notices.append(f"{self._path}: {results:,} results, written to {names}")
        if stale := [*takewhile(Path.exists, map(self._numbered, count(files + 1 if files > 1 else 1)))]:
            self.notices.append(
                f"{self._path}: an earlier run left these files in the folder: {', '.join(path.name for path in stale)}"
            )

    def _numbered(self, position: int) -> Path:
        return self._path.with_stem(f"{self._path.stem}-{position}")

    def _check_free(self, position: int) -> None:
        """Raise BadArgument if a file would be overwritten that is not a SARIF report of an earlier run."""
        path = self._numbered(position)
        if path.exists() and not _is_report(path):
            what = (
                f"it is not a report of premigrate, and would be overwritten by results after the first {MAX_RESULTS:,}"
            )
            raise BadArgument(f"{path}: cannot be written: {what}; choose another name for the report")


def _is_report(path: Path) -> bool:
    """Return whether a file begins like a SARIF report of premigrate."""
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) == HEADER.encode()
    except OSError:
        return False
