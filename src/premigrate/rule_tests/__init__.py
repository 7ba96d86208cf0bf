"""Tests rules with the examples they carry."""
