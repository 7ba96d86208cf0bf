"""Reads and writes the baseline: known findings, each with an optional reason and expiry date."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from premigrate.accounts.identity import MAX_ACCOUNT_NUMBER_LENGTH, MAX_SUPPLIER_LENGTH
from premigrate.batch.display_paths import DisplayPaths, display_paths_from, resolve_path
from premigrate.batch.inputs import STDIN_NAME
from premigrate.exceptions import BadArgument
from premigrate.report.findings import Finding
from premigrate.report.run import escape


class AccountKey(NamedTuple):
    """The identity of an account: its supplier and number, or without a number its file and its position there.

    ``file`` is relative to the folder of the baseline, with ``/`` as the separator.
    """

    supplier: str = ""
    number: str = ""
    file: str = ""
    position: int = 0

    def __str__(self) -> str:
        """Return a readable name."""
        return f"{self.supplier} {self.number}".strip() if self.number else f"{self.file}[{self.position}]"


class FindingKey(NamedTuple):
    """The identity of a finding: account, code and attr."""

    account: AccountKey
    code: str
    attr: str


_TEXTS = ("supplier", "account", "file", "code", "attr")
_KEYS = "supplier and account, or file and position; and code and attr"

LegacyKey = tuple[str, str, str]
"""The identity of a finding in a baseline without suppliers: name of the account, code and attr."""


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A known finding. ``expires`` is the last day on which the entry applies; None: it does not expire."""

    key: FindingKey
    reason: str = ""
    expires: date | None = None


@dataclass
class Baseline:
    """The entries of a baseline, and those that the findings of a run matched.

    ``display_paths`` says how the paths of files are shown. ``legacy_entries`` are entries without a supplier, which
    match nothing. ``matched_keys`` are the matched entries. ``entry_accounts`` are the accounts that have entries, and
    ``checked_accounts`` those of them that were checked.
    """

    file: str
    display_paths: DisplayPaths
    entries: dict[FindingKey, BaselineEntry] = field(default_factory=dict)
    legacy_entries: dict[LegacyKey, BaselineEntry] = field(default_factory=dict)
    matched_keys: set[FindingKey] = field(default_factory=set)
    checked_accounts: set[AccountKey] = field(default_factory=set)
    entry_accounts: frozenset[AccountKey] = frozenset()

    def __post_init__(self) -> None:
        """Collect the accounts that have entries: no others have to be remembered."""
        self.entry_accounts = frozenset(key.account for key in self.entries)

    @property
    def shown_file(self) -> str:
        """The baseline file for messages: its path from the current folder, without control characters."""
        return _shown(self.file, self.display_paths)

    def unmatched_copy(self) -> "Baseline":
        """Return a baseline with the same entries, none of them matched."""
        return replace(self, matched_keys=set(), checked_accounts=set())

    def account_key(self, file: str, position: int, supplier: str, number: str) -> AccountKey:
        """Return the key of an account. A number or supplier so long that it may have been cut is not used."""
        if number and len(number) < MAX_ACCOUNT_NUMBER_LENGTH and len(supplier) < MAX_SUPPLIER_LENGTH:
            return AccountKey(supplier, number)
        return AccountKey(file=_file_key(self.file, self.display_paths, file), position=position)

    def match(self, account: AccountKey, finding: Finding, today: date) -> bool:
        """Mark the entry of a finding as matched; return whether there is one that has not expired."""
        key = FindingKey(account, finding.code, finding.attr)
        if key not in self.entries:
            return False
        self.matched_keys.add(key)
        return not _is_expired(self.entries[key], today)

    def mark_checked(self, account: AccountKey) -> None:
        """Record that an account was checked: its entries are stale unless a finding matches them."""
        if account in self.entry_accounts:
            self.checked_accounts.add(account)

    def stale_entries(self) -> list[BaselineEntry]:
        """List the entries that no finding matched although their account was checked."""
        return [
            entry
            for key, entry in self.entries.items()
            if key.account in self.checked_accounts and key not in self.matched_keys
        ]

    def expired_entries(self, today: date) -> list[BaselineEntry]:
        """List the matched entries that have expired."""
        return [self.entries[key] for key in sorted(self.matched_keys) if _is_expired(self.entries[key], today)]


def _shown(file: str, paths: DisplayPaths) -> str:
    folder, name = os.path.split(file)  # `DisplayPaths.display` is for files that exist; a baseline may be missing
    return escape(paths.from_cwd(os.path.join(resolve_path(folder or os.curdir), name)))  # noqa: PTH118


@lru_cache(maxsize=64)
def _file_key(baseline: str, shown: DisplayPaths, file: str) -> str:
    """Return the path of a file relative to the folder of the baseline."""
    if file == STDIN_NAME:
        return file
    path = shown.absolute_path(file)
    real = resolve_path(path)
    if Path(shown.display(real)).is_absolute() and not Path(file).is_absolute():
        real = path  # a link leads out of the folder in which it was found
    folder = os.path.dirname(resolve_path(baseline))  # noqa: PTH120
    try:
        return Path(os.path.relpath(real, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(real).as_posix()


def load_baseline(path: str, shown: DisplayPaths | None = None, *, allow_legacy: bool = False) -> Baseline:
    """Read a baseline.

    Args:
        path: the baseline file.
        shown: how the paths of files are shown; by default relative to the current folder.
        allow_legacy: accept entries without a supplier, so that they can be rewritten with one.

    Raises:
        BadArgument: the file cannot be read, or is not a baseline.

    """
    shown = shown or display_paths_from()
    name = _shown(path, shown)
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        hint = "; premigrate baseline write creates it" if isinstance(error, FileNotFoundError) else ""
        raise BadArgument(f"{name}: the baseline cannot be read: {error.strerror}{hint}") from None
    except UnicodeDecodeError as error:
        raise BadArgument(f"{name}: the baseline is not TOML: {error}") from None
    return parse_baseline(path, text, shown, allow_legacy=allow_legacy)


def parse_baseline(path: str, text: str, shown: DisplayPaths, *, allow_legacy: bool = False) -> Baseline:
    """Parse the text of a baseline. Raises BadArgument as `load_baseline` does."""
    from premigrate.documents.toml_text import TomlError, read_toml

    name = _shown(path, shown)
    try:
        tables = read_toml(text)
    except TomlError as error:
        raise BadArgument(f"{name}: the baseline is not TOML: {error}") from None
    known = tables.get("known", [])
    if tables.keys() - {"known"} or not isinstance(known, list):
        raise BadArgument(f"{name}: a baseline can contain only [[known]] tables")
    entries: dict[FindingKey, BaselineEntry] = {}
    old: dict[LegacyKey, BaselineEntry] = {}
    for number, table in enumerate(known, 1):
        place = f"{name}: entry {number} of [[known]]"
        entry = _entry(place, table)
        if "account" not in table or "supplier" in table:
            entries[entry.key] = entry
        elif allow_legacy:
            old[entry.key.account.number, entry.key.code, entry.key.attr] = entry
        else:
            raise BadArgument(f"{place}: supplier is missing; run premigrate baseline write again to add it")
    return Baseline(path, shown, entries, old)


def _entry(place: str, table: Any) -> BaselineEntry:  # noqa: ANN401 - any TOML value
    if not isinstance(table, dict):
        raise BadArgument(f"{place}: must be a table")
    if wrong := table.keys() - {*_TEXTS, "position", "reason", "expires"}:
        raise BadArgument(f"{place}: unknown key {min(wrong)!r}; the keys are {_KEYS}, reason and expires")
    texts = {key: _read_text(place, key, table[key]) for key in _TEXTS if key in table}
    is_number = {"account"} <= texts.keys() and not {"file", "position"} & table.keys()
    is_place = {"file", "position"} <= table.keys() and not {"supplier", "account"} & texts.keys()
    if not {"code", "attr"} <= texts.keys() or not (is_number or is_place):
        raise BadArgument(f"{place}: an entry must have {_KEYS}")
    reason, expires, position = table.get("reason", ""), table.get("expires"), table.get("position", 0)
    if type(position) is not int or position < 0:
        raise BadArgument(f"{place}: position must be a whole number of at least 0")
    if not isinstance(reason, str) or not (expires is None or type(expires) is date):
        raise BadArgument(f"{place}: reason must be a string, and expires a date such as 2026-12-31, without quotes")
    account = AccountKey(texts.get("supplier", ""), texts.get("account", ""), texts.get("file", ""), position)
    return BaselineEntry(FindingKey(account, texts["code"], texts["attr"]), reason, expires)


def _read_text(place: str, key: str, value: object) -> str:
    """Return a text; one that TOML cannot represent is JSON in a table with the key ``json``."""
    if isinstance(value, dict) and value.keys() == {"json"} and isinstance(value["json"], str):
        try:
            value = json.loads(value["json"])
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, str):
        raise BadArgument(f"{place}: {key} must be a string")
    return value


def render_baseline(entries: Iterable[BaselineEntry]) -> Iterator[str]:
    """Render a baseline as TOML, sorted, so that two versions can be compared line by line."""
    yield "# Known findings. premigrate baseline write updates this file and keeps the reasons and dates.\n"
    for entry in sorted(entries, key=lambda entry: entry.key):
        account, code, attr = entry.key
        yield "\n[[known]]\n"
        if account.number:
            yield f"supplier = {_render_text(account.supplier)}\naccount = {_render_text(account.number)}\n"
        else:
            yield f"file = {_render_text(account.file)}\nposition = {account.position}\n"
        yield f"code = {_render_text(code)}\nattr = {_render_text(attr)}\n"
        if entry.reason:
            yield f"reason = {_render_text(escape(entry.reason))}\n"
        if entry.expires:
            yield f"expires = {entry.expires}\n"


def _render_text(value: str) -> str:
    """Render a text so that it reads back unchanged; TOML cannot represent lone surrogates."""
    from premigrate.documents.toml_writer import toml_string  # a run that only reads a baseline does not pay for it

    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return f"{{ json = {toml_string(json.dumps(value))} }}"
    return toml_string(value)


def _is_expired(entry: BaselineEntry, today: date) -> bool:
    return entry.expires is not None and entry.expires < today
