"""The check command: payload files in, predicted answers out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import click

from premigrate.api import Validator, market_of, markets
from premigrate.cli.exits import Exit
from premigrate.cli.inputs import Input, read_inputs
from premigrate.errors import BadPayloadText, Result
from premigrate.rendering.json_lines import render_json_line
from premigrate.rendering.text import Block, Tally, plain, render_block, render_summary
from premigrate.source import Document, read_json


@click.command(no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--market", help="The market of all payloads; else import_supplier tells it.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts as today.  [default: today]")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--overlay", type=click.Path(), help="A rule file that says what differs for your tenant.")
@click.option(
    "--references", type=click.Path(), help="Reference lists: a .txt, .csv or .toml file, or a folder of them."
)
@click.pass_context
def check(  # noqa: PLR0913, PLR0917 - one argument an option
    context: click.Context,
    paths: tuple[str, ...],
    market: str | None,
    as_of: datetime | None,
    output: str,
    overlay: str | None,
    references: str | None,
) -> None:
    """Check account payloads: files, folders (all *.json below), or - for standard input.

    A file holds one account or an array of accounts. Exit code: 0 nothing wrong, 1 errors predicted, 2 wrong use,
    3 broken rules, 4 input that can't be read.
    """
    today = as_of.date() if as_of else date.today()
    run = _Run(market, today, overlay, references, output)
    for source in read_inputs(paths):
        run.check(source)
    if not run.tally.payloads and not run.worst:
        run.complain(Exit.USAGE, f"nothing to check: no *.json file in {', '.join(map(plain, paths))}")
    if output == "text":
        for line in render_summary(run.tally, today, is_default=as_of is None):
            click.echo(line)
    elif as_of is None:
        click.echo(f"as of {today} (today; --as-of sets it)", err=True)
    context.exit(run.worst)


@dataclass
class _Run:
    """One call of the command: what it was asked, and what came of it so far."""

    market: str | None
    today: date
    overlay: str | None
    references: str | None
    output: str
    tally: Tally = field(default_factory=Tally)
    worst: Exit = Exit.CLEAN
    _validators: dict[str, Validator] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.market:
            self._validator(self.market)  # a market or overlay that is wrong is told before anything is read

    def check(self, source: Input) -> None:
        """Check one input, write what is to say of it, and count."""
        try:
            document = _read(source)
        except BadPayloadText as error:
            place = f"{plain(source.name)}:{error.line}:{error.column}" if error.line else plain(source.name)
            self.complain(Exit.UNREADABLE, f"{place}: {error}")
            return
        if document.had_bom:
            self.complain(Exit.CLEAN, f"{plain(source.name)}: begins with a byte order mark, which the API refuses")
        accounts = document.accounts()
        block = Block(source.name, len(accounts))
        for index, account in enumerate(accounts):
            result = self._check_one(f"{source.name}[{index}]" if len(accounts) > 1 else source.name, account)
            if result is None:
                continue
            self.tally.count(result)
            self._worsen(Exit.CLEAN if result.ok else Exit.ERRORS)
            if self.output == "json":
                click.echo(render_json_line(source.name, index, result))
            else:
                block.results.append((index, result))
        if block.results:
            _echo_lines(render_block(block))

    def complain(self, code: Exit, message: str) -> None:
        """Say on standard error what went wrong, and remember it for the exit code."""
        click.echo(f"premigrate: {message}", err=True)
        self._worsen(code)

    def _worsen(self, code: Exit) -> None:
        self.worst = max(self.worst, code)

    def _check_one(self, name: str, account: Document) -> Result | None:
        told = market_of(account.data)
        market = self.market or told
        if self.market and told not in {None, self.market}:
            self.complain(Exit.CLEAN, f"{plain(name)}: import_supplier tells of the market {told}, not {self.market}")
        if market is None:
            hint = f"can't tell the market from import_supplier; say --market ({' or '.join(markets())})"
            self.complain(Exit.USAGE, f"{plain(name)}: {hint}")
            return None
        return self._validator(market).validate_document(account)

    def _validator(self, market: str) -> Validator:
        if market not in self._validators:
            validator = Validator(market=market, as_of=self.today, overlay=self.overlay, references=self.references)
            self._validators[market] = validator
            self.tally.not_checked |= validator.not_checked
        return self._validators[market]


def _read(source: Input) -> Document:
    if source.failure:
        raise BadPayloadText(source.failure)
    document = read_json(source.content)
    if document.data == []:
        raise BadPayloadText("an empty array holds no account")
    return document


def _echo_lines(lines: Iterator[tuple[str, str]]) -> None:
    """Write lines in their colour; click leaves colour out where the output is no terminal."""
    for line, colour in lines:
        click.echo(click.style(line, fg=colour) if colour else line)
