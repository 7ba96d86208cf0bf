"""Patterns of values for which the peers have no type."""

EMAIL = r"^[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*@(?:[0-9A-Za-z-]+\.)+[A-Za-z-]{2,63}$"
"""A common e-mail address."""

DATETIME = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}.*)?$"
"""A datetime or only its date, which Django takes as midnight, for peers whose own type needs a time."""
