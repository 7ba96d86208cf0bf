"""A local server that answers as the account-import API would."""
