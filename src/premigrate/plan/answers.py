"""What the endpoints answer besides the list of errors, with the words of the codes filled in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """One answer: HTTP status, and the body in which texts in angle brackets stand for values.

    ``code`` is what the answer tells, ``detail`` the text of it, in which braces stand for values.
    """

    status: int
    body: Mapping[str, Any]
    code: str = ""
    detail: str = ""


class StatusKind(NamedTuple):
    """What holds of an import with a status: it has an account, it has an error, it may be sent again."""

    identified: bool = False
    errored: bool = False
    again: bool = False


class Answers(NamedTuple):
    """All answers by name, the statuses of an import, the courses it can take, and the events of statuses."""

    by_name: Mapping[str, Answer] = MappingProxyType({})
    statuses: Mapping[str, StatusKind] = MappingProxyType({})
    courses: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    events: Mapping[str, str] = MappingProxyType({})
