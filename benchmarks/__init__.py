"""Benchmarks of premigrate and comparable tools ("peers"); ``python -m benchmarks`` runs all of them."""
