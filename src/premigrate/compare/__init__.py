"""Compares predictions with recorded responses of the API."""
