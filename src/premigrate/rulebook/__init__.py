"""The grammar of rule files, as pydantic models, and the rulebook that files add up to."""

from premigrate.rulebook.answers import Answer, Course, ImportStatus
from premigrate.rulebook.book import Rulebook
from premigrate.rulebook.codes import AdviceText, Code
from premigrate.rulebook.cohort import CohortRule
from premigrate.rulebook.fields import Field, FieldChange, ObjectChange, ObjectSpec, VariantChange
from premigrate.rulebook.file import PLATFORM, Elsewhere, Market, ReferenceList, RuleFile, Scheme
from premigrate.rulebook.model import Basis, Model
from premigrate.rulebook.rules import OPERATORS, BlameChange, Rule

__all__ = [
    "OPERATORS",
    "PLATFORM",
    "AdviceText",
    "Answer",
    "Basis",
    "BlameChange",
    "Code",
    "CohortRule",
    "Course",
    "Elsewhere",
    "Field",
    "FieldChange",
    "ImportStatus",
    "Market",
    "Model",
    "ObjectChange",
    "ObjectSpec",
    "ReferenceList",
    "Rule",
    "RuleFile",
    "Rulebook",
    "Scheme",
    "VariantChange",
]
