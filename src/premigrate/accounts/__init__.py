"""What an account says of itself: its market, supplier and number."""
