"""Turns the format and files of a command line into places that a run is written to."""

from collections.abc import Callable, Iterable
from typing import Any

from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument
from premigrate.report.outputs import FORMATS, format_of, make_output
from premigrate.report.run import Account, Output, Run, Tally, Unreadable


class Target:
    """One output on its way to standard output."""

    tells_advice = True

    def __init__(self, output: Output) -> None:
        self._output = output
        self.is_open = True
        self.failure = ""
        self.every = output.EVERY
        self.most_of_a_kind: int | None = getattr(output, "most_of_a_kind", None)
        self.render: Callable[[Iterable[Account]], str] | None = getattr(output, "RENDER", None)

    def begin(self, run: Run) -> None:
        """Write what stands before the first account."""
        self.write(self._output.begin(run))

    def account(self, account: Account) -> None:
        """Write one account."""
        self.write(self._output.account(account))

    def rendered(self, text: str) -> None:
        """Write accounts that `render` has turned into text."""
        if text:
            self.write(self._output.rendered(text))  # type: ignore[attr-defined]

    def unreadable(self, problem: Unreadable) -> None:
        """Write of an input that could not be checked."""
        self.write(self._output.unreadable(problem))

    def end(self, tally: Tally) -> None:
        """Write what stands after the last account, and close; say what was left out."""
        self.write(self._output.end(tally))
        self.close()
        if self.is_open and (notice := getattr(self._output, "notice", "")):
            echo(f"premigrate: {notice}", err=True)

    def discard(self) -> None:
        """Do nothing: what was written here can't be taken back."""

    def write(self, pieces: Iterable[str]) -> None:
        """Write pieces as they come; nothing more once nobody reads on, or nothing more can be written."""
        for piece in pieces:
            if self.is_open:
                self.put(piece)

    def put(self, piece: str) -> None:
        """Write one piece."""
        try:
            self.is_open = echo(piece, end="")
        except BadArgument as error:
            self.fail(error)

    def close(self) -> None:
        """Do nothing: all is written."""

    def fail(self, error: BadArgument) -> None:
        """Write no more, and say why; other targets go on."""
        self.is_open, self.failure = False, str(error)


class FileTarget(Target):
    """One output on its way to a file."""

    def __init__(self, output: Output, path: str) -> None:
        from premigrate.command.atomic_file import Part

        super().__init__(output)
        self.part = Part(path)

    def put(self, piece: str) -> None:
        """Write one piece."""
        try:
            self.part.write_text(piece)
        except BadArgument as error:
            self.fail(error)

    def close(self) -> None:
        """Give the file its name, if all of it could be written."""
        if self.is_open:
            try:
                self.part.finish()
            except BadArgument as error:
                self.fail(error)

    def discard(self) -> None:
        """Take back what was written."""
        self.part.discard()


def make_targets(name: str, files: tuple[str, ...], **options: Any) -> list[Target]:  # noqa: ANN401
    """Make the targets of a run: ``name`` is the format of standard output; a file has the one that its name tells.

    A file may come with a format before it, as in ``sarif:report.json``.

    Raises:
        BadArgument: nothing tells the format of a file, or it can't be written.

    """
    targets: list[Target] = [Target(make_output(name, **options))]
    unpainted = {key: value for key, value in options.items() if key != "paint"}
    try:
        targets += (_file_target(file, unpainted) for file in files)
    except BaseException:
        for target in targets:
            target.discard()
        raise
    return targets


def format_and_path(file: str) -> tuple[str | None, str]:
    """Split what ``--output`` says into a format, if anything tells it, and the path of a file."""
    before, _, path = file.partition(":")
    return (before, path) if before in FORMATS else (format_of(file), file)


def _file_target(file: str, options: dict[str, Any]) -> Target:
    told, path = format_and_path(file)
    if told is None:
        endings = " ".join(ending for _, known in FORMATS.values() for ending in known)
        raise BadArgument(f"--output {file}: its name tells no format; write FORMAT:{file}, or use one of {endings}")
    output = make_output(told, **options)
    if told == "sarif":
        from premigrate.command.sarif_files import sarif_target

        return sarif_target(output, path)
    return FileTarget(output, path)
