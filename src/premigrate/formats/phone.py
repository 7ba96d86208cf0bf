"""Checks telephone numbers with the numbering plans of libphonenumber, whatever their type."""

import re
from typing import TYPE_CHECKING

from premigrate.formats.interfaces import FormatCheck, Invalid, PrefilteredCheck, Suspicious, Verdict
from premigrate.formats.pattern import LazyPattern

if TYPE_CHECKING:
    from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

_COMMON = LazyPattern(r"\s*+(?:\+(?!00|\+))?[0-9 ().\-]++\s*+", re.ASCII)
_MAX_SPACED = 40  # characters; the library refuses texts of more than 250
_NUMBER_TYPES = (
    "fixed_line",
    "mobile",
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
"""The number types that libphonenumber accepts as valid."""


def make_check(*, region: str) -> FormatCheck:
    """Return a check with ``region`` (two capital letters) as the country of numbers without a leading plus.

    A valid number of another country is suspicious unless it begins with a plus, and so is a number with letters, an
    extension or unusual characters, which libphonenumber ignores.

    Raises:
        ValueError: libphonenumber has no such region.

    """
    import phonenumbers  # takes 20 ms

    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{region!r} is not a calling region; write a country code of two capital letters")
    phonenumbers.PhoneMetadata.load_all()  # otherwise the first foreign number reads it from disk
    simple = unambiguous_numbers(region)
    check = PrefilteredCheck(_check, region, simple)
    check.prefilter = simple
    return check


def describe_form(*, region: str) -> str:
    """Return the form of valid texts in words."""
    return f"a telephone number as text, with + and its country code unless it is a {region} number"


def _check(region: str, simple: LazyPattern | None, text: str) -> Verdict:
    if simple and len(text) <= _MAX_SPACED and simple.fullmatch(text.replace(" ", "")):  # the library ignores spaces
        return None
    return _check_with_library(region, text)


def _check_with_library(region: str, text: str) -> Verdict:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Invalid()
    if not phonenumbers.is_valid_number(number):
        return Invalid()
    if phonenumbers.region_code_for_number(number) != region and not text.lstrip().startswith("+"):
        return Suspicious("a number of another country")
    if number.extension or not _COMMON.fullmatch(text):
        return Suspicious("more than a telephone number; the API keeps only the digits that it recognizes")
    return None


def unambiguous_numbers(region: str) -> LazyPattern | None:
    """Return a pattern of numbers that libphonenumber certainly accepts for the region; None if there is none.

    It is built from libphonenumber's own patterns and leaves ambiguous numbers to the library: those whose first digits
    may be a dialling prefix other than the plain national one (07123 456789), and all numbers of a region that shares a
    calling code and is not its main region.
    """
    import phonenumbers

    plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
    sharing = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get((plan and plan.country_code) or 0, ())
    if plan is None or sharing[:1] != (region,):
        return None
    general = plan.general_desc
    kinds = [_pattern_of(desc, general) for kind in _NUMBER_TYPES if (desc := getattr(plan, kind))]
    prefixes = "|".join(f"(?:{prefix})" for prefix in ("0", plan.national_prefix_for_parsing) if prefix)
    idd = f"(?!{plan.international_prefix})" if plan.international_prefix else ""
    first = f"(?={plan.leading_digits})" if plan.leading_digits else ""
    number = rf"(?!{prefixes}){first}(?={_pattern_of(general)}\Z)(?:{'|'.join(kinds)})"
    return LazyPattern(rf"(?:\+{plan.country_code}|{idd}{_optional_prefix(plan)}){number}", re.ASCII)


def _optional_prefix(plan: "PhoneMetadata") -> str:
    """Return a pattern of the national prefix if the library always removes it; else an empty pattern."""
    prefix, others = plan.national_prefix, (plan.national_prefix_for_parsing or "").split("|")
    if not prefix or plan.national_prefix_transform_rule or str(plan.country_code).startswith(prefix):
        return ""
    return f"(?:{prefix})?" if prefix == others[0] and all(map(str.isdecimal, others)) else ""


def _pattern_of(desc: "PhoneNumberDesc | None", general: "PhoneNumberDesc | None" = None) -> str:
    """Return the pattern of a number type; its lengths are left out if those of ``general`` are the same."""
    if desc is None or not desc.national_number_pattern:
        return "(?!)"  # matches nothing
    lengths = "|".join(rf"\d{{{length}}}" for length in desc.possible_length if length > 0)
    is_said = general is not None and desc.possible_length == general.possible_length
    length = rf"(?=(?:{lengths})\Z)" if lengths and not is_said else ""
    return f"(?:{length}(?:{desc.national_number_pattern}))"


def example_number(region: str) -> str | None:
    """Return the example number of a region in E.164 format; None if libphonenumber has none."""
    import phonenumbers

    number = phonenumbers.example_number(region) if region in phonenumbers.SUPPORTED_REGIONS else None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else None
