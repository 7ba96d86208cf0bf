"""Compiles what the endpoints answer besides the list of errors: each answer gets the words of its code."""

from premigrate.plan import Answer, Answers, StatusKind
from premigrate.rulebook import Rulebook


def compile_answers(book: Rulebook) -> Answers:
    """Compile the answers of a market."""
    by_name = {
        name: Answer(spec.status, spec.body, spec.code or "", (spec.code and book.codes[spec.code].detail) or "")
        for name, spec in book.answers.items()
    }
    statuses = {name: StatusKind(spec.identified, spec.errored, spec.again) for name, spec in book.statuses.items()}
    courses = {name: spec.statuses for name, spec in book.courses.items()}
    return Answers(by_name, statuses, courses, book.answers["import_status"].events)
