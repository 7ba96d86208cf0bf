"""Creates the folder of a market, and reports what it lacks."""
