"""Judges ISO 3166-1 country codes of two letters, from pycountry's list."""

from premigrate.formats.verdicts import Doubtful, Judge, Refused, Sure, Verdict


def judge() -> Judge:
    """Make a judge of country codes; the list is read once, here."""
    import pycountry  # 40 ms

    codes = frozenset(country.alpha_2 for country in pycountry.countries)
    judging = Sure(_look, codes)
    judging.sure = codes
    return judging


def _look(codes: frozenset[str], text: str) -> Verdict:
    if text in codes:
        return None
    if text.isascii() and text.strip().upper() in codes:
        return Doubtful("not written as two capital letters")
    return Refused("not a country code of ISO 3166-1")
