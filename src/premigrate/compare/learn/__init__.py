"""Learns changes to rules from recorded calls."""
