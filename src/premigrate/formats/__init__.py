"""Checks of single values, as the API's framework reads them."""

import premigrate.compiled_form  # noqa: F401 - first: it refuses to load a compiled engine that would crash
