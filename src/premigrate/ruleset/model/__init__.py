"""The rule language as pydantic models."""
