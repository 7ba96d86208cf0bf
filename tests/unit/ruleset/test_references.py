"""Reference lists that a user supplies, in every form, and the messages for mistakes in them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.references import References
from tests.payloads import AS_OF, good_account, put


def read(references: References) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Return columns and rows of the lists that were loaded."""
    shipped = load_ruleset("pt").lists
    lists = load_ruleset("pt", None, references).lists
    return {name: (spec.columns, spec.values) for name, spec in lists.items() if spec != shipped[name]}


def test_text_file_has_one_value_per_line(tmp_path: Path) -> None:
    file = tmp_path / "ledger_codes.txt"
    file.write_bytes(b"\xef\xbb\xbfELECTRICITY\r\n\r\n GAS and heat \n0800-0802\n")
    assert read(file) == {"ledger_codes": (("value",), (("ELECTRICITY",), ("GAS and heat",), ("0800-0802",)))}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_file_has_a_header(tmp_path: Path, separator: str) -> None:
    rows = [["name", "note", "slug"], ["Spring", '"a, b; c"', "spring"], ["", "", "summer"], ["", "", ""]]
    file = tmp_path / "campaigns.csv"
    file.write_text("\n".join(separator.join(row) for row in rows), "utf-8")
    assert read(str(file)) == {"campaigns": (("slug", "name"), (("spring", "Spring"), ("summer", "")))}


def test_columns_after_the_first_are_optional(tmp_path: Path) -> None:
    file = tmp_path / "campaigns.csv"
    file.write_text("slug\nspring\n", "utf-8")
    assert read(file) == {"campaigns": (("slug",), (("spring",),))}


def test_toml_file_has_several_lists(tmp_path: Path) -> None:
    file = tmp_path / "anything.toml"
    file.write_text(
        'ledger_codes = ["A", 7]\nvariable_products = [{ code = "P", available_from = 2025-01-01 }]\n'
        'product_rates = [{ product_code = "P", rate_band = "x", price = 0.10 }]\noperations_teams = []\n',
        "utf-8",
    )
    assert read(tmp_path) == {
        "ledger_codes": (("value",), (("A",), ("7",))),
        "variable_products": (("code", "available_from"), (("P", "2025-01-01"),)),
        "product_rates": (("product_code", "rate_band", "price"), (("P", "x", "0.10"),)),
        "operations_teams": (("value",), ()),
    }


def test_mapping_has_values_or_rows() -> None:
    references: References = {"ledger_codes": ("A",), "campaigns": [{"slug": "spring", "name": "Spring"}]}
    assert read(references) == {
        "ledger_codes": (("value",), (("A",),)),
        "campaigns": (("slug", "name"), (("spring", "Spring"),)),
    }


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"ledger_code.txt": "A"}, "there is no reference list 'ledger_code'; did you mean 'ledger_codes'?"),
        ({"ledger_codes.xlsx": "A"}, "is not a reference list; reference lists are .txt, .csv, .toml files"),
        ({"ledger_codes.txt": "A", "x.toml": 'ledger_codes = ["A"]'}, "the list is also in"),
        (
            {"campaigns.csv": "Slug,name\nspring,Spring"},
            "row 1: has no value in the column 'slug'; the columns are",
        ),
        ({"x.toml": "ledger_codes = ["}, "this is not TOML"),
        ({"x.toml": "ledger_codes = 5"}, "must be a list of strings or of rows"),
        ({"x.toml": "ledger_codes = [true]"}, "row 1: contains a value that is not a string, number or date"),
        ({"x.toml": "ledger_codes = [[]]"}, "row 1: contains a value that is not a string, number or date"),
        ({"ledger_codes.txt": "\udcff"}, "line 1: the reference list is not UTF-8 text"),
    ],
)
def test_mistake_is_reported(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(premigrate.BadRules) as caught:
        read(tmp_path)
    assert message in str(caught.value)


def test_missing_file_is_reported() -> None:
    with pytest.raises(premigrate.BadRules, match="cannot be read: No such file"):
        read("nowhere.txt")


@pytest.mark.parametrize(
    ("references", "message"),
    [
        (
            {"user_detail_namespaces": [{"namespace": "a", "type": "colour"}]},
            "row 1, type: there is no type 'colour'; the types are",
        ),
        ({"user_detail_namespaces": [{"namespace": "a", "pattern": "(a+)+"}]}, "is not a plain pattern"),
        ({"lowest_schedule_amount": ["ten"]}, "lowest_schedule_amount, row 1, amount: 'ten' is neither a number"),
        ({"lowest_schedule_amount": ["10", "10,00"]}, "row 2, amount: '10,00' is neither a number such as 10.00"),
        ({"lowest_schedule_amount": ["NaN"]}, "'NaN' is neither a number"),
        ({"lowest_schedule_amount": []}, "lowest_schedule_amount: the list is empty; add at least one row"),
        (
            {"product_rates": [{"product_code": "a", "rate_band": "b", "price": "1,5"}]},
            "product_rates, row 1, price: '1,5' is neither a number",
        ),
    ],
)
def test_list_that_a_rule_can_not_use_is_reported(references: References, message: str) -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        premigrate.Validator(market="pt", as_of=AS_OF, references=references)
    assert message in str(caught.value)


@pytest.mark.parametrize("rows", [["10.00"], [10], [Decimal("2.5")]])
def test_numbers_in_lists(rows: list[Any]) -> None:
    validator = premigrate.Validator(market="pt", as_of=AS_OF, references={"lowest_schedule_amount": rows})
    assert "lowest_schedule_amount" not in {name for lists in validator.not_checked.values() for name in lists}


def test_all_mistakes_found_by_the_compiler_are_reported() -> None:
    lists = {"user_detail_namespaces": [{"namespace": "a", "type": "colour", "pattern": "(a+)+"}]}
    with pytest.raises(premigrate.BadRules) as caught:
        premigrate.Validator(market="pt", as_of=AS_OF, references=lists)
    assert "for the rule user-detail-type" in str(caught.value)
    assert "for the rule user-detail-value" in str(caught.value)


def test_list_closes_open_choices() -> None:
    account = put(good_account("dk"), "sales_channel", "PIGEON")
    before = premigrate.Validator(market="dk", as_of=AS_OF)
    assert before.not_checked["account.sales_channel"] == ("sales_channels",)
    assert before.validate(account).ok
    after = premigrate.Validator(market="dk", as_of=AS_OF, references={"sales_channels": ["DIRECT"]})
    assert "account.sales_channel" not in after.not_checked
    errors = [(error.code, error.attr, error.detail) for error in after.validate(account).errors]
    assert errors == [("invalid_choice", "sales_channel", '"PIGEON" is not a valid choice.')]
    assert after.validate(put(account, "sales_channel", "")).ok


def test_rule_is_not_checked_without_its_column() -> None:
    validator = premigrate.Validator(market="dk", as_of=date(2026, 1, 31), references={"campaigns": ["spring"]})
    assert "campaign-known" not in validator.not_checked
    assert validator.not_checked["campaign-known-by-name"] == ("campaigns",)


def test_platform_only_rule_names_no_list() -> None:
    validator = premigrate.Validator(market="pt", as_of=AS_OF)
    assert validator.not_checked["reference-unused"] == ()
    account = good_account("pt")
    assert "reference-unused" not in validator.validate(account).not_checked, "it has no references"
    account["references"] = [{"namespace": "a", "value": "1"}]
    assert "reference-unused" in validator.validate(account).not_checked
