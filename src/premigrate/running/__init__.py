"""Plan and payload to errors: pure, so the same input gives the same findings anywhere."""

from premigrate.running.around import advise_on_text
from premigrate.running.declared import is_personal, nearest_choice
from premigrate.running.run import Findings, run_plan

__all__ = ["Findings", "advise_on_text", "is_personal", "nearest_choice", "run_plan"]
