"""Checks two-letter ISO 3166-1 country codes against pycountry's list."""

from premigrate.formats.interfaces import FormatCheck, Invalid, PrefilteredCheck, Suspicious, Verdict


def make_check() -> FormatCheck:
    """Return a check of country codes; loads the list once."""
    import pycountry  # takes 40 ms

    codes = frozenset(country.alpha_2 for country in pycountry.countries)
    check = PrefilteredCheck(_check, codes)
    check.prefilter = codes
    return check


def describe_form(**_: object) -> str:
    """Return the form of valid texts in words."""
    return "a country code of ISO 3166-1 in two capital letters"


def _check(codes: frozenset[str], text: str) -> Verdict:
    if text in codes:
        return None
    if text.isascii() and text.strip().upper() in codes:
        return Suspicious("not written as two capital letters")
    return Invalid()
