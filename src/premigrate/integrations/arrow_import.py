"""Imports pyarrow; if it is missing, the error names the extra to install."""

try:
    import pyarrow as pa
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "premigrate.integrations requires pyarrow; install it with: pip install 'premigrate[arrow]'"
    ) from error

__all__ = ["pa"]
