"""One mock server with several tenants, whose times are those of the given day in the zone of each."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from premigrate import BadArgument
from premigrate.testing import run_mock_server
from tests.command import invoke as run
from tests.payloads import AS_OF, good_account, put
from tests.scenarios.test_serve_process import PROCESS, served

NORLYS_A = {"market": {"extends": "dk", "suppliers": ["NORLYS_A*"]}}
NORLYS_B = {
    "market": {"extends": "dk", "suppliers": ["NORLYS_B"], "timezone": "Atlantic/Faroe"},
    "code": {"invalid_phone_number": {"detail": "nej", "meaning": "No.", "detail_basis": "observed", "source": "us"}},
}


def bad(market: str, supplier: str | None = None) -> dict[str, Any]:
    account: dict[str, Any] = put(good_account(market), "customers.0.landline", "abcde")
    return put(account, "import_supplier", supplier) if supplier else account


def details(response: httpx.Response) -> list[str]:
    return [error["detail"] for error in response.json()["errors"]]


def test_supplier_chooses_the_market() -> None:
    with run_mock_server(market=["dk", "pt"], as_of=AS_OF) as server, httpx.Client(base_url=server.url) as client:
        described_fields = []
        for market in ("dk", "pt"):
            account = good_account(market)
            assert client.post(f"{PROCESS}validate/", json=account).status_code == 200
            assert client.post(PROCESS, json={"payload": account}).status_code == 201
            path = f"{PROCESS}{account['import_supplier']}/{account['external_account_number']}/"
            created_at = client.get(path).json()["created_at"]
            assert created_at == {"dk": "2026-01-31T12:00:00+01:00", "pt": "2026-01-31T11:00:00Z"}[market]
            query = {"import_supplier": account["import_supplier"]}
            described = client.get("/_premigrate/openapi.json", params=query).json()["components"]["schemas"]
            described_fields.append(described)
        assert described_fields[0] != described_fields[1]
        nobody = client.post(f"{PROCESS}validate/", json=put(good_account("pt"), "import_supplier", "NOBODY"))
        assert nobody.status_code == 400, "the first tenant answers where no tenant has the supplier"
        assert len(server.imports) == 2


def test_overlays_are_tenants_of_their_own() -> None:
    options: dict[str, Any] = {"market": "pt", "overlay": [NORLYS_A, NORLYS_B], "as_of": AS_OF}
    with run_mock_server(**options) as server, httpx.Client(base_url=server.url) as client:
        path = f"{PROCESS}validate/"
        assert details(client.post(path, json=bad("dk", "NORLYS_A1"))) == ["abcde is not a valid phone number"]
        assert details(client.post(path, json=bad("dk", "NORLYS_B"))) == ["nej"]
        assert client.post(path, json=good_account("pt")).status_code == 200


def test_tenants_with_the_same_supplier_are_refused() -> None:
    same = {"market": {"extends": "dk"}}
    with (
        pytest.raises(BadArgument, match="import supplier NORLYS"),
        run_mock_server(market=[], overlay=[same, same], as_of=AS_OF),
    ):
        pass
    with (
        pytest.raises(BadArgument, match="does not state the market"),
        run_mock_server(market=["dk", "pt"], overlay={}, as_of=AS_OF),
    ):
        pass


def test_clock_follows_the_day_and_validations_follow_the_clock() -> None:
    tomorrow = (AS_OF + timedelta(days=1)).isoformat()
    account = put(good_account("dk"), "last_statement_closing_date", tomorrow)
    options: dict[str, Any] = {"market": "dk", "as_of": AS_OF, "timezone": "Asia/Tokyo"}
    with run_mock_server(**options) as server, httpx.Client(base_url=server.url) as client:
        assert client.get("/_premigrate/health").json() == {"status": "ok", "now": "2026-01-31T12:00:00+09:00"}
        before = client.post(f"{PROCESS}validate/", json=account)
        assert server.step(11 * 3600) == datetime.fromisoformat("2026-01-31T23:00:00+09:00")
        assert client.post(f"{PROCESS}validate/", json=account).status_code == before.status_code
        server.step(3600)
        after = client.post(f"{PROCESS}validate/", json=account)
        assert (before.status_code, after.status_code) == (400, 200)


def test_health_needs_no_token() -> None:
    with run_mock_server(market="dk", as_of=AS_OF, token="t" * 20) as server:
        assert httpx.get(f"{server.url}/_premigrate/health").status_code == 200
        assert httpx.get(f"{server.url}/_premigrate/state").status_code == 401


def test_clock_of_the_command(tmp_path: Any) -> None:
    options = ("--database", str(tmp_path / "imports.db"), "--timezone", "UTC")
    with served(*options) as (url, _):
        first = httpx.get(f"{url}/_premigrate/health").json()["now"]
        httpx.post(f"{url}/_premigrate/step", json={"seconds": 3 * 86400})
        assert date.fromisoformat(first[:10]) == AS_OF
        assert first.endswith("+00:00")
    with served(*options) as (url, _):
        assert httpx.get(f"{url}/_premigrate/health").json()["now"] > "2026-02-03", "the same options continue"
    code, _, err = run("serve", "--market", "dk", "--port", "0", *options, "--as-of", "2026-02-01")
    assert (code, "the clock of the database is at 2026-02-03, after 2026-02-01" in err) == (2, True), err


def test_unknown_timezone() -> None:
    code, out, err = run("serve", "--market", "dk", "--port", "0", "--timezone", "Lisbon")
    assert (code, out) == (2, "")
    assert err == "premigrate: there is no time zone 'Lisbon'; use an IANA name, such as Europe/Lisbon\n"


def test_no_market() -> None:
    code, _, err = run("serve", "--port", "0")
    assert (code, "Missing option '--market'" in err) == (2, True)
