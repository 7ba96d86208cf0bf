"""Compares the handling of requests before validation with the framework."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from premigrate.testing import run_mock_server
from tests.payloads import AS_OF

PATH = "/v2/data-import/accounts/validate/"
JSON = "application/json"
METHODS = ["POST", "POST", "POST", "GET", "PUT", "DELETE"]
TYPES = [
    "",
    JSON,
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "text/plain",
    "application/x+json",
    "a/b; c=d",
]


class View(APIView):
    """An endpoint that accepts any request whose body can be parsed."""

    parser_classes = (JSONParser,)
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Any) -> Response:
        """Parse the request."""
        _ = request.data
        return Response({})


def framework(method: str, media_type: str, body: bytes) -> tuple[int, str, str]:
    request = APIRequestFactory().generic(method, PATH, data=body, content_type=media_type)
    response = View.as_view()(request)
    detail = response.data.get("detail")
    return response.status_code, str(detail), getattr(detail, "code", "")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with run_mock_server(market="dk", as_of=AS_OF) as mock_server, httpx.Client(base_url=mock_server.url) as client:
        yield client


bodies = st.one_of(
    st.binary(max_size=20),
    st.text(alphabet='{}[]:,"\\ 0123456789.eE+-truefalsnINy\ufeff\ud7ffé\0', max_size=20).map(str.encode),
)


@settings(max_examples=300, deadline=None)
@given(method=st.sampled_from(METHODS), media_type=st.sampled_from(TYPES), body=bodies)
@example(method="POST", media_type=JSON, body=b"")
@example(method="POST", media_type=JSON, body=b"NaN")
@example(method="POST", media_type=JSON, body=b"\xef\xbb\xbf{}")
@example(method="POST", media_type=JSON, body=b"9" * 5000)
@example(method="POST", media_type="", body=b"{}")
def test_requests_are_parsed_as_in_the_framework(
    client: httpx.Client, method: str, media_type: str, body: bytes
) -> None:
    status, detail, code = framework(method, media_type, body)
    response = client.request(method, PATH, content=body, headers={"content-type": media_type} if media_type else {})
    answer = response.json()
    if status == 200:
        assert response.status_code == 200 or answer["code"] == "account_failed_validation"
    else:
        assert (response.status_code, answer["detail"], answer["code"]) == (status, detail, code)
