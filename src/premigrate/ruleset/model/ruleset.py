"""The rulebook of one market: all its files added up, changes applied, references checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from premigrate.ruleset.model.answers import Answer, Course, ImportStatus
from premigrate.ruleset.model.codes import AdviceText, Code
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import ObjectSpec
from premigrate.ruleset.model.file import Elsewhere, ReferenceList, Scheme
from premigrate.ruleset.model.rules import Rule


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything known of a market.

    ``off`` tells by id why rules don't hold here, and why advice is not given; ``idle`` are those rules. ``lists`` are
    the reference lists that rules ask for; those without values are not there. ``cohort`` are the rules across
    accounts, and ``idle_cohort`` those of them that are off. ``answers`` are those besides the list of errors,
    ``statuses`` and ``courses`` what becomes of an import.
    """

    market: str
    title: str
    territory: str
    root: str
    suppliers: tuple[str, ...]
    refusal: str
    objects: Mapping[str, ObjectSpec]
    rules: tuple[Rule, ...]
    off: Mapping[str, str]
    idle: tuple[Rule, ...]
    schemes: Mapping[str, Scheme]
    lists: Mapping[str, ReferenceList]
    elsewhere: tuple[Elsewhere, ...]
    codes: Mapping[str, Code]
    advice: Mapping[str, AdviceText]
    answers: Mapping[str, Answer]
    statuses: Mapping[str, ImportStatus]
    courses: Mapping[str, Course]
    cohort: tuple[CohortRule, ...] = ()
    idle_cohort: tuple[CohortRule, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    """The file that each rule, cohort rule and scheme comes from, as ``rule ID``, ``cohort ID`` and ``scheme NAME``."""
    overlay: str = ""
    """The name of the user's overlay, if there is one."""

    def is_own(self, kind: str, name: str) -> bool:
        """Whether a rule, cohort rule or scheme is from the overlay."""
        return bool(self.overlay) and self.sources.get(f"{kind} {name}") == self.overlay
