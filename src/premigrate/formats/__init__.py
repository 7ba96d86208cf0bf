"""Pure checks of single values, by name: readers for field types, judges for formats."""

from collections.abc import Callable, Mapping

import premigrate.formats.form  # noqa: F401 - first: it refuses to load what would break
from premigrate.formats import check_digits, country, cups, pattern, phone
from premigrate.formats.oddities import Spotter
from premigrate.formats.verdicts import Doubtful, Judge, Misread, Reader, Refused, Sure, ValueCheck, Verdict

FORMATS: Mapping[str, Callable[..., Judge]] = {
    "check_digits": check_digits.judge,
    "country": country.judge,
    "cups": cups.judge,
    "pattern": pattern.judge,
    "phone": phone.judge,
}
"""The formats a scheme may name; a scheme's other keys are the arguments of the function."""

__all__ = ["FORMATS", "Doubtful", "Judge", "Misread", "Reader", "Refused", "Spotter", "Sure", "ValueCheck", "Verdict"]
