"""Plan and payload to errors: pure, so the same input gives the same findings anywhere."""

from premigrate.running.around import WRAPPER, advise_on_text, is_wrapped
from premigrate.running.declared import Declared
from premigrate.running.events import FIELD_RULE
from premigrate.running.imports import ImportKey, account_known_as, import_key
from premigrate.running.run import Engine, Findings, run_plan

__all__ = [
    "FIELD_RULE",
    "WRAPPER",
    "Declared",
    "Engine",
    "Findings",
    "ImportKey",
    "account_known_as",
    "advise_on_text",
    "import_key",
    "is_wrapped",
    "run_plan",
]
