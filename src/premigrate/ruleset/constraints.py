"""Loads the constraints in the texts of fields, which only the catalogue needs."""

from premigrate.exceptions import BadRules
from premigrate.ruleset.model.constraints import Constraint
from premigrate.ruleset.parse import parse_file
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.rule_files import read_constraint_files


def load_constraints() -> tuple[Constraint, ...]:
    """Return all constraints, in the order of their files.

    Raises:
        BadRules: a file has problems; the exception lists all of them.

    """
    report = ProblemReport()
    pieces = [piece for name, text in read_constraint_files() for piece in parse_file(name, text, report)]
    if report.problems:
        raise BadRules(report.problems)
    return tuple(each for piece in pieces for each in piece.constraint)
