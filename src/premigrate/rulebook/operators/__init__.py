"""The arguments of the operators: the closed vocabulary of what a rule can demand."""

from premigrate.rulebook.operators.base import Operator, short_for
from premigrate.rulebook.operators.dates import Covers, Periods
from premigrate.rulebook.operators.lists import Count, Same, Unique
from premigrate.rulebook.operators.sums import Between, Days, Product, Total
from premigrate.rulebook.operators.values import FormatOf, Holds, Includes, Listed, Matching, Refers, Typed

__all__ = [
    "Between",
    "Count",
    "Covers",
    "Days",
    "FormatOf",
    "Holds",
    "Includes",
    "Listed",
    "Matching",
    "Operator",
    "Periods",
    "Product",
    "Refers",
    "Same",
    "Total",
    "Typed",
    "Unique",
    "short_for",
]
