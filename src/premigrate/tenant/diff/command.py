"""The command ``tenant diff``, which reports what changed between two OpenAPI documents of a tenant."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from premigrate.batch.inputs import STDIN
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.options import (
    as_of_option,
    column_option,
    format_option,
    market_option,
    references_option,
    stdin_option,
)
from premigrate.command.protect_inputs import RunFiles, option_files, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.exceptions import BadDocument
from premigrate.report.run import escape, strict_json
from premigrate.tenant.document.file import read_document_file

if TYPE_CHECKING:
    from premigrate.tenant.diff.documents import LearnedDiff, NamedAccount
    from premigrate.tenant.diff.model import DocumentDiff, PayloadChanges
    from premigrate.tenant.diff.payloads import ComparedItem

# Modules that import the rule grammar are imported in the functions that need them, so that --help starts fast.


@click.command(
    cls=HelpCommand,
    no_args_is_help=True,
    examples=[
        "premigrate tenant diff openapi-may.yml openapi-june.yml",
        "premigrate tenant diff old.yml new.yml payloads/",
    ],
)
@click.argument("old", metavar="OLD", type=click.Path(allow_dash=True))
@click.argument("new", metavar="NEW", type=click.Path(allow_dash=True))
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(allow_dash=True))
@market_option("The market whose rules are used, or platform.  [default: detected from import_supplier, else platform]")
@click.option(
    "--territory", metavar="CODE", help="The country of the tenant (ISO 3166, two letters), with --market platform."
)
@click.option("--path", metavar="PATH", help="The path of the request.  [default: the newest that checks accounts]")
@click.option("--old-path", metavar="PATH", help="The path of the request in OLD.  [default: --path]")
@as_of_option()
@references_option
@column_option
@stdin_option
@format_option(["text", "json"], "form")
@click.option("--show-all", is_flag=True, help="In text, show all values of long lists and all accounts.")
@click.pass_context
def diff(  # noqa: PLR0913 - one argument per option
    context: click.Context,
    /,
    *,
    old: str,
    new: str,
    paths: tuple[str, ...],
    market: str | None,
    territory: str | None,
    path: str | None,
    old_path: str | None,
    as_of: datetime | None,
    references: str | None,
    column: str | None,
    stdin_filename: str,
    form: str,
    show_all: bool,
) -> None:
    """Report what changed between two OpenAPI documents of a tenant.

    OLD and NEW are OpenAPI documents of the account import, as for premigrate tenant learn. Each change is marked as
    stricter (a payload that was valid may be refused), looser, both or neither. The report also lists the affected
    rules and, for the payloads of each PATH (as for premigrate check), the new errors and those that are gone.

    Exit code: 0 no differences, 1 differences, 2 wrong usage, 3 invalid rules, 4 unreadable document or payload,
    130 interrupted.
    """
    if (old, new, *paths).count(STDIN) > 1:
        raise click.UsageError("Only one of OLD, NEW and PATH can be -, because standard input can be read only once.")
    refuse_overwriting(RunFiles((old, new, *paths), option_files("", {"references": references})))
    day = as_of.date() if as_of else date.today()
    accounts = [_read(context, each, where) for each, where in ((old, old_path or path), (new, path))]
    from premigrate.tenant.diff.documents import diff_documents

    found = diff_documents(*accounts, as_of=day, market=market, territory=territory)
    run = _Run(found.diff)
    if paths:
        run.check_payloads(found, day, paths, references, column, stdin_filename)
    run.write_report(form, in_full=show_all)
    context.exit(run.exit_code)


def _read(context: click.Context, file: str, path: str | None) -> NamedAccount:
    from premigrate.tenant.diff.documents import NamedAccount
    from premigrate.tenant.learn import parse_account

    try:
        return NamedAccount(file, parse_account(read_document_file(file), path))
    except BadDocument as error:
        echo(f"premigrate: {escape(file)}: {escape(str(error))}", err=True)
        context.exit(ExitCode.UNREADABLE)


class _Run:
    """One run of the command. ``exit_code`` is the exit code so far."""

    def __init__(self, found: DocumentDiff) -> None:
        self._diff = found
        self.exit_code = ExitCode.CLEAN if found.is_empty else ExitCode.ERRORS

    def check_payloads(  # noqa: PLR0913, PLR0917 - the options of the command
        self,
        found: LearnedDiff,
        as_of: date,
        paths: tuple[str, ...],
        references: str | None,
        column: str | None,
        stdin_name: str,
    ) -> None:
        """Check all payloads for both documents, or those before an interrupt."""
        from premigrate.batch.read_chunks import ChunkReader
        from premigrate.tenant.diff.model import PayloadChanges
        from premigrate.tenant.diff.payloads import PayloadComparer

        comparer = PayloadComparer(found.diff.market, *found.validators(as_of, references))
        chunks = ChunkReader(column, skip_non_payloads=True).chunks(paths, stdin_name)
        compared = comparer.compare_chunks(chunks)
        payloads = PayloadChanges()
        with InterruptGuard() as interrupts:
            try:
                while (items := interrupts.call_interruptible(next, compared, None)) is not None:
                    for item in items:
                        self._take(item, payloads)
            except KeyboardInterrupt:
                payloads.is_interrupted = True
                self.exit_code = ExitCode.INTERRUPTED
        self._diff = self._diff._replace(payloads=payloads)
        if payloads.touched:
            self.exit_code = max(self.exit_code, ExitCode.ERRORS)
        if not payloads.accounts and self.exit_code < ExitCode.USAGE:
            shown = ", ".join(map(escape, paths))
            message = f"nothing to check: there is no .json, .yaml, .ndjson or .parquet file in {shown}"
            self._report_problem(ExitCode.USAGE, message)

    def _take(self, item: ComparedItem, payloads: PayloadChanges) -> None:
        from premigrate.batch.load_accounts import Notice, ReadFailure

        if isinstance(item, Notice):
            place = f"{escape(item.name)}:{item.line}" if item.line else escape(item.name)
            self._report_problem(ExitCode.CLEAN, f"{place}: {item.message}")
        elif isinstance(item, ReadFailure):
            place = f"{escape(item.file)}:{item.line}:{item.column}" if item.line else escape(item.file)
            self._report_problem(ExitCode.UNREADABLE, f"{escape(item.account) or place}: {item.message}")
            payloads.unreadable += 1
        else:
            payloads.accounts += 1
            payloads.touched += [item] if item else []

    def write_report(self, form: str, *, in_full: bool) -> None:
        """Write the report; an interrupt takes effect afterwards."""
        from premigrate.tenant.diff.report import diff_data, render_diff

        with InterruptGuard() as interrupts:
            if form == "json":
                echo(strict_json(diff_data(self._diff), 2))
            else:
                echo("".join(f"{line}\n" for line in render_diff(self._diff, in_full=in_full)), end="")
        if interrupts.was_interrupted:
            self.exit_code = ExitCode.INTERRUPTED

    def _report_problem(self, code: ExitCode, message: str) -> None:
        echo(f"premigrate: {escape(message)}", err=True)
        self.exit_code = max(self.exit_code, code)
