"""Reports what changed between two documents of a tenant."""
