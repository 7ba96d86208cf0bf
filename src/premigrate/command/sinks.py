"""Makes the sinks of a run from the format and the files that the command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument
from premigrate.report.outputs import FILE_FORMATS, PARQUET, format_of_file, make_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from premigrate.command.run import Sink
    from premigrate.report.run import AccountReport, Output, RunInfo, Tally, UnreadableInput
    from premigrate.ruleset.overlays import Overlay


class StreamSink:
    """Writes one output to standard output, or with ``err`` to standard error."""

    tells_advice = True

    def __init__(self, output: Output, *, err: bool = False) -> None:
        self._output, self._err = output, err
        self.is_open = True
        self.failure = ""
        self.notices: list[str] = []
        self.written: list[str] = []
        self.needs_clean_accounts = output.NEEDS_CLEAN_ACCOUNTS
        self.max_located: int | None = getattr(output, "max_located", None)
        self.render: Callable[[Iterable[AccountReport]], str] | None = getattr(output, "RENDER", None)

    def begin(self, run: RunInfo) -> None:
        """Write the text before the first account."""
        self.write(self._output.begin(run))

    def write_account(self, account: AccountReport) -> None:
        """Write one account."""
        self.write(self._output.render_account(account))

    def write_rendered(self, text: str) -> None:
        """Write accounts that were rendered with ``render``."""
        if text:
            self.write(self._output.join_rendered(text))  # type: ignore[attr-defined]

    def write_unreadable(self, problem: UnreadableInput) -> None:
        """Write an input that could not be checked."""
        self.write(self._output.render_unreadable(problem))

    def end(self, tally: Tally) -> None:
        """Write the text after the last account, and close; add a notice if the output is truncated."""
        self.write(self._output.end(tally))
        self.close()
        if self.is_open and (notice := getattr(self._output, "notice", "")):
            self.notices.append(notice)

    def discard(self) -> None:
        """Do nothing: standard output cannot be undone."""

    def write(self, pieces: Iterable[str]) -> None:
        """Write pieces as they come; ignore them once the reader is gone or writing failed."""
        for piece in pieces:
            if self.is_open:
                self.put(piece)

    def put(self, piece: str) -> None:
        """Write one piece."""
        try:
            self.is_open = echo(piece, end="", err=self._err)
        except BadArgument as error:
            self.fail(error)

    def close(self) -> None:
        """Do nothing: everything is written already."""

    def fail(self, error: BadArgument) -> None:
        """Stop, and record why; other sinks continue."""
        self.is_open, self.failure = False, str(error)


class FileSink(StreamSink):
    """Writes one output to a file."""

    def __init__(self, output: Output, path: str) -> None:
        from premigrate.command.atomic_file import AtomicFile

        super().__init__(output)
        self._path = path
        self.file = AtomicFile(path)

    def put(self, piece: str) -> None:
        """Write one piece."""
        try:
            self.file.write_text(piece)
        except BadArgument as error:
            self.fail(error)

    def close(self) -> None:
        """Give the file its name, unless writing failed."""
        if self.is_open:
            try:
                self.file.commit()
                self.written = [self._path]
            except BadArgument as error:
                self.fail(error)

    def discard(self) -> None:
        """Remove what was written."""
        self.file.discard()


def make_sinks(
    name: str,
    files: tuple[str, ...],
    *,
    err: bool = False,
    overlay: Overlay | None = None,
    **options: Any,  # noqa: ANN401
) -> list[Sink]:
    """Make the sinks of a run: ``name`` is the format of standard output; a file has the format of its suffix.

    A format may precede the file, as in ``sarif:report.json``. With ``err``, standard error takes the place of standard
    output, which the run needs for something else. ``overlay`` is that of the run, which a table names.

    Raises:
        BadArgument: the format of a file is not known, or the file cannot be written.

    """
    targets: list[Sink] = [StreamSink(make_output(name, **options), err=err)]
    unpainted = {key: value for key, value in options.items() if key not in {"paint", "quiet", "width"}}
    try:
        targets += (_make_file_sink(file, overlay, unpainted) for file in files)
    except BaseException:
        for target in targets:
            target.discard()
        raise
    return targets


def format_and_path(file: str) -> tuple[str | None, str]:
    """Split a value of ``--output`` into the format, if it is known, and the path."""
    before, _, path = file.partition(":")
    return (before, path) if before in FILE_FORMATS else (format_of_file(file), file)


def _make_file_sink(file: str, overlay: Overlay | None, options: dict[str, Any]) -> Sink:
    name, path = format_and_path(file)
    if name is None:
        endings = ", ".join(ending for known in FILE_FORMATS.values() for ending in known)
        raise BadArgument(f"--output {file}: unknown format or suffix; use one of {endings}, or write FORMAT:{file}")
    if name == PARQUET:
        from premigrate.command.parquet_sink import ParquetSink

        return ParquetSink(path, overlay)
    output = make_output(name, **options)
    if name == "sarif":
        from premigrate.command.sarif_sink import make_sarif_sink

        return make_sarif_sink(output, path)
    return FileSink(output, path)
