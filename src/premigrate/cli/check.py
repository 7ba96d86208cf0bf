"""The check command: payload files in, predicted answers out."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from premigrate.api import markets
from premigrate.batch.display_paths import shown_from
from premigrate.cli.pre_commit import ONE_PART_ONLY, may_be_one_part
from premigrate.command.check_chunks import Wish, validator_for
from premigrate.command.config import load_config
from premigrate.command.exit_codes import Exit
from premigrate.command.filters import selection_of
from premigrate.command.options import Decorator, Jobs, market_option, overlay_option, references_option, told_market
from premigrate.command.protect_inputs import Named, RunFiles, refuse_overwriting, settings_of
from premigrate.command.run import Runner
from premigrate.command.sinks import format_and_path, make_targets
from premigrate.command.streams import echo, paint
from premigrate.describe.market import explanations, rulebook_of
from premigrate.report.outputs import FORMATS
from premigrate.report.run import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from premigrate.command.baseline import Baseline
    from premigrate.command.config import Config
    from premigrate.command.sinks import Target
    from premigrate.command.split import Split

_MOST_TOLD = 10


def _configure(context: click.Context, _: click.Parameter, path: str | None) -> Config:
    """Let the configuration say what the options are where the command line doesn't."""
    config = load_config(path)
    context.default_map = {key.replace("-", "_"): value for key, value in config.values.items()}
    return config


_PAYLOAD_OPTIONS: list[Decorator] = [
    click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(allow_dash=True)),
    click.option(
        "--config",
        type=click.Path(),
        callback=_configure,
        is_eager=True,
        metavar="FILE",
        help="Settings.  [default: the nearest premigrate.toml or pyproject.toml upwards]",
    ),
    market_option("The market of all payloads; else import_supplier tells it."),
    click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts as today.  [default: today]"),
    overlay_option,
    references_option,
    click.option(
        "--select", multiple=True, metavar="WHAT", help="Only these: rule ids, codes or attrs; * stands for anything."
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="WHAT",
        help="None of these, written as for --select. An account is counted as refused even so.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "advice"]),
        default="error",
        show_default=True,
        help="What makes the exit code 1.",
    ),
    click.option(
        "--jobs",
        type=Jobs(),
        default=1,
        show_default=True,
        help="Processes that check at the same time; auto takes as many as there are processors.",
    ),
    click.option("--column", metavar="NAME", help="The column of Parquet files that holds the payloads."),
    click.option(
        "--stdin-filename",
        default="standard input",
        metavar="NAME",
        help="What to call standard input; its ending tells YAML.",
    ),
]


def payload_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of every command that checks payloads."""
    for option in reversed(_PAYLOAD_OPTIONS):
        command = option(command)
    return command


@click.command()
@payload_options
@click.option(
    "--format", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to write here."
)
@click.option(
    "--output",
    multiple=True,
    type=click.Path(),
    metavar="[FORMAT:]FILE",
    help="Write to a file as well, as its ending or FORMAT says.",
)
@click.option("--max-errors", type=click.IntRange(min=0), help="Findings shown as text at most; the rest is counted.")
@click.option("--show-all", is_flag=True, help="Show every finding as text, not three of a kind.")
@click.option("--show-values", is_flag=True, help="Show personal values too.")
@click.option(
    "--split", type=click.Path(), metavar="DIR", help="Write the accounts that pass, and those that fail, there."
)
@click.option(
    "--baseline",
    type=click.Path(),
    metavar="FILE",
    help="Findings that are known, not shown, and don't make the exit code 1.",
)
@click.pass_context
def check(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """Check account payloads: files, folders (all payload files below), or - for standard input.

    A file holds one account, an array of accounts, one on each line (.ndjson, .jsonl), or a table of them (.parquet);
    it may be packed (.gz, .zst). Exit code: 0 no errors but those that are set aside (not selected, ignored, or in the
    baseline), 1 errors predicted, 2 wrong use, 3 broken rules, 4 input that can't be read, 130 interrupted.
    """
    folder, known = options["split"], options["baseline"]
    outputs = [Named("--output", format_and_path(file)[1]) for file in options["output"]]
    outputs += _files_of_split(folder) if folder else []
    split_folder = Named("--split", folder) if folder else None
    refuse_overwriting(files_of_run(options, tuple(outputs), split_folder, baseline=known))
    baseline = _baseline_of(options) if known else None
    wish = wish_of(options, baseline)
    targets = make_targets(
        options["format"],
        options["output"],
        paint=paint,
        show_all=options["show_all"],
        most=options["max_errors"],
        explain=lambda: explanations(*_whose(options)),
    )
    split = _split_into(folder, targets) if folder else None
    runner = Runner(wish, [*targets, split.errors] if split else targets, split)
    runner.run_over(options["paths"], options["stdin_filename"], tell_day=options["format"] != "text")
    if (options["output"] or options["split"]) and may_be_one_part(sys.argv):
        runner.complain(Exit.USAGE, ONE_PART_ONLY)
    if baseline and runner.worst != Exit.INTERRUPTED:
        _tell_of_baseline(runner, baseline, wish.as_of)
    context.exit(runner.worst)


def _baseline_of(options: dict[str, Any]) -> Baseline:
    from premigrate.command.baseline import read_baseline

    return read_baseline(options["baseline"], shown_from(options["config"].folder))


def _files_of_split(folder: str) -> list[Named]:
    from premigrate.command.split import files_of

    return [Named("--split", file) for file in files_of(folder)]


def _split_into(folder: str, targets: list[Target]) -> Split:
    from premigrate.command.split import Split

    try:
        return Split(folder)
    except BaseException:
        for target in targets:
            target.discard()
        raise


def files_of_run(
    options: dict[str, Any], outputs: tuple[Named, ...], folder: Named | None = None, **settings: str | None
) -> RunFiles:
    """Say what a run reads and writes; ``settings`` are files that it reads besides those of every run."""
    config: Config = options["config"]
    read = settings_of(config.origin, {"overlay": options["overlay"], "references": options["references"], **settings})
    return RunFiles(options["paths"], read, outputs, folder, shown=shown_from(config.folder))


def wish_of(options: dict[str, Any], baseline: Baseline | None = None) -> Wish:
    """Turn options into what a run is asked to do.

    Raises:
        BadArgument: an option asks for what there isn't.

    """
    if not options["paths"]:
        raise click.UsageError(
            "Missing argument 'PATH...': files or folders of payloads, or paths in the configuration."
        )
    said = options["as_of"]
    as_of = said.date() if isinstance(said, datetime) else date.today()
    config: Config = options["config"]
    shown = shown_from(config.folder)
    selection = selection_of(options["select"], options["ignore"], config.values.get("per-path", ()), shown)
    overlay, references = options["overlay"], options["references"]
    market = told_market(options["market"], overlay)
    if selection.choices:
        from premigrate.command.filter_names import Selectable

        chosen, extended = _whose(options)
        selectable = Selectable(rulebook_of(each, extended) for each in chosen)
        for warning in dict.fromkeys(chain.from_iterable(map(selectable.check, selection.choices))):
            echo(f"premigrate: {plain(warning)}", err=True)
    return Wish(
        market=market,
        as_of=as_of,
        is_today=said is None,
        validator_of=partial(validator_for, as_of, overlay, references),
        selection=selection,
        baseline=baseline,
        show_values=options.get("show_values", False),
        fail_on_advice=options["fail_on"] == "advice",
        jobs=options["jobs"] or os.cpu_count() or 1,
        column=options["column"],
        shown=shown,
    )


def _whose(options: dict[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """Tell the markets whose rules may speak, and the overlay, which is for one market only."""
    market = told_market(options["market"], options["overlay"])
    return ((market,), options["overlay"]) if market else (markets(), None)


def _tell_of_baseline(runner: Runner, baseline: Baseline, today: date) -> None:
    """Name the entries that no longer say what is: each on a line, for people to mend the file."""
    told = [(entry, "stale: premigrate baseline write takes it out") for entry in baseline.stale()]
    told += [(entry, f"expired on {entry.expires}: shown again") for entry in baseline.expired(today)]
    for entry, what in told[:_MOST_TOLD]:
        account, code, attr = entry.key
        at = f" at {attr}" if attr else ""
        runner.complain(Exit.CLEAN, f"{plain(baseline.file)}: {plain(f'{account}: {code}{at}')}: {what}")
    if len(told) > _MOST_TOLD:
        runner.complain(Exit.CLEAN, f"{plain(baseline.file)}: {len(told) - _MOST_TOLD} more that are stale or expired")
