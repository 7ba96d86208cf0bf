"""Begins the folder of a market, and says what it lacks."""
