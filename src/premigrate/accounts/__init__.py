"""The identity of an account: its market, supplier and account number."""
