"""Compares datetimes near the first and the last year with the framework, in all zones that a server may use."""

import sys
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError
from rest_framework.fields import DateTimeField

from premigrate.formats.dates import parse_datetime
from premigrate.formats.interfaces import FieldError

ZONES = [
    DateTimeField(default_timezone=ZoneInfo(name))
    for name in (
        "UTC",
        "Europe/Lisbon",
        "Atlantic/Madeira",
        "Atlantic/Azores",
        "Europe/Copenhagen",
        "Atlantic/Faroe",
        "America/Nuuk",
    )
]
DATES = ["0000-12-31", "0001-01-01", "0001-1-1", "0001-01-02", "1900-01-01", "2020-02-30", "9999-12-30", "9999-12-31"]
TIMES = ["", "T00:00", " 0:00", "T00:01:00", "T12:00:00", "T23:58:59", "T23:59:59.999999", "T23:59:60"]
if sys.version_info < (3, 14):  # from then on the framework, like Python, reads the hour 24 as the next day
    TIMES.append("T24:00:00")


@st.composite
def offsets(draw: st.DrawFn) -> str:
    sign, colon = draw(st.sampled_from("+-")), draw(st.sampled_from(["", ":"]))
    return f"{sign}{draw(st.integers(0, 24)):02}{colon}{draw(st.sampled_from([0, 1, 30, 59, 60])):02}"


texts = st.tuples(
    st.sampled_from(DATES), st.sampled_from(TIMES), st.sampled_from(["", "Z", " Z", "+14", "-03"]) | offsets()
).map("".join)


def framework_code(field: DateTimeField, text: str) -> str:
    """Return the code of the framework's error, or an empty text."""
    try:
        field.run_validation(text)
    except ValidationError as error:
        return str(error.get_codes()[0])
    except OverflowError:
        return "server error"  # not caught by the framework when it checks that a local time exists
    return ""


@settings(max_examples=1500, deadline=None)
@given(texts)
@example("9999-12-31T23:59:59-03:00")
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59Z")
@example("9999-12-31T23:59:59")
@example("0001-01-01")
def test_datetime_is_rejected_in_all_zones_or_accepted_in_some(text: str) -> None:
    codes = {framework_code(field, text) for field in ZONES}
    parsed = parse_datetime(text)
    if isinstance(parsed, FieldError):
        assert codes == {parsed.code}
    else:
        assert "" in codes
        assert "invalid" not in codes
