"""Reads OpenAPI documents independently of premigrate, and compares what they say with what premigrate learned."""
