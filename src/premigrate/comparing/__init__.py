"""Predicted errors and recorded answers to what agrees between them, what doesn't, and what would have agreed."""

from premigrate.comparing.answers import read_answer
from premigrate.comparing.days import compare_days, days_of, without_doubtful
from premigrate.comparing.evidence import Case, Evidence
from premigrate.comparing.masking import Mask, hide_pair
from premigrate.comparing.matching import compare
from premigrate.comparing.proposing import Proposal, overlay_of, propose

__all__ = [
    "Case",
    "Evidence",
    "Mask",
    "Proposal",
    "compare",
    "compare_days",
    "days_of",
    "hide_pair",
    "overlay_of",
    "propose",
    "read_answer",
    "without_doubtful",
]
