"""Turns errors into the answer of the validate endpoint."""

from collections.abc import Sequence

from premigrate.errors import Error, Response


def render_response(errors: Sequence[Error], refusal: tuple[str, str]) -> Response:
    """Write the answer the API gives to this call: only what it would find now.

    The order is that of drf-standardized-errors since 0.13: shallow places first, and all errors of one place
    together. ``refusal`` is code and detail of the whole answer.
    """
    if not errors:
        return Response(200, {})
    now = told_now(errors)
    if not now:
        return Response(200, {})
    code, detail = refusal
    told = [{"detail": error.detail, "code": error.code, "attr": error.attr} for error in now]
    return Response(400, {"detail": detail, "code": code, "errors": told})


def told_now(errors: Sequence[Error]) -> list[Error]:
    """List the errors that the API finds on this call, in the order of its answer."""
    now = [error for error in errors if error.stage == "now"]
    attrs = [error.attr for error in now]
    if len(set(attrs)) < len(attrs):
        first = {attr: -position for position, attr in enumerate(reversed(attrs))}
        now.sort(key=lambda error: first[error.attr])
    now.sort(key=lambda error: error.attr.count("."))
    return now
