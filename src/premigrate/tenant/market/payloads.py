"""Tries the examples and cases of a market, and finds those that are missing or fail."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from premigrate.accounts.identity import supplier_of, unwrap_account
from premigrate.api import validate_document, validator_with
from premigrate.documents.json_text import read_json
from premigrate.exceptions import BadPayloadText, BadRules, Problem
from premigrate.rule_tests.cases import case_failures
from premigrate.ruleset.load import load_market_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from premigrate.api import Validator
    from premigrate.documents.document import Document
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.tenant.market.paths import MarketFolder

_MOST_ERRORS = 5


def missing_payloads(folder: MarketFolder, ruleset: Ruleset, as_of: date) -> Iterator[Problem]:
    """Yield the examples and cases that are missing, and those that give another answer than they must."""
    validator = validator_with(ruleset, as_of)
    good_file, bad_file = folder.example("good"), folder.example("bad")
    good, bad = _read(good_file), _read(bad_file)
    shown_good, shown_bad = folder.shown(good_file), folder.shown(bad_file)
    if good is None:
        yield Problem(shown_good, "", "is missing; write a payload from the documents of the market, as JSON")
    else:
        errors = validate_document(validator, good).errors
        for error in errors[:_MOST_ERRORS]:
            yield Problem(shown_good, error.attr, f"{error.code}: the good payload must have no errors")
        if len(errors) > _MOST_ERRORS:
            yield Problem(shown_good, "", f"has {len(errors) - _MOST_ERRORS} more errors")
        yield from _supplier(shown_good, good, ruleset)
    if bad is None:
        yield Problem(shown_bad, "", "is missing; write the good payload with some mistakes")
    elif validate_document(validator, bad).ok:
        yield Problem(shown_bad, "", "has no errors; add some mistakes")
    yield from _Cases(folder, validator).problems(unwrap_account(good.data) if good else None)


def _read(file: Path) -> Document | None:
    """Read an example; None if there is none, or if it is not JSON."""
    try:
        return read_json(file.read_bytes())
    except (OSError, BadPayloadText):
        return None


def _supplier(shown: str, good: Document, ruleset: Ruleset) -> Iterator[Problem]:
    code = supplier_of(unwrap_account(good.data))
    if ruleset.suppliers and not any(fnmatchcase(code, glob) for glob in ruleset.suppliers):
        yield Problem(shown, "import_supplier", f"{code!r} matches none of [market] suppliers")


class _Cases:
    """The cases of a market, with validators that are built once for each overlay."""

    def __init__(self, folder: MarketFolder, validator: Validator) -> None:
        self._folder = folder
        self._validators = {"": validator}

    def problems(self, account: object) -> Iterator[Problem]:
        """Yield the files that are not TOML, and the cases whose answer differs from the expected one."""
        cases = []
        for file in sorted(self._folder.cases.glob("*.toml")):
            shown = self._folder.shown(file)
            try:
                cases += [(shown, case) for case in tomllib.loads(file.read_text("utf-8")).get("case", ())]
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                yield Problem(shown, "", f"is not TOML: {error}")
        if not any(case.get("answer") for _, case in cases):
            message = "has no case with an answer; add one that changes the good payload, with the expected errors"
            yield Problem(self._folder.shown(self._folder.cases), "", message)
        if isinstance(account, dict):
            for shown, case in cases:
                place = f"[[case]] {case.get('about', '')}"
                yield from (Problem(shown, place, message) for message in self._failures(account, case))

    def _failures(self, account: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[str]:
        try:
            validator = self._validator(case.get("overlay", {}))
        except BadRules as error:
            yield from map(str, error.problems)
        else:
            yield from case_failures(validator.validate, account, case, validator.as_of)

    def _validator(self, tables: Mapping[str, Any]) -> Validator:
        key = repr(tables) if tables else ""
        if key not in self._validators:
            overlay = {"market": {"extends": self._folder.name}, **tables}
            ruleset = load_market_folder(self._folder.rules, overlay)
            self._validators[key] = validator_with(ruleset, self._validators[""].as_of)
        return self._validators[key]
