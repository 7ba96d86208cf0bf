"""The tenant command: the OpenAPI document of a tenant in, an overlay and a report of what it knows out."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from premigrate.command.atomic_file import write_file
from premigrate.command.exit_codes import Exit
from premigrate.command.interrupts import Interrupts
from premigrate.command.options import market_option
from premigrate.command.protect_inputs import Named, RunFiles, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.exceptions import BadDocument
from premigrate.report.run import plain, strict_json

if TYPE_CHECKING:
    from premigrate.tenant.model import Learned

_STREAM = "-"

# What learns knows the grammar of rule files, and is imported where it is needed: help needs none of it.


@click.group()
def tenant() -> None:
    """Adapt the rules to one tenant of the platform."""


@tenant.command(no_args_is_help=True)
@click.argument("document", metavar="OPENAPI", type=click.Path(allow_dash=True))
@market_option(
    "The market the overlay is for; platform for none, if there are no rules for the tenant's country.  "
    "[default: import suppliers tell it, else platform]"
)
@click.option("--territory", metavar="CODE", help="Of the platform: the tenant's country, two letters as in ISO 3166.")
@click.option("--path", metavar="PATH", help="The request to learn from.  [default: the newest that checks accounts]")
@click.option("--output", type=click.Path(allow_dash=True), metavar="FILE", help="Write the overlay here; - is here.")
@click.option("--report", type=click.Path(), metavar="FILE", help="Write the report to a file.  [default: here]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts as today.  [default: today]")
@click.option("--show-all", is_flag=True, help="Show every validation as text, not those only that are unknown.")
@click.pass_context
def learn(  # noqa: PLR0913 - one argument an option
    context: click.Context,
    /,
    *,
    document: str,
    market: str | None,
    territory: str | None,
    path: str | None,
    output: str | None,
    report: str | None,
    form: str,
    as_of: datetime | None,
    show_all: bool,
) -> None:
    """Learn from a tenant's OpenAPI document, in YAML or JSON, what its account import takes.

    Writes an overlay for --overlay with the tenant's fields and choices, and a report of the validations that the
    document names. The examples in the document are tried with it. Exit code: 0 the overlay is written, 2 wrong use,
    3 broken rules, 4 no OpenAPI document of an account import.
    """
    from premigrate.documents.toml_writer import render_overlay
    from premigrate.tenant.learn import learn_tenant

    if output == _STREAM and not report:
        raise click.UsageError("--output - writes the overlay here; say with --report where the report goes.")
    written = (Named(what, file) for what, file in (("--output", output), ("--report", report)) if file)
    refuse_overwriting(RunFiles((document,), outputs=tuple(each for each in written if each.path != _STREAM)))
    day = as_of.date() if as_of else date.today()
    try:
        learned = learn_tenant(_read(document), as_of=day, market=market, territory=territory, path=path)
    except BadDocument as error:
        echo(f"premigrate: {plain(document)}: {plain(str(error))}", err=True)
        context.exit(Exit.UNREADABLE)
    overlay = render_overlay(learned.overlay, f"{learned.title}, learned from {Path(document).name}")
    lesson = _report(learned, form, in_full=show_all)
    with Interrupts() as interrupts:
        if output:
            _write(output, overlay)
        _write(report or _STREAM, lesson)
    if interrupts.came:
        context.exit(Exit.INTERRUPTED)


def _report(learned: Learned, form: str, *, in_full: bool) -> str:
    from premigrate.tenant.report import lesson_data, render_lesson

    if form == "json":
        return strict_json(lesson_data(learned), 2) + "\n"
    return "".join(f"{line}\n" for line in render_lesson(learned, in_full=in_full))


def _read(document: str) -> bytes:
    """Read the document, but no more of it than can be one.

    Raises:
        BadDocument: it can't be read.

    """
    from premigrate.tenant.learn import LARGEST

    try:
        if document == _STREAM:
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(document).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise BadDocument(f"can't be read: {error.strerror}") from None


def _write(path: str, text: str) -> None:
    if path == _STREAM:
        echo(text, end="")
        return
    write_file(path, [text])
