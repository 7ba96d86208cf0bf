"""The baseline command: writes down what a run finds, so that later runs tell only what is new."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from premigrate.cli.baseline import Baseline, Entry, Key, account_key, read_baseline, write_baseline
from premigrate.cli.check import payload_options, wish_of
from premigrate.cli.exits import Exit
from premigrate.cli.run import Runner
from premigrate.cli.streams import echo
from premigrate.cli.writing import write_file
from premigrate.rendering.report import Account, Run, Tally, Unreadable, number, plain

_FILE = "premigrate-baseline.toml"


@click.group()
def baseline() -> None:
    """Keep findings that are known out of the way."""


@baseline.command()
@payload_options
@click.option("--baseline", "file", default=_FILE, show_default=True, metavar="FILE", help="The file to write.")
@click.option("--reason", default="", help="Why new entries are let pass.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which new entries hold.")
@click.pass_context
def write(context: click.Context, /, file: str, reason: str, expires: datetime | None, **options: Any) -> None:  # noqa: ANN401
    """Write the baseline anew from what is found now.

    What was known keeps its reason and its day; what is mended goes. Accounts that are not among the inputs keep
    their entries.
    """
    old = read_baseline(file) if Path(file).exists() else Baseline(file)
    wish = wish_of(options)
    collected = _Collected(with_advice=wish.fail_on_advice)
    runner = Runner(wish, [collected])
    runner.run(options["paths"], options["stdin_filename"])
    if runner.worst > Exit.ERRORS:
        runner.complain(runner.worst, f"{plain(file)}: left as it was")
        context.exit(runner.worst)
    day = expires.date() if expires else None
    new = {key: old.entries.get(key, Entry(key, reason, day)) for key in collected.keys}
    kept = {key: entry for key, entry in old.entries.items() if key[0] not in collected.accounts}
    write_file(file, write_baseline([*new.values(), *kept.values()]))
    added, gone = len(new.keys() - old.entries.keys()), len(old.entries.keys() - new.keys() - kept.keys())
    echo(f"{plain(file)}: {number(added, 'finding')} added, {gone} gone, {len(new) + len(kept)} in all")


class _Collected:
    """What a run found, as keys of a baseline."""

    is_open = True
    failure = ""
    every = True
    most_of_a_kind: int | None = None

    def __init__(self, *, with_advice: bool) -> None:
        self._with_advice = with_advice
        self.keys: dict[Key, None] = {}
        self.accounts: set[str] = set()

    def begin(self, run: Run) -> None:
        """Do nothing yet."""

    def account(self, account: Account) -> None:
        """Collect the findings of an account."""
        name = account_key(account.file, account.index, account.count, account.reference)
        self.accounts.add(name)
        for finding in account.findings:
            if finding.level != "advice" or self._with_advice:
                self.keys[name, finding.code, finding.attr] = None

    def unreadable(self, problem: Unreadable) -> None:
        """Do nothing: the run itself says it."""

    def end(self, tally: Tally) -> None:
        """Do nothing more."""

    def discard(self) -> None:
        """Do nothing: nothing was written."""
