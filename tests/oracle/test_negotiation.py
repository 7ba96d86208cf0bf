"""Compares charsets, Accept, formats, methods and tokens with the framework: same statuses, headers and bodies."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import Http404
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response as FrameworkResponse
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView, exception_handler

from premigrate.mock_server.app import create_app
from premigrate.mock_server.media_types import parse_media_type
from premigrate.mock_server.server import MockServer, Reply
from premigrate.mock_server.store import Store
from premigrate.results import Response
from tests.asgi import InProcess
from tests.conftest import tenant_of

ACCOUNTS = "/v2/data-import/accounts/"
VALIDATE, STATUS = f"{ACCOUNTS}validate/", f"{ACCOUNTS}NORLYS/EXTERNAL-1/"
TOKEN = "t" * 20


class KnownToken(TokenAuthentication):
    """The framework's token authentication, with one token and no database."""

    def authenticate_credentials(self, key: str) -> Any:
        if key != TOKEN:
            raise AuthenticationFailed("Invalid token.")
        return True, key


class Authenticated(IsAuthenticated):
    """The framework's permission, for users that are not objects."""

    def has_permission(self, request: Any, view: Any) -> bool:  # noqa: ARG002
        return bool(request.user)


class View(APIView):
    """Base of the views below; error bodies have the same keys as those of the API."""

    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)
    authentication_classes = (KnownToken,)
    permission_classes = (Authenticated,)

    def get_exception_handler(self) -> Any:
        return self._handle

    @staticmethod
    def _handle(error: Exception, context: Any) -> FrameworkResponse | None:
        response = exception_handler(error, context)
        if response is not None:
            detail = response.data["detail"]
            text = "The requested resource was not found." if isinstance(error, Http404) else str(detail)
            response.data = {"detail": text, "code": detail.code}
        return response


class ValidateAccount(View):  # responses to OPTIONS have the docstring
    """Validate an account."""

    def post(self, request: Any) -> FrameworkResponse:
        return FrameworkResponse({"read": ascii(request.data)})


class ImportStatus(View):  # responses to OPTIONS have the docstring
    """Return the status of an import."""

    def get(self, _: Any) -> FrameworkResponse:
        return FrameworkResponse({"read": "\u2028ø"})


VIEWS = {VALIDATE: ValidateAccount.as_view(), STATUS: ImportStatus.as_view()}


@pytest.fixture(scope="module")
def client() -> Iterator[InProcess]:
    """A client of an application that returns what it parsed."""
    store = Store()
    mock_server = MockServer([tenant_of("dk")], store)
    patch = pytest.MonkeyPatch()
    patch.setattr(mock_server, "validate", lambda payload: Reply(Response(200, {"read": ascii(payload)})))
    patch.setattr(mock_server, "status", lambda *_: Reply(Response(200, {"read": "\u2028ø"})))
    with InProcess(create_app(mock_server, token=TOKEN)) as client:
        yield client
    patch.undo()
    store.close()


def framework(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Any:
    """Return status, headers and body of the framework; an error that it does not catch is a 500."""
    meta = {f"HTTP_{name.upper()}": value for name, value in headers.items() if name != "content-type"}
    content_type = headers.get("content-type", "")
    try:
        request = APIRequestFactory().generic(method, path, body, content_type, QUERY_STRING=query, **meta)
        response = VIEWS[path](request).render()
    except (LookupError, UnicodeError):
        return 500, b'{"detail":"A server error occurred.","code":"error"}'
    names = ("Allow", "Content-Type", "WWW-Authenticate")
    return response.status_code, response.content, *(response.headers.get(name) for name in names)


def ours(client: InProcess, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
    response = client.request(method, path, content=body, headers=headers)
    if response.status_code == 500:
        return 500, response.content
    names = ("Allow", "Content-Type", "WWW-Authenticate")
    return response.status_code, response.content, *(response.headers.get(name) for name in names)


CHARSETS = ["utf-8", "iso-8859-1", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "ascii", "utf-7", "cp037"]
PARAMETERS = [
    *(f"; charset={name}" for name in [*CHARSETS, "ISO-8859-1", '"iso-8859-1"', "'utf-16'", " latin1 ", "", '""']),
    *(f"; charset={name}" for name in ["klingon", "base64", "zlib", "bz2_codec", "rot13", "undefined"]),
    *("; charset", ";charset=utf-16;charset=utf-8", '; x="a;charset=utf-16"', ";;", ";", "; CHARSET=UTF-16"),
    *("; charset*=utf-8''iso-8859-1", "; charset*0=iso-; charset*1=8859-1", "; a=b; charset=latin-1"),
]
MEDIA_TYPES = [
    *("application/json", "APPLICATION/JSON", " application/json ", "*/*", "application/*", "*/json", "text/*", "*"),
    *("", "text/html", "application/xml", "application/jsonx", "application/json/x", "application", "json", "/", "a/b"),
    *("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", f"application/json; {'x' * 260}"),
]
RANGES = [
    *(f"{kind}{tail}" for kind in MEDIA_TYPES[:14] for tail in ("", ";q=0", "; q=0.5", "; indent=4", ";indent=99;q=1")),
    *("application/json; indent=-1", "application/json; indent=x", '*/*; indent="2"', "x" * 300),
]
QUERIES = ["", "", "format=json", "format=xml", "format=", "format=JSON", "FORMAT=xml", "a=b&format=api&format=json"]
QUERIES += ["format=json&format=xml", "format=%6Ason", "x=1", "format", "format=json;x", "&&", "format=%FF"]
TEXTS = [
    '{"navn": "Sønderå €"}',
    '{"a": [1, 2.5, null, true]}',
    "[]",
    "{",
    '"\ufeff"',
    "\ufeff{}",
    "NaN",
    " ",
    "7",
    "{} x",
]
TOKENS = [f"Token {TOKEN}"] * 12 + [f"token {TOKEN}", "Token other", f"Basic {TOKEN}", ""]

bodies = st.one_of(
    st.builds(lambda text, charset: text.encode(charset, "replace"), st.sampled_from(TEXTS), st.sampled_from(CHARSETS)),
    st.binary(max_size=12),
)
content_types = st.one_of(
    st.none(),
    st.sampled_from(PARAMETERS).map("application/json{}".format),
    st.builds(str.__add__, st.sampled_from(MEDIA_TYPES), st.sampled_from(["", *PARAMETERS])),
)


def uniqueness_key(text: str) -> object:
    """Return a unique key: among equally specific ranges, the framework's choice would depend on their hashes."""
    media_type = parse_media_type(text)
    return media_type.precedence if media_type.matches_json else text


accepts = st.none() | st.lists(st.sampled_from(RANGES), max_size=4, unique_by=uniqueness_key).map(",".join)


@settings(max_examples=int(os.environ.get("ORACLE_REQUESTS", "300")), deadline=None)
@given(
    method=st.sampled_from(["POST"] * 6 + ["GET", "GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]),
    path=st.sampled_from([VALIDATE, VALIDATE, STATUS]),
    query=st.sampled_from(QUERIES),
    accept=accepts,
    content_type=content_types,
    token=st.sampled_from(TOKENS),
    body=bodies,
)
@example("POST", VALIDATE, "", None, "application/json; charset=iso-8859-1", TOKENS[0], '{"a": "ø"}'.encode("latin-1"))
@example("POST", VALIDATE, "", None, "application/json; charset=iso-8859-1", TOKENS[0], '{"a": "ø"}'.encode())
@example("POST", VALIDATE, "", None, "application/json; charset=utf-16", TOKENS[0], '{"a": "ø"}'.encode("utf-16"))
@example("POST", VALIDATE, "format=json", None, "application/json; charset=utf-16", TOKENS[0], b"{}")
@example("POST", VALIDATE, "x=1", None, "application/json; charset=base64", TOKENS[0], b"e30=")
@example("POST", VALIDATE, "", "application/xml", "application/json", "", b"{")
@example("POST", VALIDATE, "", "text/html,*/*;q=0.1", "*/*", TOKENS[0], b"{}")
@example("PUT", VALIDATE, "", "*/*; indent=3", "", "", b"{}")
@example("GET", STATUS, "", "application/json; indent=2", None, TOKENS[0], b"")
@example("OPTIONS", STATUS, "", None, None, TOKENS[0], b"")
def test_responses_match_the_framework(  # noqa: PLR0917 - each is a part of the request
    client: InProcess,
    method: str,
    path: str,
    query: str,
    accept: str | None,
    content_type: str | None,
    token: str,
    body: bytes,
) -> None:
    parts = {"accept": accept, "content-type": content_type, "authorization": token or None}
    headers = {name: value for name, value in parts.items() if value is not None}
    assert ours(client, method, f"{path}?{query}", headers, body) == framework(method, path, query, headers, body)
