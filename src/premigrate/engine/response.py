"""Renders errors as the response of the validate endpoint."""

from collections.abc import Sequence

from premigrate.results import Error, Response, Result

_MARK_RULE = "byte-order-mark"
_WITHOUT_MARK = "a UTF-8 file without a byte order mark (its first three bytes)"


def render_response(errors: Sequence[Error], refusal: tuple[str, str]) -> Response:
    """Return the response of the API to this request, without follow-on errors.

    Errors are sorted like in drf-standardized-errors since 0.13: by depth of the place, and all errors of one place
    together. ``refusal`` is the code and detail of the response.
    """
    if not errors:
        return Response(200, {})
    now = reported_errors(errors)
    if not now:
        return Response(200, {})
    code, detail = refusal
    items = [{"detail": error.detail, "code": error.code, "attr": error.attr} for error in now]
    return Response(400, {"detail": detail, "code": code, "errors": items})


def reject_byte_order_mark(result: Result, response: Response) -> Result:
    """Return the result for a body that begins with a byte order mark, which DRF does not parse.

    ``response`` is the response of the API. The errors of the account become follow-on errors.
    """
    mark = Error(response.body["detail"], response.body["code"], "", _MARK_RULE, (), expected=_WITHOUT_MARK)
    follow_on = (error._replace(stage="follow-on") for error in result.errors)
    return result._replace(errors=(mark, *follow_on), response=response)


def reported_errors(errors: Sequence[Error]) -> list[Error]:
    """Return the errors that the API reports on this request, in the order of its response."""
    now = [error for error in errors if error.stage == "now"]
    attrs = [error.attr for error in now]
    if len(set(attrs)) < len(attrs):
        first_positions = {attr: -position for position, attr in enumerate(reversed(attrs))}
        now.sort(key=lambda error: first_positions[error.attr])
    now.sort(key=lambda error: error.attr.count("."))
    return now
