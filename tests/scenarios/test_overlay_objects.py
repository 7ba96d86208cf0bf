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
        path.write_text(f'[market]\nextends = "dk"\n{overlay}', "utf-8")
        payload = json.dumps({"payload": account}).encode()
        code, out, err = invoke("check", "--as-of", AS_OF.isoformat(), "--overlay", path, "-", stdin=payload)
        assert err == ""
        return code, " ".join(out.split())

    return check


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
    address = {"country": "DK", "postal_code": "9000", "street_address": "Vej 1", "locality": "Aalborg"}
    account = {**good_account("dk"), "rich_billing_address": address}
    assert check(overlay, account)[0] == 0
    code, out = check(overlay, put(account, "rich_billing_address.postal_code", "90"))
    assert (code, "invalid_postcode at rich_billing_address.postal_code" in out) == (1, True)
    code, out = check(overlay, put(account, "rich_billing_address", {"country": "NO"}))
    assert (code, "required at rich_billing_address.locality" in out) == (1, True)
