"""Turns the lack of the libraries for HTTP into a sentence that says what to install."""

try:
    import starlette
    import uvicorn
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("the stand-in needs starlette and uvicorn: install premigrate[serve]") from error

__all__ = ["starlette", "uvicorn"]
