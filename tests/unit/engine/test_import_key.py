"""What an import is known by, and whether it is known."""

import pytest

from premigrate.engine.import_key import ImportKey, import_key_of, imported_account_number
from premigrate.exceptions import BadArgument


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"import_supplier": " A ", "external_account_number": 5}, ("A", "5")),
        ({"import_supplier": True, "external_account_number": "x"}, ("", "x")),
        ({"external_account_number": []}, ("", "")),
        ([], ("", "")),
    ],
)
def test_the_key_of_an_import(account: object, expected: tuple[str, str]) -> None:
    assert import_key_of(account) == ImportKey(*expected)


def test_what_an_imported_account_is_known_as() -> None:
    assert imported_account_number("1", {"1": "A-1", "2": None}) == "A-1"
    assert imported_account_number("2", {"1": "A-1", "2": None}) == ""
    assert imported_account_number("3", {"1": "A-1"}) is None
    assert imported_account_number("1", ["1"]) == ""
    assert imported_account_number("", [""]) is None
    assert imported_account_number("1", None) is imported_account_number("1", []) is None


@pytest.mark.parametrize("imported", ["1", b"1"])
def test_one_text_is_not_several(imported: object) -> None:
    with pytest.raises(BadArgument, match="not one text"):
        imported_account_number("1", imported)  # type: ignore[arg-type]
