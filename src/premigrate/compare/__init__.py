"""Predictions compared with recorded answers of the API."""
