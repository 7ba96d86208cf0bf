"""Checks that all required API responses and import lifecycles are defined, and the codes and statuses they name."""

from collections.abc import Iterable

from premigrate.ruleset.merge import Draft
from premigrate.ruleset.model.answers import REQUIRED_ANSWERS, REQUIRED_COURSES

_FILE = "answers.toml"


def check_answers(draft: Draft) -> None:
    """Report missing responses and lifecycles, and undefined codes and statuses in the others."""
    failed = draft.report.failed
    missing = [f"[answer.{name}]" for name in REQUIRED_ANSWERS if name not in draft.answers.keys() | failed]
    missing += [f"[course.{name}]" for name in REQUIRED_COURSES if name not in draft.courses.keys() | failed]
    for place in missing:
        draft.report.add(_FILE, place, "is missing; every market needs it")
    for name, spec in draft.answers.items():
        file, place = draft.sources[f"answer {name}"], f"[answer.{name}]"
        _check_code(draft, file, f"{place} code", spec.code)
        _check_statuses(draft, file, f"{place} events", spec.events)
    for name, course in draft.courses.items():
        _check_statuses(draft, draft.sources[f"course {name}"], f"[course.{name}]", course.statuses)


def _check_code(draft: Draft, file: str, place: str, code: str | None) -> None:
    if code and code not in draft.codes:
        draft.report.unknown(file, place, "code", code, draft.codes)
    elif code and not draft.codes[code].detail:
        draft.report.add(file, place, f"{code} belongs to the framework's own checks of fields")


def _check_statuses(draft: Draft, file: str, place: str, statuses: Iterable[str]) -> None:
    for status in statuses:
        if status not in draft.statuses and status not in draft.report.failed:
            draft.report.unknown(file, place, "import status", status, draft.statuses)
