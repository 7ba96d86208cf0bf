"""Learns an overlay from the OpenAPI document of a tenant."""
