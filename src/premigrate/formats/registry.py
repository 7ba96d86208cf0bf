"""Registry of the formats that the schemes of a ruleset can use."""

from collections.abc import Callable, Mapping

from premigrate.formats import check_digits, country, cups, pattern, phone, weighted_digits
from premigrate.formats.interfaces import FormatCheck, FormDescription

FORMATS: Mapping[str, Callable[..., FormatCheck]] = {
    "check_digits": check_digits.make_check,
    "country": country.make_check,
    "cups": cups.make_check,
    "pattern": pattern.make_check,
    "phone": phone.make_check,
    "weighted_digits": weighted_digits.make_check,
}
"""The function that creates the check of each format; the scheme's arguments are its keyword arguments."""

FORM_DESCRIPTIONS: Mapping[str, FormDescription] = {
    "check_digits": check_digits.describe_form,
    "country": country.describe_form,
    "cups": cups.describe_form,
    "pattern": pattern.describe_form,
    "phone": phone.describe_form,
    "weighted_digits": weighted_digits.describe_form,
}
"""The function that describes the form of each format in words."""
