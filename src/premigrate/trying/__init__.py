"""Tries rules, rules across accounts and schemes with the examples that they carry."""

from premigrate.trying.overlay import Trial, try_overlay
from premigrate.trying.rules import RuleTrial, rules_to_try

__all__ = ["RuleTrial", "Trial", "rules_to_try", "try_overlay"]
