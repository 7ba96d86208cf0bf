"""The mock server answers as its OpenAPI description says, to valid and invalid requests generated from it."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from starlette.routing import Route

from premigrate.mock_server.app import create_app
from premigrate.mock_server.operations import OPERATIONS
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from premigrate.testing import LiveServer, run_mock_server
from tests.asgi import InProcess
from tests.conftest import tenant_of
from tests.payloads import AS_OF, good_account, put

DESCRIPTION = "/_premigrate/openapi.json"
PROCESS = "/v2/data-import/accounts/"
VALIDATE = f"{PROCESS}validate/"
STATUS = f"{PROCESS}{{import_supplier_code}}/{{external_identifier}}/"
FIELDS = 8


@pytest.fixture(scope="module")
def mock_server() -> Iterator[LiveServer]:
    with run_mock_server(market="dk", as_of=AS_OF) as running:
        yield running


@pytest.fixture(scope="module")
def schema(mock_server: LiveServer) -> Any:
    """The description, with a few fields of the account: generating requests with all of them takes minutes."""
    import schemathesis  # imported in functions: it takes half a second in each process that collects this file
    from schemathesis.checks import load_all_checks

    load_all_checks()
    described = httpx.get(f"{mock_server.url}{DESCRIPTION}").json()
    account = described["components"]["schemas"]["account"]
    simple = [name for name, field in account["properties"].items() if "$ref" not in json.dumps(field)]
    kept = dict.fromkeys(["import_supplier", "external_account_number", "account_type", *simple[:FIELDS]])
    account["properties"] = {name: account["properties"][name] for name in kept}
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=mock_server.url)
    return schema


def inapplicable_checks() -> list[Any]:
    """Return checks that can't hold: rules that relate fields refuse more, and the API takes other types of values."""
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

    return [positive_data_acceptance, negative_data_rejection]


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_generated_requests_are_answered_as_described(schema: Any, mode: str) -> None:
    from schemathesis import GenerationMode

    seen: set[tuple[str, int]] = set()
    operations = [(VALIDATE, "POST"), (PROCESS, "POST")]
    if mode == "positive":  # any text is a valid identifier
        operations.append((STATUS, "GET"))
    for path, method in operations:

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=schema[path][method].as_strategy(generation_mode=GenerationMode(mode)))
        def send(case: Any) -> None:
            response = case.call()
            case.validate_response(response, excluded_checks=inapplicable_checks())
            seen.add((case.path, response.status_code))

        send()
    assert {path for path, _ in seen} == {path for path, _ in operations}
    assert seen & {(VALIDATE, 400), (PROCESS, 400)}


def test_every_kind_of_answer_is_described(schema: Any, mock_server: LiveServer) -> None:
    from schemathesis.checks import not_a_server_error

    good, bad = good_account("dk"), put(good_account("dk"), "customers.0.landline", "abcde")
    parameters = {"import_supplier_code": "NORLYS", "external_identifier": good["external_account_number"]}
    seen: list[int] = []

    def answer(path: str, method: str, **parts: Any) -> None:
        case = schema[path][method].Case(**parts)
        response = case.call()
        # a scripted failure is a server error
        case.validate_response(response, excluded_checks=[*inapplicable_checks(), not_a_server_error])
        seen.append(response.status_code)

    for failure in ("throttled", "broken"):
        mock_server.add_failure(answer=failure, times=1)
        answer(PROCESS, "POST", body={"payload": good}, media_type="application/json")
    answer(STATUS, "GET", path_parameters=parameters)
    for body in (bad, good, good):
        answer(PROCESS, "POST", body={"payload": body}, media_type="application/json")
        answer(VALIDATE, "POST", body={"payload": body}, media_type="application/json")
    for _ in range(3):
        answer(STATUS, "GET", path_parameters=parameters)
        mock_server.step()
    assert seen == [429, 500, 404, 400, 400, 201, 200, 400, 200, 200, 200, 200]


def test_admin_calls_are_answered_as_described(schema: Any, mock_server: LiveServer) -> None:
    httpx.post(f"{mock_server.url}{PROCESS}", json={"payload": good_account("dk")})
    failure, wrong = {"account": "EXTERNAL-9*", "lifecycle": "errored"}, {"answer": 5}
    existing = {"import_supplier": "NORLYS", "external_account_number": "EXTERNAL-7", "status": "ERRORED"}
    bodies: dict[str, list[tuple[Any, int]]] = {
        "step": [({}, 200), ({"seconds": 30}, 200), ({"seconds": None}, 200), ({"seconds": -1}, 400)],
        "failures": [(failure, 200), ([failure, {"wait": 0.5, "times": 1}], 200), (wrong, 400)],
        "imports": [(existing, 200), ([existing], 200), ({"imports": [existing]}, 200), ({"status": "ERRORED"}, 400)],
    }
    called = set()
    for path, operations in schema.raw_schema["paths"].items():
        *_, name = path.split("/")
        for method in operations if path.startswith("/_premigrate/") else ():
            for body, status in bodies[name] if method == "post" and name in bodies else [(None, 200)]:
                sent = {} if body is None else {"body": body, "media_type": "application/json"}
                case = schema[path][method].Case(**sent)
                response = case.call_and_validate(excluded_checks=inapplicable_checks())
                assert response.status_code == status, (path, body)
                called.add((method, name))
                state = schema["/_premigrate/state"]["get"].Case().call_and_validate().json()
                assert set(state) == {"now", "imports", "failures"}
    assert len(called) == len([each for each in OPERATIONS if each.is_admin])


def test_every_route_is_described(mock_server: LiveServer) -> None:
    with closing(Store()) as store:
        app = create_app(MockServer([tenant_of("dk")], store))
    described = httpx.get(f"{mock_server.url}{DESCRIPTION}").json()
    routes = {(route.path, method) for route in app.routes if isinstance(route, Route) for method in methods_of(route)}
    assert {(path, method) for path, methods in described["paths"].items() for method in methods} == routes


def methods_of(route: Route) -> set[str]:
    with InProcess(route.endpoint) as client:
        allowed = client.request("OPTIONS", "/").headers["allow"]
    return {method.lower() for method in allowed.split(", ")} - {"head", "options"}


def test_description_names_server_statuses_and_retry_after(mock_server: LiveServer) -> None:
    described = httpx.get(f"{mock_server.url}{DESCRIPTION}").json()
    assert described["servers"][0]["url"] == mock_server.url
    schemas = described["components"]["schemas"]
    assert schemas["ImportStatus"]["properties"]["status"] == {"$ref": "#/components/schemas/ImportStatusValue"}
    assert {"PENDING", "PROCESSED", "DRY_RUN_ERRORED"} < set(schemas["ImportStatusValue"]["enum"])
    for path, method in ((PROCESS, "post"), (VALIDATE, "post"), (STATUS, "get")):
        assert "Retry-After" in described["paths"][path][method]["responses"]["429"]["headers"]


def test_description_distinguishes_bodies(mock_server: LiveServer) -> None:
    described = httpx.get(f"{mock_server.url}{DESCRIPTION}").json()
    assert described["openapi"] == "3.1.0"
    parts = {"components": described["components"]}
    status = {"created_at": "2026-01-31T00:00:00Z", "modified_at": "2026-01-31T00:00:00Z"}
    for name, body, is_right in (
        ("ImportStatus", {"status": "PENDING"}, False),
        ("Refused", {"detail": "x", "code": "y", "errors": [{"detail": "x"}]}, False),
        ("NotValid", {"detail": "x", "code": "y"}, False),
        ("AlreadyImported", {"account_id": "A-1"}, False),
        ("AlreadyImported", {"non_field_errors": {"detail": "x", "code": "y"}, "account_id": None}, True),
        ("ImportStatus", {**status, "status": "PENDING"}, True),
        ("ImportStatus", {**status, "status": "LOST"}, False),
        ("AccountRequest", {"payload": good_account("dk")}, True),
        ("AccountRequest", {"payload": good_account("dk"), "task_params": {"is_dry_run": True}}, True),
        ("AccountRequest", {"payload": good_account("dk"), "task_params": {"is_dry_run": "perhaps"}}, False),
        ("AccountRequest", good_account("dk"), False),
        ("AccountRequest", {"payload": put(good_account("dk"), "customers", "none")}, False),
    ):
        schema = {"$ref": f"#/components/schemas/{name}", **parts}
        assert jsonschema.Draft202012Validator(schema).is_valid(body) == is_right, (name, body)
