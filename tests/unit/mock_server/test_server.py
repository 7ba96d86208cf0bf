"""The mock server responds to process as the validator predicts, given the stored imports."""

import threading
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate import Response
from premigrate.engine.import_key import ImportKey
from premigrate.mock_server.import_progress import kraken_number_of
from premigrate.mock_server.scenario import ScriptedFailure
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from tests.conftest import tenant_of, validator_of
from tests.payloads import good_account, put

NUMBERS = ["A", "B", " B ", 7, "7", "", "\ud800", None]

requests = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(["+4533123456", "abcde"]), st.booleans(), st.booleans()),
    max_size=12,
)


def payload_of(number: object, landline: str = "+4533123456") -> dict[str, Any]:
    account = put(good_account("dk"), "external_account_number", number)
    return {"payload": put(account, "customers.0.landline", landline)}


@settings(max_examples=15, deadline=None)
@given(requests)
def test_process_responds_as_predicted(calls: list[tuple[object, str, bool, bool]]) -> None:
    validator, store = validator_of("dk"), Store()
    mock_server = MockServer([tenant_of("dk")], store, [ScriptedFailure(account="B", lifecycle="errored")], speed=0)
    imported: dict[str, str | None] = {}
    for number, landline, dry_run, steps in calls:
        payload = payload_of(number, landline)
        predicted = validator.process(payload, imported=imported)
        response = mock_server.process({**payload, "task_params": {"is_dry_run": dry_run}}).response
        assert response == predicted
        if response.status == 201 and str(number).strip():
            imported[str(number).strip()] = None
        if steps:
            mock_server.step(60)
            statuses = {key: mock_server.status("NORLYS", key).response.body for key in imported}
            imported = {
                key: body["kraken_identifier"] for key, body in statuses.items() if body["status"] == "PROCESSED"
            }
            assert all(account == kraken_number_of(ImportKey("NORLYS", key)) for key, account in imported.items())
    store.close()


def test_two_servers_may_share_a_database(tmp_path: Path) -> None:
    stores = [Store(str(tmp_path / "imports.db")) for _ in range(2)]
    both = [MockServer([tenant_of("dk")], store, speed=0) for store in stores]
    responses: list[Response] = []

    def post(mock_server: MockServer) -> None:
        responses.extend(mock_server.process(payload_of(number)).response for number in range(20))

    threads = [threading.Thread(target=post, args=[mock_server]) for mock_server in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(response.status for response in responses) == [201] * 20 + [400] * 20
    assert both[0].state()["imports"] == both[1].state()["imports"]
    for store in stores:
        store.close()
