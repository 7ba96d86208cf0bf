"""Parsers and format checks of single values, following Django and Django REST Framework (DRF)."""

import premigrate.compiled_form  # noqa: F401 - first: raises ImportError where compiled modules would crash
