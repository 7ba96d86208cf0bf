"""Pure checks of single values: readers of field types, and checks of formats by name."""

from collections.abc import Callable, Mapping

import premigrate.formats.form  # noqa: F401 - first: it refuses to load what would break
from premigrate.formats import check_digits, country, cups, pattern, phone
from premigrate.formats.value_advice import AdviceCheck
from premigrate.formats.verdicts import (
    FieldError,
    FormatCheck,
    Invalid,
    PrefilteredCheck,
    Reader,
    Suspicious,
    ValueCheck,
    Verdict,
)

FORMATS: Mapping[str, Callable[..., FormatCheck]] = {
    "check_digits": check_digits.make_check,
    "country": country.make_check,
    "cups": cups.make_check,
    "pattern": pattern.make_check,
    "phone": phone.make_check,
}
"""The formats a scheme may name; a scheme's other keys are the arguments of the function."""

__all__ = [
    "FORMATS",
    "AdviceCheck",
    "FieldError",
    "FormatCheck",
    "Invalid",
    "PrefilteredCheck",
    "Reader",
    "Suspicious",
    "ValueCheck",
    "Verdict",
]
