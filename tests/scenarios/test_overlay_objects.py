"""Overlays whose objects differ in shape from those of the market, through the command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command import invoke
from tests.payloads import AS_OF, good_account, put

Check = Callable[[str, dict[str, Any]], tuple[int, str]]
"""Checks an account with the tables of an overlay; returns the exit code and the output without line breaks."""


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def check(overlay: str, account: dict[str, Any]) -> tuple[int, str]:
        path = tmp_path / "mine.toml"
        path.write_text(f'[market]\nextends = "pt"\n{overlay}', "utf-8")
        payload = json.dumps({"payload": account}).encode()
        code, out, err = invoke("check", "--as-of", AS_OF.isoformat(), "--overlay", path, "-", stdin=payload)
        assert err == ""
        return code, " ".join(out.split())

    return check


KINDS = """
    [object.power_point]
    about = "A supply point for electricity."
    basis = "observed"
    source = "ours"
    [object.power_point.fields]
    identifier = { type = "string", required = true, about = "Its number." }
    [object.gas_point]
    about = "A supply point for gas."
    basis = "observed"
    source = "ours"
    [object.gas_point.fields]
    identifier = { type = "string", max_length = 10, about = "Its number." }
    [change.supply_point]
    select = "supply_type"
    because = "ours"
    DEFAULT
    [change.supply_point.fields]
    identifier = { drop = true, because = "ours" }
    [change.supply_point.variants]
    ELECTRICITY = { object = "power_point", because = "ours" }
    GAS = { object = "gas_point", because = "ours" }
"""
POINT = "supply_addresses.0.supply_points.0"


def account_without_kind() -> dict[str, Any]:
    account = good_account("pt")
    del account["supply_addresses"][0]["supply_points"][0]["supply_type"]
    return account


def test_kinds_of_an_object(check: Check) -> None:
    account, required = account_without_kind(), KINDS.replace("DEFAULT", "")
    code, out = check(required, account)
    assert (code, f"required at {POINT}.supply_type" in out) == (1, True)
    assert check(required, put(account, f"{POINT}.supply_type", "ELECTRICITY"))[0] == 0
    code, out = check(required, put(account, f"{POINT}.supply_type", "GAS"))
    assert (code, f"max_length at {POINT}.identifier" in out) == (1, True)


def test_object_without_the_key_of_its_kind(check: Check) -> None:
    account = account_without_kind()
    assert check(KINDS.replace("DEFAULT", 'select_default = "ELECTRICITY"'), account)[0] == 0
    code, out = check(KINDS.replace("DEFAULT", 'select_default = "GAS"'), account)
    assert (code, f"max_length at {POINT}.identifier" in out) == (1, True)
    assert check(KINDS.replace("DEFAULT", "select_required = false"), account)[0] == 0


def test_copy_of_an_object(check: Check) -> None:
    overlay = """
        [object.billing_address]
        like = "address"
        about = "The address for bills."
        basis = "observed"
        source = "ours"
        [change.billing_address.fields]
        locality = { required = true, because = "ours" }
        [change.account.fields]
        rich_billing_address = { object = "billing_address", because = "ours" }
    """
    address = {"country": "PT", "postal_code": "1000-001", "street_address": "Rua 1", "locality": "Lisboa"}
    account = {**good_account("pt"), "rich_billing_address": address}
    assert check(overlay, account)[0] == 0
    code, out = check(overlay, put(account, "rich_billing_address.postal_code", "90"))
    assert (code, "invalid_postcode at rich_billing_address.postal_code" in out) == (1, True)
    code, out = check(overlay, put(account, "rich_billing_address", {"country": "NO"}))
    assert (code, "required at rich_billing_address.locality" in out) == (1, True)


RENAMED = """
    [change.supply_address.fields]
    supply_points = { key = "meter_points", because = "ours" }
    [change.supply_point.fields]
    identifier = { key = "mpxn", because = "ours" }
"""


def test_fields_under_other_keys(check: Check) -> None:
    account = good_account("pt")
    address = account["supply_addresses"][0]
    point = address.pop("supply_points")[0]
    address["meter_points"] = [{"mpxn": point.pop("identifier"), **point}]
    assert check(RENAMED, account)[0] == 0
    code, out = check(RENAMED, put(account, "supply_addresses.0.meter_points.0.mpxn", "PT0000000000000001TX"))
    assert (code, "at supply_addresses.0.meter_points.0.mpxn" in out) == (1, True)
    assert "unknown_field" in check(RENAMED, put(account, "supply_addresses.0.supply_points", []))[1]
