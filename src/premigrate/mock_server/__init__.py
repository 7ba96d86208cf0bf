"""A mock server for the account-import API."""
