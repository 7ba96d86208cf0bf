"""Plan and payload to errors: pure, so the same input gives the same findings anywhere."""

from premigrate.running.around import WRAPPER, advise_on_text, is_wrapped
from premigrate.running.declared import is_personal, nearest_choice
from premigrate.running.events import FIELD_RULE
from premigrate.running.run import Findings, run_plan

__all__ = [
    "FIELD_RULE",
    "WRAPPER",
    "Findings",
    "advise_on_text",
    "is_personal",
    "is_wrapped",
    "nearest_choice",
    "run_plan",
]
