"""A tenant's OpenAPI document to what its account import takes, as an overlay, and to what is known of its checks."""
