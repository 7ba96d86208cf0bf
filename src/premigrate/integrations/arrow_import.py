"""Imports pyarrow; if it is missing, the error names the extra to install."""

try:
    import pyarrow as pa
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("premigrate.integrations needs pyarrow: install premigrate[arrow]") from error

__all__ = ["pa"]
