"""The baseline command: writes the findings of a run to a file, so that later runs show only new ones."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from premigrate.batch.display_paths import shown_from
from premigrate.command.atomic_file import write_file
from premigrate.command.baseline import AccountKey, Baseline, Entry, Key, OldKey, read_baseline, write_baseline
from premigrate.command.exit_codes import Exit
from premigrate.command.help_format import HelpCommand
from premigrate.command.protect_inputs import Named, refuse_overwriting
from premigrate.command.run import Runner
from premigrate.command.run_options import files_of_run, payload_options, run_options_of
from premigrate.command.streams import echo
from premigrate.report.run import Account, Run, Tally, Unreadable, number, plain

_FILE = "premigrate-baseline.toml"
_SHOWN = 10  # accounts that a message names at most


@click.group()
def baseline() -> None:
    """Manage the baseline of known findings."""


@baseline.command(cls=HelpCommand, examples=["premigrate baseline write payloads/ --reason 'known since the pilot'"])
@payload_options
@click.option("--baseline", "file", default=_FILE, metavar="FILE", help=f"The file to write.  [default: {_FILE}]")
@click.option("--reason", default="", metavar="TEXT", help="The reason that new entries get.")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day on which new entries are valid."
)
@click.pass_context
def write(context: click.Context, /, file: str, reason: str, expires: datetime | None, **options: Any) -> None:  # noqa: ANN401
    """Write the current findings to the baseline.

    Existing entries keep their reason and their last day. Entries whose findings no longer occur are removed. Accounts
    that are not among the inputs keep their entries.

    Exit code: 0 written, 2 wrong usage or configuration, 3 broken rules, 4 input that can't be read, 130 interrupted.
    """
    shown = shown_from(options["config"].folder)
    refuse_overwriting(files_of_run(options, (Named("--baseline", file),)))
    old = read_baseline(file, shown, takes_old=True) if Path(file).exists() else Baseline(file, shown)
    run_options = run_options_of(options)
    collected = _Collected(old, with_advice=run_options.fail_on_advice)
    runner = Runner(run_options, [collected])
    runner.run(options["paths"], options["stdin_filename"])
    if left := {account for account, _, _ in old.old} - collected.old_names:
        named = f"{number(len(left), 'account')} {'is' if len(left) == 1 else 'are'} in entries without a supplier"
        runner.complain(Exit.USAGE, f"{file}: {named}, but not in the inputs: {', '.join(sorted(left)[:_SHOWN])}")
    if runner.worst > Exit.ERRORS:
        runner.complain(runner.worst, f"{plain(file)}: left as it was")
        context.exit(runner.worst)
    day = expires.date() if expires else None
    new = {}
    for key, old_key in collected.keys.items():
        known = old.entries.get(key) or old.old.get(old_key)
        new[key] = Entry(key, known.reason, known.expires) if known else Entry(key, reason, day)
    kept = {key: entry for key, entry in old.entries.items() if key.account not in collected.accounts}
    write_file(file, write_baseline([*new.values(), *kept.values()]))
    added = sum(key not in old.entries and old_key not in old.old for key, old_key in collected.keys.items())
    gone = len(old.entries) + len(old.old) - (len(new) - added) - len(kept)
    echo(f"{plain(file)}: {number(added, 'finding')} added, {gone} gone, {len(new) + len(kept)} in all")


class _Collected:
    """What a run found, as keys of a baseline."""

    is_open = True
    failure = ""
    every = True
    most_of_a_kind: int | None = 0
    tells_advice = True
    render = None

    def __init__(self, baseline: Baseline, *, with_advice: bool) -> None:
        self._baseline, self._with_advice = baseline, with_advice
        self.keys: dict[Key, OldKey] = {}
        self.accounts: set[AccountKey] = set()
        self.old_names: set[str] = set()

    def begin(self, run: Run) -> None:
        """Do nothing yet."""

    def account(self, account: Account) -> None:
        """Collect the findings of an account."""
        key = self._baseline.account_key(account.file, account.index, account.supplier, account.reference)
        old_name = _old_name(account)
        self.accounts.add(key)
        if self._baseline.old:
            self.old_names.add(old_name)
        for finding in account.findings:
            if finding.level != "advice" or self._with_advice:
                self.keys[Key(key, finding.code, finding.attr)] = old_name, finding.code, finding.attr

    def rendered(self, text: str) -> None:
        """Do nothing: ``render`` is None."""

    def unreadable(self, problem: Unreadable) -> None:
        """Do nothing: the run itself says it."""

    def end(self, tally: Tally) -> None:
        """Do nothing more."""

    def discard(self) -> None:
        """Do nothing: nothing was written."""


def _old_name(account: Account) -> str:
    """Name an account as entries did before they had suppliers."""
    file = Path(account.file).as_posix()
    return plain(account.reference or (f"{file}[{account.index}]" if account.count != 1 else file))
