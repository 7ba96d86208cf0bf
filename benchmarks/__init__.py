"""Measures premigrate side by side with its peers; ``python -m benchmarks`` runs all of it."""
