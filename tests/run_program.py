"""Runs a compiled program once."""

from datetime import date

from premigrate.engine.engine import Engine
from premigrate.engine.program import Program
from premigrate.engine.settle import Findings


def run_program(source: Program, payload: object, today: date) -> Findings:
    """Check one account with a new engine."""
    return Engine(source).run(payload, today)
