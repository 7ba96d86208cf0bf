"""Turns the lack of pyarrow into a sentence that says what to install."""

try:
    import pyarrow as pa
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("premigrate.integrations needs pyarrow: install premigrate[arrow]") from error

__all__ = ["pa"]
