"""Says how peers spell what they have no type for."""

EMAIL = r"^[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*@(?:[0-9A-Za-z-]+\.)+[A-Za-z-]{2,63}$"
"""An e-mail address as it is usually written."""
