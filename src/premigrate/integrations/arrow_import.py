"""Imports pyarrow, with an error that says what to install if it is missing."""

try:
    import pyarrow as pa
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("premigrate.integrations needs pyarrow: install premigrate[arrow]") from error

__all__ = ["pa"]
