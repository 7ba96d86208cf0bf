"""Fixes the inputs of ``premigrate check --fix``, or shows the changes as a diff."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from premigrate.batch.batch_validator import CheckedAccount
from premigrate.batch.inputs import CHANGED_MESSAGE, STDIN, TABLE_SUFFIXES, find_sources, watch_for_changes
from premigrate.command.exit_codes import ExitCode
from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument, BadPayloadText, PremigrateError
from premigrate.fix.diff import DiffWriter
from premigrate.fix.fixed_parts import fix_parts, is_complete, open_input, open_source
from premigrate.fix.rewrite import Rewriter
from premigrate.fix.standard_input import FixedInput
from premigrate.fix.text_fixer import TextFixer, make_fixing_validator
from premigrate.report.run import INTERRUPTED, pluralize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.batch.inputs import Source
    from premigrate.batch.read_chunks import OpenedText
    from premigrate.command.check_chunks import RunOptions
    from premigrate.fix.fixed_parts import FixedPart


class FixCounts(NamedTuple):
    """The findings that were fixed, the files they were in, those that are left, and the unsafe fixes that are left."""

    fixed: int = 0
    files: int = 0
    remaining: int = 0
    unsafe: int = 0


class FixRun:
    """Fixes inputs one after the other, in this process. ``counts`` are those of the inputs so far.

    Args:
        options: the options of the check; findings that it sets aside are not fixed.
        with_unsafe: apply the fixes that are not safe, too.
        is_diff: write nothing, but print the changes.
        report: called with an exit code and a message for each input that cannot be fixed.

    """

    def __init__(
        self, options: RunOptions, *, with_unsafe: bool, is_diff: bool, report: Callable[[ExitCode, str], None]
    ) -> None:
        self._options, self._with_unsafe, self._is_diff, self._report = options, with_unsafe, is_diff, report
        self._validator = make_fixing_validator(options)
        self.counts = FixCounts()

    def run(self, paths: tuple[str, ...], stdin_name: str) -> None:
        """Fix all inputs. Inputs that cannot be read are skipped, because the check reports them.

        Raises:
            PremigrateError: the rules of a market are invalid.

        """
        if STDIN not in paths:
            self._fix_all(paths, stdin_name)
            return
        with closing(FixedInput()) as stdin:
            self._fix_all(paths, stdin_name, stdin)
            stdin.end(is_written=not self._is_diff)

    def report(self, remaining: int | None = None) -> None:
        """Print how many findings were fixed and are left; ``remaining`` are those that the check has found."""
        fixed, _, found, unsafe = self.counts
        left = found if remaining is None else remaining
        what = self._done() if fixed else "Nothing to fix"
        verb = "would remain" if fixed and self._is_diff else "remains" if left == 1 else "remain"
        hint = f", {unsafe} of them fixable with --unsafe-fixes" if unsafe and left else ""
        echo(f"{what}; {pluralize(left, 'finding') if left else 'no findings'} {verb}{hint}.", err=True)

    def report_interrupt(self) -> None:
        """Print that the run was interrupted, and what was fixed before."""
        done = "Nothing was fixed." if not self.counts.fixed else f"{self._done()}; no other file was changed."
        echo(INTERRUPTED if self._is_diff else f"{INTERRUPTED} {done}", err=True)

    def _done(self) -> str:
        fixed, files, _, _ = self.counts
        return (
            f"{'Would fix' if self._is_diff else 'Fixed'} {pluralize(fixed, 'finding')} in {pluralize(files, 'file')}"
        )

    def _fix_all(self, paths: tuple[str, ...], stdin_name: str, stdin: FixedInput | None = None) -> None:
        for source in find_sources(paths, stdin_name, display_paths=self._options.display_paths):
            if not source.skip_reason and not source.failure:
                self._fix_or_report(source, stdin)

    def _fix_or_report(self, source: Source, stdin: FixedInput | None) -> None:
        try:
            if source.name.lower().endswith(TABLE_SUFFIXES):
                self._refuse_table(source)
            else:
                self._fix(source, stdin if source.path == STDIN else None)
        except BadArgument as error:
            self._report(ExitCode.USAGE, str(error))
        except BadPayloadText:
            pass  # the check reports what cannot be read
        except PremigrateError:
            raise
        except (OSError, ValueError):
            pass
        except MemoryError:
            self._report(ExitCode.UNREADABLE, f"{source.name}: not fixed: not enough memory")

    def _fix(self, source: Source, stdin: FixedInput | None) -> None:
        if not stdin and not stat.S_ISREG(os.stat(source.path).st_mode):  # noqa: PTH116 - reports the path as it is
            raise BadArgument(f"{source.name}: not fixed: it is a pipe or a device; pass its content as standard input")
        with open_input(source) as file:
            has_changed = watch_for_changes(file)
            opened = open_source(source, file)
            if opened is None:
                return
            if self._is_diff:
                if is_complete(source):  # otherwise nothing would be changed
                    self._print_diff(source, opened)
                return
            rewriter = Rewriter(source, stdin.target if stdin else None)
            try:
                counts = self._rewrite(opened, source.name, rewriter)
                if has_changed():
                    raise BadArgument(f"{source.name}: not fixed: it {CHANGED_MESSAGE}")
                if not opened.stream.failure:  # otherwise what was not read would be lost
                    rewriter.commit()
                    self._count(counts)
            finally:
                rewriter.discard()
        if stdin:
            stdin.is_fixed = rewriter.is_committed

    def _fix_parts(self, opened: OpenedText, name: str) -> Iterator[FixedPart]:
        make = partial(TextFixer, name, options=self._options, validator=self._validator, with_unsafe=self._with_unsafe)
        return fix_parts(opened, make)

    def _rewrite(self, opened: OpenedText, name: str, rewriter: Rewriter) -> FixCounts:
        counts = FixCounts()
        for part in self._fix_parts(opened, name):
            counts = _add(counts, part)
            rewriter.add(part)
        return counts

    def _print_diff(self, source: Source, opened: OpenedText) -> None:
        show_values = self._options.show_values
        writer = DiffWriter(source.name, is_yaml=opened.layout == "yaml", show_values=show_values)
        counts = FixCounts()
        for part in self._fix_parts(opened, source.name):
            counts = _add(counts, part)
            for piece in writer.add(part):
                echo(piece, end="")
        for piece in writer.end():
            echo(piece, end="")
        self._count(counts)

    def _count(self, counts: FixCounts) -> None:
        fixed, _, remaining, unsafe = counts
        before = self.counts
        self.counts = FixCounts(
            before.fixed + fixed, before.files + (fixed > 0), before.remaining + remaining, before.unsafe + unsafe
        )

    def _refuse_table(self, source: Source) -> None:
        """Report a table with findings that could be fixed: it is not text."""
        from premigrate.batch.parquet import read_parquet

        count = 0
        for chunk in read_parquet(source, self._options.column):
            for item in self._validator.validate_chunk(chunk):
                if isinstance(item, CheckedAccount):
                    count += sum(fix.is_safe or self._with_unsafe for fix in item.result.fixes)
        if count:
            what = f"{pluralize(count, 'finding')} in a Parquet table, which --fix cannot write"
            advice = "export the payloads as .ndjson, one per line, and fix that file"
            self._report(ExitCode.USAGE, f"{source.name}: not fixed: {what}; {advice}")


def _add(counts: FixCounts, part: FixedPart) -> FixCounts:
    if part.fixed is None:
        return counts
    _, fixed, remaining, unsafe, _ = part.fixed
    return FixCounts(counts.fixed + fixed, 0, counts.remaining + remaining, counts.unsafe + unsafe)
