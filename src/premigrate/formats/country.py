"""Judges ISO 3166-1 country codes of two letters, from pycountry's list."""

from functools import partial

from premigrate.formats.verdicts import Doubtful, Judge, Refused, Verdict


def judge() -> Judge:
    """Make a judge of country codes; the list is read once, here."""
    import pycountry  # 40 ms

    return partial(_look, frozenset(country.alpha_2 for country in pycountry.countries))


def _look(codes: frozenset[str], text: str) -> Verdict:
    if text in codes:
        return None
    if text.isascii() and text.strip().upper() in codes:
        return Doubtful("not written as two capital letters")
    return Refused("not a country code of ISO 3166-1")
