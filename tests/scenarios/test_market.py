"""The market command: it begins a market, overwrites nothing, and says what a market lacks."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

import premigrate
from tests.command import invoke
from tests.payloads import ROOT

NEW = ("market", "new", "no", "--supplier", "FJORD*", "--timezone", "Europe/Oslo")


def missing(folder: Path, market: str = "no", cwd: Path = ROOT) -> dict[tuple[str, str], str]:
    """Return what a market lacks, by file and place."""
    code, out, err = invoke("market", "check", folder / "rules" / market, "--format", "json", cwd=cwd)
    found: list[dict[str, str]] = json.loads(out)["missing"]
    assert (code, err) == (1 if found else 0, "")
    return {(each["file"], each["place"]): each["message"] for each in found}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which the market ``no`` has begun."""
    assert invoke(*NEW, cwd=tmp_path).code == 0
    return tmp_path


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with a copy of a shipped market, its examples and its cases."""
    for part in ("rules/dk", "examples/dk"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "tests" / "cases" / "dk").mkdir(parents=True)
    shutil.copy(ROOT / "tests/cases/dk/money.toml", tmp_path / "tests/cases/dk")
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_skeleton_is_a_market_file_with_all_topics(folder: Path) -> None:
    tables = tomllib.loads((folder / "rules/no/market.toml").read_text("utf-8"))
    dk = tomllib.loads((ROOT / "rules/dk/market.toml").read_text("utf-8"))
    assert set(tables["market"]["include"]) == set(dk["market"]["include"])
    assert tables["market"]["title"] == "Norway"
    assert tables["market"]["suppliers"] == ["FJORD*"]
    assert tables["scheme"]["phone"]["arguments"] == {"region": "NO"}


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["es", "--title", 'The "South"'], ['title = "The \\"South\\""', 'territory = "ES"', "suppliers = []"]),
        (["uk", "--territory", "GB"], ['title = "United Kingdom"', 'territory = "GB"']),
        (["es", "--timezone", "A", "--timezone", "B"], ['timezone = ["A", "B"]']),
        (["aq"], ['# arguments = { region = "AQ" }']),  # libphonenumber has no numbers of Antarctica
    ],
)
def test_options_are_in_the_market_file(tmp_path: Path, arguments: list[str], lines: list[str]) -> None:
    code, _, err = invoke("market", "new", *arguments, cwd=tmp_path)
    assert (code, err) == (0, "")
    text = (tmp_path / "rules" / arguments[0] / "market.toml").read_text("utf-8")
    found = [line.partition(" # the import")[0].replace("\\u0022", '\\"') for line in text.splitlines()]
    for line in lines:
        (key, _, value) = line.partition(" = ")
        assert line in found or tomllib.loads(line)[key] == tomllib.loads(text)["market"][key], (line, value)


def test_nothing_is_overwritten(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "rules/no/market.toml").unlink()
    code, out, err = invoke(*NEW, cwd=folder)
    assert (code, out) == (2, "")
    assert "tests/cases/no/market.toml already exists; nothing was written" in err
    left = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert left == {
        path: content for path, content in before.items() if path.name != "market.toml" or "cases" in path.parts
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Es"], "is not a valid name of a market"),
        (["../es"], "is not a valid name of a market"),
        (["platform"], "is not a valid name of a market"),
        (["zz"], "is not a country code of ISO 3166"),
    ],
)
def test_unsuitable_names_are_refused(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, _, err = invoke("market", "new", *arguments, cwd=tmp_path)
    assert code == 2
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_everything_that_a_new_market_lacks_is_listed(tmp_path: Path) -> None:
    invoke("market", "new", "no", cwd=tmp_path)
    file = "rules/no/market.toml"
    assert missing(tmp_path).keys() == {
        (file, "[market] suppliers"),
        (file, "[market] timezone"),
        (file, "[scheme.postal_code.territories.NO]"),
        (file, "[scheme.company_number]"),
        (file, "[scheme.supply_point_identifier]"),
        ("examples/no/good.json", ""),
        ("examples/no/bad.json", ""),
        ("tests/cases/no", ""),
        ("rules/no/CATALOGUE.md", ""),
        ("rules/no/FIELDS.md", ""),
    }


def test_missing_keys_and_telephone_numbers_are_listed(folder: Path) -> None:
    replace(folder / "rules/no/market.toml", 'title = "Norway"\n', "")
    replace(folder / "rules/no/market.toml", "[scheme.phone]", "[scheme.other]")
    places = {place for _, place in missing(folder)}
    assert {"[market] title", "[scheme.phone]"} <= places


def test_disabled_rules_need_no_format(folder: Path) -> None:
    with (folder / "rules/no/market.toml").open("a", encoding="utf-8") as file:
        for rule in ("postcode-format", "company-number-likely", "supply-point-identifier-valid"):
            file.write(f'{rule} = "Nothing is published."\n')
    assert not [place for _, place in missing(folder) if "scheme" in place]


def test_copy_of_a_shipped_market_is_complete(copied: Path) -> None:
    assert missing(copied, "dk") == {}
    code, out, _ = invoke("market", "check", copied / "rules" / "dk")
    assert (code, out) == (0, "dk: nothing is missing\n")


def test_mistakes_in_a_complete_market_are_listed(copied: Path) -> None:
    market, rules = copied / "rules/dk/market.toml", copied / "rules/dk/market.toml"
    replace(market, '"NORLYS*"', '"ENIPLENITUDE*"')
    replace(rules, 'id = "supply-type-not-danish"', 'id = "supply-point-of-gas"')
    replace(copied / "rules/dk/words.toml", '"supply-type-not-danish"', '"supply-point-of-gas"')
    replace(
        rules,
        "[disabled]\n",
        '[disabled]\nlegacy-billing-line = "It is not needed."\n'.replace(
            "legacy-billing-line", "note-body-or-document"
        ),
    )
    replace(copied / "examples/dk/good.json", "+4533123456", "abcde")
    shutil.copy(ROOT / "examples/dk/good.json", copied / "examples/dk/bad.json")
    found = missing(copied, "dk")
    assert "clashes with ENIPLENITUDEPT* of pt" in found["rules/dk/market.toml", "[market] suppliers"]
    assert "rule of pt" in found["rules/dk/market.toml", "[[rule]] supply-point-of-gas"]
    assert "invalid_phone_number" in found["examples/dk/good.json", "customers.0.landline"]
    assert "none of [market] suppliers" in found["examples/dk/good.json", "import_supplier"]
    assert "has no errors" in found["examples/dk/bad.json", ""]
    assert "older than the rules" in found["rules/dk/CATALOGUE.md", ""]
    assert any(file == "tests/cases/dk/money.toml" for file, _ in found)


def test_switch_of_a_rule_without_fields_is_not_needed(copied: Path) -> None:
    with (copied / "rules/dk/market.toml").open("a", encoding="utf-8") as file:
        file.write('consent-signed-not-future = "No."\n')  # in [disabled], the last table
        file.write('[change.consent.fields]\nsigned_at = { drop = true, because = "For the test." }\n')
    place = ("rules/dk/market.toml", "[disabled] consent-signed-not-future")
    assert "is not needed" in missing(copied, "dk")[place]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('root = "account"', 'root = "acount"', "did you mean 'account'"),
        ('good = ["13585628"]', 'good = ["13585627"]', "'13585627' is refused"),
        ("[disabled]", "[disabled", "market.toml"),
    ],
)
def test_broken_rules_are_refused(copied: Path, old: str, new: str, message: str) -> None:
    replace(copied / "rules/dk/market.toml", old, new)
    code, out, err = invoke("market", "check", copied / "rules" / "dk")
    assert (code, out) == (3, "")
    assert message in err


def test_unknown_market_is_refused(tmp_path: Path) -> None:
    code, _, err = invoke("market", "check", "pl", cwd=tmp_path)
    assert (code, "there is no market 'pl'" in err) == (2, True)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"change": {"ledgers.7.x": 1}}, "no such place"),
        ({"chance": {}}, "unknown key of a case: chance"),
        ({"answer": [["a", "b", "c"]]}, "answer: expected"),
        ({"overlay": {"disabled": {"no-such-rule": "Why."}}}, "there is no rule, advice or fix"),
    ],
)
def test_cases_are_tried(copied: Path, case: dict[str, Any], message: str) -> None:
    from premigrate.documents.toml_writer import render_overlay

    text = render_overlay({"case": [{"about": "ours", **case}]}, "Ours")
    (copied / "tests/cases/dk/ours.toml").write_text(text, "utf-8")
    assert message in missing(copied, "dk")["tests/cases/dk/ours.toml", "[[case]] ours"]


@pytest.mark.parametrize("market", premigrate.markets())
def test_every_market_is_complete(market: str) -> None:
    code, out, err = invoke("market", "check", market)
    assert (code, out, err) == (0, f"{market}: nothing is missing\n", "")
