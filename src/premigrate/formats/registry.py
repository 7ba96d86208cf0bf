"""The formats that a scheme of the rules may name."""

from collections.abc import Callable, Mapping

from premigrate.formats import check_digits, country, cups, pattern, phone
from premigrate.formats.outcomes import FormatCheck

FORMATS: Mapping[str, Callable[..., FormatCheck]] = {
    "check_digits": check_digits.make_check,
    "country": country.make_check,
    "cups": cups.make_check,
    "pattern": pattern.make_check,
    "phone": phone.make_check,
}
"""Each format with the function that makes its check; a scheme's other keys are the function's arguments."""
