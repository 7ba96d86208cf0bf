"""Judges telephone numbers as libphonenumber does: validity in its numbering plans, never the kind of line."""

import re

from premigrate.formats.verdicts import Doubtful, Judge, Refused, Verdict

_USUAL = re.compile(r"\s*(?:\+(?!00|\+))?[0-9 ().\-]+\s*", re.ASCII)


def judge(*, region: str) -> Judge:
    """Make a judge with ``region`` (two capital letters) as the country of numbers without a leading plus.

    A valid number of another country passes with a doubt, and so does one with letters, an extension or odd signs,
    which the library reads past.

    Raises:
        ValueError: the library knows no such region.

    """
    import phonenumbers  # 20 ms

    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{region!r} is not a calling region; write a country code of two capital letters")
    phonenumbers.PhoneMetadata.load_all()  # or the first foreign number would read it from disk

    def look(text: str) -> Verdict:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return Refused("can't be read as a telephone number")
        if not phonenumbers.is_valid_number(number):
            return Refused("no numbering plan has such a number")
        if phonenumbers.region_code_for_number(number) != region:
            return Doubtful("a number of another country")
        if number.extension or not _USUAL.fullmatch(text):
            return Doubtful("more than a plain telephone number; the platform keeps the digits it can read")
        return None

    return look
