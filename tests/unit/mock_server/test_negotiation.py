"""Content negotiation follows Django REST Framework; the oracle tests compare many more requests with it."""

import codecs
import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from premigrate.mock_server.app import create_app
from premigrate.mock_server.media_types import negotiate, parse_media_type, requested_format
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from tests.asgi import InProcess
from tests.conftest import tenant_of

ACCOUNTS = "/v2/data-import/accounts/"
VALIDATE, STATUS, FAILURES = f"{ACCOUNTS}validate/", f"{ACCOUNTS}NORLYS/1/", "/_premigrate/failures"
TOKEN = "sé" * 8
BODY = '{"ø": 1}'.encode()


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[InProcess]:
    with InProcess(create_app(MockServer([tenant_of("dk")], store))) as client:
        yield client


@pytest.fixture(scope="module")
def guarded(store: Store) -> Iterator[InProcess]:
    app = create_app(MockServer([tenant_of("dk")], store), token=TOKEN)
    with InProcess(app) as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "indent"),
    [
        (None, None),
        ("*/*", None),
        ("text/html;q=0.9, application/*;q=0", None),
        ("application/json; indent=2", 2),
        ("application/json; indent=2, application/json; indent=3", 2),
        ("*/*; indent=99", 8),
        ("application/json; indent=0", None),
        ("application/json; indent=many", None),
    ],
)
def test_accepted(accept: str | None, indent: int | None) -> None:
    found = negotiate(accept)
    assert found is not None
    assert found.indent == indent


@pytest.mark.parametrize(
    "accept",
    ["", ",", "*", "text/html", "application/xml", "application/jsonx", "*/xml", "a" * 9000, f"{'x/y,' * 64}*/*"],
)
def test_not_accepted(client: InProcess, accept: str) -> None:
    assert negotiate(accept) is None
    response = client.request("POST", VALIDATE, headers={"accept": accept})
    assert (response.status_code, response.headers["allow"]) == (406, "POST, OPTIONS")
    assert response.json() == {"detail": "Could not satisfy the request Accept header.", "code": "not_acceptable"}


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("application/json", "utf-8"),
        ("application/json; charset=", "utf-8"),
        ("application/json; charset=klingon", "utf-8"),
        ('application/json; CHARSET="ISO-8859-1"', "ISO-8859-1"),
        ("application/json; a=b; charset = utf-16", "utf-16"),
        ("application/json; charset*=klingon''x", "utf-8"),
    ],
)
def test_charset(content_type: str, charset: str) -> None:
    assert parse_media_type(content_type).charset == charset


def test_body_is_decoded_in_its_charset(client: InProcess) -> None:
    bodies = {}
    text = '{"external_account_number": "Sønderå\0"}'.replace("\0", "")
    for charset in ("utf-8", "iso-8859-1", "utf-16", '"UTF-32"'):
        body = text.encode(charset.strip('"'))
        headers = {"content-type": f"application/json; charset={charset}"}
        bodies[charset] = client.request("POST", VALIDATE, content=body, headers=headers).json()
    assert bodies["utf-8"]["code"] == "account_failed_validation"
    assert all(each == bodies["utf-8"] for each in bodies.values())


def _utf_16_error() -> str:
    """Return the message of this Python; Python 3.14 changed its words."""
    with pytest.raises(UnicodeError, match="BOM") as caught:
        codecs.getreader("utf-16")(io.BytesIO(BODY)).read()
    return str(caught.value)


@pytest.mark.parametrize(
    ("charset", "detail"),
    [
        ("zlib", 'Unsupported charset "zlib" in request Content-Type header.'),
        ("ascii", "JSON parse error - 'ascii' codec can't decode byte 0xc3 in position 2: ordinal not in range(128)"),
        ("utf-16", f"JSON parse error - {_utf_16_error()}"),
    ],
)
def test_body_that_does_not_match_its_charset(client: InProcess, charset: str, detail: str) -> None:
    headers = {"content-type": f"application/json; charset={charset}"}
    response = client.request("POST", VALIDATE, content=BODY, headers=headers)
    assert (response.status_code, response.json()) == (400, {"detail": detail, "code": "parse_error"})


@pytest.mark.parametrize("content_type", ["*/*", "application/*", "*/json", "Application/JSON;"])
def test_content_types_of_json(client: InProcess, content_type: str) -> None:
    response = client.request("POST", VALIDATE, content=b"[]", headers={"content-type": content_type})
    assert response.json()["code"] == "account_failed_validation"


@pytest.mark.parametrize("content_type", ["", "multipart/form-data; boundary=x", "text/json", "json", "*"])
def test_unsupported_content_types(client: InProcess, content_type: str) -> None:
    response = client.request("POST", VALIDATE, content=b"{}", headers={"content-type": content_type})
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert response.json()["detail"] == f'Unsupported media type "{content_type}" in request.'


def test_options(client: InProcess) -> None:
    response = client.request("OPTIONS", VALIDATE)
    assert (response.status_code, response.headers["allow"]) == (200, "POST, OPTIONS")
    kinds = ["application/json"]
    named = {"name": "Validate Account", "description": "Validate an account."}
    assert response.json() == {**named, "renders": kinds, "parses": kinds}
    assert client.request("OPTIONS", STATUS).headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.request("OPTIONS", FAILURES).headers["allow"] == "POST, DELETE, OPTIONS"


@pytest.mark.parametrize(("method", "path"), [("PUT", VALIDATE), ("POST", STATUS), ("get", FAILURES)])
def test_methods_that_are_not_allowed(client: InProcess, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    expected = {"detail": f'Method "{method.upper()}" not allowed.', "code": "method_not_allowed"}
    assert response.json() == expected
    assert "OPTIONS" in response.headers["allow"]


def test_head(client: InProcess) -> None:
    responses = [client.request("HEAD", path) for path in (STATUS, VALIDATE)]
    assert [(each.status_code, each.headers["allow"]) for each in responses] == [
        (404, "GET, HEAD, OPTIONS"),
        (405, "POST, OPTIONS"),
    ]


@pytest.mark.parametrize(("query", "status"), [("format=json", 400), ("format=", 400), ("format=api", 404)])
def test_formats(client: InProcess, query: str, status: int) -> None:
    assert client.request("POST", f"{VALIDATE}?{query}").status_code == status


def test_format_is_decoded_in_the_charset_of_the_body() -> None:
    assert requested_format(b"format=xml", "utf-8") == "xml"
    assert requested_format(b"format=xml", "utf-16-le") == ""
    with pytest.raises(LookupError):
        requested_format(b"format=xml", "base64")


ADMIN = [("POST", "reset"), ("POST", "step"), ("GET", "state"), ("POST", "failures"), ("DELETE", "failures")]


@pytest.mark.parametrize(("method", "name"), [*ADMIN, ("PUT", "reset"), ("OPTIONS", "state")])
def test_admin_calls_require_the_token(guarded: InProcess, method: str, name: str) -> None:
    path = f"/_premigrate/{name}"
    anonymous = guarded.request(method, path)
    assert (anonymous.status_code, anonymous.json()["code"], anonymous.headers["www-authenticate"]) == (
        401,
        "not_authenticated",
        "Token",
    )
    for wrong in ("Token other", "Token", f"Token {TOKEN}x", "Token \xff"):
        response = guarded.request(method, path, headers={"authorization": wrong.encode()})
        assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


def test_valid_token_is_accepted(guarded: InProcess) -> None:
    headers = {"authorization": f"token {TOKEN}".encode()}
    assert guarded.request("GET", "/_premigrate/state", headers=headers).status_code == 200
    assert guarded.request("GET", "/_premigrate/openapi.json").status_code == 200, "the description is public"
    body = guarded.request("GET", "/_premigrate/state", headers={**headers, "accept": "text/html"})
    assert body.status_code == 406, "negotiation comes before authentication"


SCRIPT = """
from premigrate.exceptions import BadArgument
from premigrate.mock_server.endpoints import Endpoint
from premigrate.mock_server.scenario import parse_failures
from tests.asgi import InProcess
handlers = dict.fromkeys(("DELETE", "POST", "GET", "PUT", "PATCH"))
with InProcess(Endpoint(None, handlers, "Name", "Description.")) as client:
    for indent in (1, 2, 3, 4):
        accept = f"application/json; indent={indent}, application/json; indent=5, application/json; indent=6"
        response = client.request("OPTIONS", "/", headers={"accept": accept})
        print(sorted(response.headers.items()), response.text)
for failures in ({"answer": "x", "y": 1}, {"endpoint": "x"}, {"times": 0}):
    try:
        parse_failures(failures, "failures")
    except BadArgument as error:
        print(error)
"""


def test_responses_do_not_depend_on_the_hash_seed() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert "'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS'" in outputs[0]
