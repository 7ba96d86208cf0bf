"""Turns errors into the answer of the validate endpoint."""

from collections.abc import Sequence

from premigrate.results import Error, Response, Result

_MARK_RULE = "byte-order-mark"
_MARK_HELP = "the first three bytes are a byte order mark; save the file as UTF-8 without one"


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


def refuse_mark(result: Result, response: Response) -> Result:
    """Make the result of a body that begins with a byte order mark, which the framework does not parse.

    ``response`` is what it answers. The errors of the account come next.
    """
    mark = Error(response.body["detail"], response.body["code"], "", _MARK_RULE, (), help=_MARK_HELP)
    later = (error._replace(stage="next") for error in result.errors)
    return result._replace(errors=(mark, *later), response=response)


def told_now(errors: Sequence[Error]) -> list[Error]:
    """List the errors that the API finds on this call, in the order of its answer."""
    now = [error for error in errors if error.stage == "now"]
    attrs = [error.attr for error in now]
    if len(set(attrs)) < len(attrs):
        first = {attr: -position for position, attr in enumerate(reversed(attrs))}
        now.sort(key=lambda error: first[error.attr])
    now.sort(key=lambda error: error.attr.count("."))
    return now
