"""Writes an overlay with the changes to rules that recorded responses support."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from premigrate.accounts.identity import external_account_number_of
from premigrate.api import Validator
from premigrate.command.atomic_file import write_file
from premigrate.compare.call_dates import drop_date_dependent
from premigrate.compare.calls import Call, ComparedCall
from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.proposals import build_overlay, propose_changes
from premigrate.describe.market import ruleset_of
from premigrate.documents.toml_writer import render_overlay
from premigrate.exceptions import BadArgument, BadRules
from premigrate.report.run import escape, pluralize
from premigrate.ruleset.load import read_overlay

_HEAD = "Proposed by premigrate compare"
_ADVICE = "Read it before you use it: every change says how many recorded answers speak for it."
_RULE = re.compile(r"(?:\[\[rule\]\]|\[enabled\]) (\S+)")
_WORDS = {"text": "text", "place": "place", "disabled": "disabled rule", "enabled": "enabled rule"}


class OverlayWriter:
    """Collects evidence by market, and writes the changes that it supports to the file ``target``.

    Raises:
        BadArgument: ``target`` exists and was not written by this command.

    """

    def __init__(self, target: str, overlay: str | None, references: str | None) -> None:
        self._target, self._overlay, self._references = target, overlay, references
        self._found: dict[str, tuple[Evidence, Validator | None]] = {}
        self._replaces = _may_be_replaced(Path(target))

    def add(self, market: str, call: Call, found: ComparedCall) -> None:
        """Add one comparison, together with the errors that disabled rules would report."""
        if market not in self._found:
            evidence = Evidence(ruleset_of(market, self._overlay, self._references))
            self._found[market] = evidence, self._trial_validator(market, found.day, evidence)
        evidence, trial = self._found[market]
        tried = trial.on_day(found.day).validate(call.payload).errors if trial else ()
        comparison = drop_date_dependent(found.comparison, found.predictions)
        account_id = external_account_number_of(found.account) or call.origin
        evidence.add(ComparedAccount(comparison, found.account, found.mask, call.origin, account_id, tried))

    def _trial_validator(self, market: str, day: date, evidence: Evidence) -> Validator | None:
        """Build a validator that enables all disabled rules that load in this market; None if there are none."""
        idle = {rule.id for rule in evidence.ruleset.disabled if rule.level == "error" and rule.server_only is None}
        base = self._base() or {"market": {"extends": market}}
        while idle:
            off = {rule: why for rule, why in base.get("disabled", {}).items() if rule not in idle}
            tables = {
                **base,
                "disabled": off,
                "enabled": {**base.get("enabled", {}), **dict.fromkeys(sorted(idle), "To be tried.")},
            }
            try:
                return Validator(market=market, as_of=day, overlay=tables, references=self._references)
            except BadRules as error:
                named = {match[1] for problem in error.problems if (match := _RULE.match(problem.place))}
                if not named & idle:
                    raise
                idle -= named  # what they refer to does not exist in this market
        return None

    def _base(self) -> dict[str, Any]:
        return dict(read_overlay(self._overlay)) if self._overlay else {}

    def write(self) -> Iterator[str]:
        """Write the overlay, and yield messages about its contents.

        Raises:
            BadArgument: the recordings are of several markets, or the file can't be written.

        """
        if len(self._found) > 1:
            named = " and ".join(sorted(self._found))
            raise BadArgument(f"--write-overlay: an overlay is for one market, and the recordings are of {named}")
        proposals, tables = [], {}
        for evidence, _ in self._found.values():
            proposals = propose_changes(evidence)
            tables = build_overlay(evidence, proposals, self._base())
        if not proposals:
            yield f"{escape(self._target)}: not written, for there is nothing to propose"
            return
        write_file(self._target, [render_overlay(tables, f"{_HEAD}. {_ADVICE}")])
        counts = {kind: sum(each.kind == kind for each in proposals) for kind in _WORDS}
        summary = ", ".join(pluralize(count, _WORDS[kind]) for kind, count in counts.items() if count)
        how = "replaced" if self._replaces else "written"
        yield f"{escape(self._target)}: {how}: {pluralize(len(proposals), 'change')} proposed ({summary})"


def _may_be_replaced(path: Path) -> bool:
    """Return whether the file exists and an earlier run wrote it. Raises BadArgument if it is any other file."""
    try:
        with path.open("rb") as file:
            if file.read(len(_HEAD) + 2) == f"# {_HEAD}".encode():
                return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BadArgument(f"{path}: can't be written: {error.strerror}") from None
    raise BadArgument(f"{path}: is there already, and is none that this command wrote; choose another name")
