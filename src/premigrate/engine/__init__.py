"""Program and payload to findings: pure, so the same input gives the same findings anywhere."""

import premigrate.formats  # noqa: F401 - first: it refuses to load what would break
from premigrate.engine.engine import Engine, run_program
from premigrate.engine.envelope import WRAPPER, advise_on_text, is_wrapped
from premigrate.engine.findings import FIELD_RULE
from premigrate.engine.imports import ImportKey, account_known_as, import_key
from premigrate.engine.program import Program
from premigrate.engine.settle import Findings

__all__ = [
    "FIELD_RULE",
    "WRAPPER",
    "Engine",
    "Findings",
    "ImportKey",
    "Program",
    "account_known_as",
    "advise_on_text",
    "import_key",
    "is_wrapped",
    "run_program",
]
