"""Clashes between accounts: values that two accounts of one migration must not share."""
