"""Describes rules without a payload: explanations, the catalogue, and JSON Schemas."""
