"""Patterns of values for which the peers have no type."""

EMAIL = r"^[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*@(?:[0-9A-Za-z-]+\.)+[A-Za-z-]{2,63}$"
"""A common e-mail address."""
