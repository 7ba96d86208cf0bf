"""Imports the HTTP libraries; if they are missing, the error names the extra to install."""

try:
    import starlette
    import uvicorn
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the mock server requires starlette and uvicorn; install them with: pip install 'premigrate[serve]'"
    ) from error

__all__ = ["starlette", "uvicorn"]
