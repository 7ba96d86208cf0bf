"""The baseline command: writes the findings of a run to a file, so that later runs show only new ones."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from premigrate.batch.display_paths import display_paths_from
from premigrate.command.atomic_file import write_file
from premigrate.command.baseline import (
    AccountKey,
    Baseline,
    BaselineEntry,
    FindingKey,
    LegacyKey,
    load_baseline,
    render_baseline,
)
from premigrate.command.exit_codes import ExitCode
from premigrate.command.help_format import HelpCommand
from premigrate.command.options import DayType
from premigrate.command.protect_inputs import NamedPath, refuse_overwriting
from premigrate.command.run import Runner
from premigrate.command.run_options import files_of_run, payload_options, run_options_of
from premigrate.command.streams import echo
from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput, escape, pluralize

_FILE = "premigrate-baseline.toml"
_SHOWN = 10  # accounts that a message names at most


@click.group()
def baseline() -> None:
    """Manage the baseline of known findings."""


@baseline.command(cls=HelpCommand, examples=["premigrate baseline write payloads/ --reason 'known since the pilot'"])
@payload_options
@click.option("--baseline", default=_FILE, metavar="FILE", help=f"The file to write.  [default: {_FILE}]")
@click.option("--reason", default="", metavar="TEXT", help="The reason to record in new entries.")
@click.option("--expires", type=DayType(), metavar="DATE", help="The last day on which new entries are valid.")
@click.pass_context
def write(context: click.Context, /, reason: str, expires: datetime | None, **options: Any) -> None:  # noqa: ANN401
    """Write the current findings to the baseline.

    Existing entries keep their reason and their last day. Entries whose findings no longer occur are removed. Entries
    of accounts that are not among the inputs are kept.

    Exit code: 0 written, 2 wrong usage or configuration, 3 invalid rules, 4 unreadable input, 130 interrupted.
    """
    file: str = options["baseline"]
    shown = display_paths_from(options["config"].folder)
    refuse_overwriting(files_of_run(options, (NamedPath("--baseline", file),)))
    old = load_baseline(file, shown, allow_legacy=True) if Path(file).exists() else Baseline(file, shown)
    run_options = run_options_of(options)
    collected = BaselineSink(old, with_advice=run_options.fail_on_advice)
    runner = Runner(run_options, [collected])
    runner.run(options["paths"], options["stdin_filename"])
    if left := {account for account, _, _ in old.legacy_entries} - collected.old_names:
        named = f"{pluralize(len(left), 'account')} in entries without a supplier {'is' if len(left) == 1 else 'are'}"
        runner.report_problem(
            ExitCode.USAGE, f"{old.shown_file}: {named} not among the inputs: {', '.join(sorted(left)[:_SHOWN])}"
        )
    if runner.exit_code > ExitCode.ERRORS:
        runner.report_problem(runner.exit_code, f"{old.shown_file}: not changed")
        context.exit(runner.exit_code)
    day = expires.date() if expires else None
    new = {}
    for key, old_key in collected.keys.items():
        known = old.entries.get(key) or old.legacy_entries.get(old_key)
        new[key] = BaselineEntry(key, known.reason, known.expires) if known else BaselineEntry(key, reason, day)
    kept = {key: entry for key, entry in old.entries.items() if key.account not in collected.accounts}
    write_file(file, render_baseline([*new.values(), *kept.values()]))
    added = sum(key not in old.entries and old_key not in old.legacy_entries for key, old_key in collected.keys.items())
    gone = len(old.entries) + len(old.legacy_entries) - (len(new) - added) - len(kept)
    echo(f"{old.shown_file}: {pluralize(added, 'finding')} added, {gone} removed, {len(new) + len(kept)} in total")


class BaselineSink:
    """Collects the findings of a run as keys of a baseline."""

    is_open = True
    failure = ""
    needs_clean_accounts = True
    max_located: int | None = 0
    tells_advice = True
    render = None

    def __init__(self, baseline: Baseline, *, with_advice: bool) -> None:
        self._baseline, self._with_advice = baseline, with_advice
        self.notices: list[str] = []
        self.written: list[str] = []
        self.keys: dict[FindingKey, LegacyKey] = {}
        self.accounts: set[AccountKey] = set()
        self.old_names: set[str] = set()

    def begin(self, run: RunInfo) -> None:
        """Do nothing yet."""

    def write_account(self, account: AccountReport) -> None:
        """Collect the findings of an account."""
        key = self._baseline.account_key(account.file, account.index, account.supplier, account.account_number)
        old_name = _old_name(account)
        self.accounts.add(key)
        if self._baseline.legacy_entries:
            self.old_names.add(old_name)
        for finding in account.findings:
            if finding.level != "advice" or self._with_advice:
                self.keys[FindingKey(key, finding.code, finding.attr)] = old_name, finding.code, finding.attr

    def write_rendered(self, text: str) -> None:
        """Do nothing: ``render`` is None."""

    def write_unreadable(self, problem: UnreadableInput) -> None:
        """Do nothing: the run itself reports the input."""

    def end(self, tally: Tally) -> None:
        """Do nothing more."""

    def discard(self) -> None:
        """Do nothing: nothing was written."""


def _old_name(account: AccountReport) -> str:
    """Return the name of an account in entries of the old format, which has no suppliers."""
    file = Path(account.file).as_posix()
    return escape(account.account_number or (f"{file}[{account.index}]" if account.accounts_in_file != 1 else file))
