"""Findings of errors say how the text of their code is known; advice has no such basis."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import invoke
from tests.payloads import good_account, put

OVERLAY = """
[market]
extends = "dk"

[code.invalid_postcode]
detail = "{value} is no postcode."
meaning = "A postal code does not have the form of its country."
detail_basis = "observed"
source = "a response"
"""


def bases_of(tmp_path: Path, output: str, *options: str) -> dict[str, str | None]:
    """Return the basis of each finding by code."""
    account = put(good_account("dk"), "supply_addresses.0.supply_postcode", "90")
    account["customers"][0]["landline"] = "abcde"
    account["zzz"] = 1
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account), "utf-8")
    result = invoke("check", "--as-of", "2026-01-31", "--format", output, *options, str(file))
    assert result.code == 1, result.err
    findings: list[dict[str, Any]]
    if output == "json":
        findings = json.loads(result.out)["accounts"][0]["findings"]
    else:
        findings = [json.loads(line) for line in result.out.splitlines()]
    return {finding["code"]: finding["detail_basis"] for finding in findings}


@pytest.mark.parametrize("output", ["json", "ndjson"])
def test_error_has_the_basis_of_its_text(tmp_path: Path, output: str) -> None:
    bases = bases_of(tmp_path, output)
    assert bases["invalid_phone_number"] == "documented"
    assert bases["invalid_postcode"] == "inferred"
    assert bases["unknown_field"] is None


def test_overlay_changes_the_basis(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text(OVERLAY, "utf-8")
    bases = bases_of(tmp_path, "ndjson", "--overlay", str(overlay))
    assert (bases["invalid_postcode"], bases["invalid_phone_number"]) == ("observed", "documented")
