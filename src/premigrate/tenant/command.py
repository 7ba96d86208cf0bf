"""The tenant command, which generates an overlay and a report from a tenant's OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from premigrate.command.atomic_file import write_file
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.interrupts import InterruptGuard
from premigrate.command.options import as_of_option, format_option, market_option
from premigrate.command.protect_inputs import NamedPath, RunFiles, refuse_overwriting
from premigrate.command.streams import echo
from premigrate.exceptions import BadArgument, BadDocument
from premigrate.report.run import escape, strict_json
from premigrate.tenant.diff.command import diff
from premigrate.tenant.document.file import read_document_file

if TYPE_CHECKING:
    from premigrate.tenant.model import LearnedTenant

_STREAM = "-"

# Modules that import the rule grammar are imported in the functions that need them, so that --help starts fast.


@click.group()
def tenant() -> None:
    """Adapt the rules to one tenant."""


@tenant.command(
    cls=HelpCommand,
    no_args_is_help=True,
    examples=["premigrate tenant learn openapi.yaml --output tenant.toml"],
)
@click.argument("document", metavar="OPENAPI", type=click.Path(allow_dash=True))
@market_option("The market to extend, or platform.  [default: detected from import_supplier, else platform]")
@click.option(
    "--territory", metavar="CODE", help="The country of the tenant (ISO 3166, two letters), with --market platform."
)
@click.option(
    "--path", metavar="PATH", help="The path of the request to learn from.  [default: the newest that checks accounts]"
)
@click.option(
    "--output",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Write the overlay to a file; - is standard output. A market is written to a folder.",
)
@click.option(
    "--as-market",
    metavar="NAME",
    help="Write a market instead of an overlay: its rules and its good example, in the folder --output.",
)
@click.option(
    "--report", type=click.Path(), metavar="FILE", help="Write the report to a file.  [default: standard output]"
)
@format_option(["text", "json"], "form")
@as_of_option()
@click.option("--show-all", is_flag=True, help="In text, list every validation, not only unknown ones.")
@click.pass_context
def learn(  # noqa: PLR0913 - one argument per option
    context: click.Context,
    /,
    *,
    document: str,
    market: str | None,
    territory: str | None,
    path: str | None,
    output: str | None,
    as_market: str | None,
    report: str | None,
    form: str,
    as_of: datetime | None,
    show_all: bool,
) -> None:
    """Learn an overlay from a tenant's OpenAPI document.

    OPENAPI is the tenant's OpenAPI document of the account import, in YAML or JSON. The overlay contains the fields and
    choices of the tenant; pass it to other commands with --overlay. The report lists the validations that the document
    names. The overlay is tested with the examples in the document.

    With --as-market, the result is the folder of a new market in a checkout of the repository. No file is overwritten.

    Exit code: 0 the overlay is written, 2 wrong usage, 3 invalid rules, 4 not an OpenAPI document of an account import.
    """
    from premigrate.documents.toml_writer import render_overlay
    from premigrate.tenant.learn import learn_tenant

    if output == _STREAM and not report:
        raise click.UsageError("--output - writes the overlay to standard output, so --report FILE is required.")
    if as_market:
        market, territory = _market_to_extend(as_market, market, output), territory or as_market.upper()
    written = (NamedPath(what, file) for what, file in (("--output", output), ("--report", report)) if file)
    refuse_overwriting(RunFiles((document,), outputs=tuple(each for each in written if each.path != _STREAM)))
    day = as_of.date() if as_of else date.today()
    try:
        learned = learn_tenant(read_document_file(document), as_of=day, market=market, territory=territory, path=path)
    except BadDocument as error:
        echo(f"premigrate: {escape(document)}: {escape(str(error))}", err=True)
        context.exit(ExitCode.UNREADABLE)
    if as_market:
        files = _files_of_market(learned, as_market, Path(output or "."))
    else:
        overlay = render_overlay(learned.overlay, f"{learned.title}, learned from {Path(document).name}")
        files = {output: overlay} if output else {}
    files[report or _STREAM] = _report(learned, form, in_full=show_all)
    with InterruptGuard() as interrupts:
        for file, text in files.items():
            _write(file, text)
    if interrupts.was_interrupted:
        context.exit(ExitCode.INTERRUPTED)


def _market_to_extend(as_market: str, market: str | None, output: str | None) -> str:
    """Return the platform, which a new market is based on, and refuse options that do not go with a new market."""
    from premigrate.ruleset.model.rule_file import PLATFORM
    from premigrate.tenant.market.skeleton import check_market_name

    check_market_name(as_market)
    if market not in {None, PLATFORM}:
        raise click.UsageError("--as-market creates a market that extends no other; omit --market.")
    if output == _STREAM:
        raise click.UsageError("--as-market writes several files; choose their folder with --output.")
    return PLATFORM


def _files_of_market(learned: LearnedTenant, market: str, folder: Path) -> dict[str, str]:
    """Return the files of a new market as texts by path.

    Raises:
        BadArgument: one of them exists.

    """
    from premigrate.describe.market import ruleset_of
    from premigrate.tenant.market.paths import MarketFolder
    from premigrate.tenant.market.split import market_files

    place = MarketFolder(folder / "rules" / market)
    rules = market_files(learned, ruleset_of(learned.market, learned.overlay))
    files = {place.rules / name: text for name, text in rules.items()}
    if learned.good_example is not None:
        files[place.example("good")] = strict_json(learned.good_example, 2) + "\n"
    for path in (place.rules, *files):
        if path.exists():
            raise BadArgument(f"{path} exists already; choose another name or folder")
    return {str(path): text for path, text in files.items()}


def _report(learned: LearnedTenant, form: str, *, in_full: bool) -> str:
    from premigrate.tenant.report import learn_report_data, render_learn_report

    if form == "json":
        return strict_json(learn_report_data(learned), 2) + "\n"
    return "".join(f"{line}\n" for line in render_learn_report(learned, in_full=in_full))


def _write(path: str, text: str) -> None:
    if path == _STREAM:
        echo(text, end="")
        return
    write_file(path, [text])


tenant.add_command(diff)
