"""Checks that all required API responses and import lifecycles are defined, and the codes and statuses they name."""

from collections.abc import Iterable

from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.responses import REQUIRED_LIFECYCLES, REQUIRED_RESPONSES

_FILE = "answers.toml"


def check_responses(draft: RulesetDraft) -> None:
    """Report missing responses and lifecycles, and undefined codes and statuses in the others."""
    failed = draft.report.failed_tables
    missing = [f"[answer.{name}]" for name in REQUIRED_RESPONSES if name not in draft.responses.keys() | failed]
    missing += [f"[lifecycle.{name}]" for name in REQUIRED_LIFECYCLES if name not in draft.lifecycles.keys() | failed]
    for place in missing:
        draft.report.add(_FILE, place, "is missing; every market needs it")
    for name, spec in draft.responses.items():
        file, place = draft.sources[f"answer {name}"], f"[answer.{name}]"
        _check_code(draft, file, f"{place} code", spec.code)
        _check_statuses(draft, file, f"{place} events", spec.events)
    for name, lifecycle in draft.lifecycles.items():
        _check_statuses(draft, draft.sources[f"lifecycle {name}"], f"[lifecycle.{name}]", lifecycle.statuses)


def _check_code(draft: RulesetDraft, file: str, place: str, code: str | None) -> None:
    if code and code not in draft.codes:
        draft.report.add_unknown(file, place, "code", code, draft.codes)
    elif code and not draft.codes[code].detail:
        draft.report.add(file, place, f"{code} belongs to the framework's own checks of fields")


def _check_statuses(draft: RulesetDraft, file: str, place: str, statuses: Iterable[str]) -> None:
    for status in statuses:
        if status not in draft.statuses and status not in draft.report.failed_tables:
            draft.report.add_unknown(file, place, "import status", status, draft.statuses)
