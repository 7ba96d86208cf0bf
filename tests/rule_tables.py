"""Tables of rule files that tests share."""

from typing import Any, Final

METADATA: Final[dict[str, Any]] = {
    "code": "billing_email_not_valid",
    "why": "x",
    "basis": "observed",
    "source": "x",
    "good": [{}],
    "bad": [{}],
}
"""The keys of a rule besides its id, its object and what it requires."""
