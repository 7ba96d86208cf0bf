"""Checks across accounts: finds values that several accounts of one migration must not share."""
