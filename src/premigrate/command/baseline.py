"""Reads and writes the baseline: known findings, each with an optional reason and expiry date."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from premigrate.accounts.identity import LONGEST_REFERENCE, LONGEST_SUPPLIER
from premigrate.batch.display_paths import ShownPaths, resolve, shown_from
from premigrate.batch.inputs import STDIN_NAME
from premigrate.exceptions import BadArgument
from premigrate.report.findings import Finding
from premigrate.report.run import plain


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


class Key(NamedTuple):
    """The identity of a finding: account, code and attr."""

    account: AccountKey
    code: str
    attr: str


_TEXTS = ("supplier", "account", "file", "code", "attr")
_KEYS = "supplier and account, or file and position; and code and attr"

OldKey = tuple[str, str, str]
"""The identity of a finding in a baseline without suppliers: name of the account, code and attr."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A known finding. ``expires`` is the last day on which the entry applies; None: it does not expire."""

    key: Key
    reason: str = ""
    expires: date | None = None


@dataclass
class Baseline:
    """The entries of a baseline, and those that the findings of a run matched.

    ``shown`` says how the paths of files are shown. ``old`` are entries without a supplier, which match nothing.
    ``met`` are the matched entries. ``names`` are the accounts that have entries, and ``accounts`` those of them that
    were checked.
    """

    file: str
    shown: ShownPaths
    entries: dict[Key, Entry] = field(default_factory=dict)
    old: dict[OldKey, Entry] = field(default_factory=dict)
    met: set[Key] = field(default_factory=set)
    accounts: set[AccountKey] = field(default_factory=set)
    names: frozenset[AccountKey] = frozenset()

    def __post_init__(self) -> None:
        """Collect the accounts that have entries: no others have to be remembered."""
        self.names = frozenset(key.account for key in self.entries)

    def copy(self) -> "Baseline":
        """Return a baseline with the same entries, none of them matched."""
        return replace(self, met=set(), accounts=set())

    def account_key(self, file: str, position: int, supplier: str, number: str) -> AccountKey:
        """Return the key of an account. A number or supplier so long that it may have been cut is not used."""
        if number and len(number) < LONGEST_REFERENCE and len(supplier) < LONGEST_SUPPLIER:
            return AccountKey(supplier, number)
        return AccountKey(file=_file_key(self.file, self.shown, file), position=position)

    def knows(self, account: AccountKey, finding: Finding, today: date) -> bool:
        """Mark the entry of a finding as matched; return whether there is one that has not expired."""
        key = Key(account, finding.code, finding.attr)
        if key not in self.entries:
            return False
        self.met.add(key)
        return not _is_expired(self.entries[key], today)

    def saw(self, account: AccountKey) -> None:
        """Record that an account was checked: its entries are stale unless a finding matches them."""
        if account in self.names:
            self.accounts.add(account)

    def stale(self) -> list[Entry]:
        """List the entries that no finding matched although their account was checked."""
        return [entry for key, entry in self.entries.items() if key.account in self.accounts and key not in self.met]

    def expired(self, today: date) -> list[Entry]:
        """List the matched entries that have expired."""
        return [self.entries[key] for key in sorted(self.met) if _is_expired(self.entries[key], today)]


@lru_cache(maxsize=64)
def _file_key(baseline: str, shown: ShownPaths, file: str) -> str:
    """Return the path of a file relative to the folder of the baseline."""
    if file == STDIN_NAME:
        return file
    path = shown.path_of(file)
    real = resolve(path)
    if Path(shown.show(real)).is_absolute() and not Path(file).is_absolute():
        real = path  # a link leads out of the folder in which it was found
    folder = os.path.dirname(resolve(baseline))  # noqa: PTH120
    try:
        return Path(os.path.relpath(real, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(real).as_posix()


def read_baseline(path: str, shown: ShownPaths | None = None, *, takes_old: bool = False) -> Baseline:
    """Read a baseline.

    Args:
        path: the baseline file.
        shown: how the paths of files are shown; by default relative to the current folder.
        takes_old: accept entries without a supplier, so that they can be rewritten with one.

    Raises:
        BadArgument: the file can't be read, or is not a baseline.

    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        hint = "; premigrate baseline write makes one" if isinstance(error, FileNotFoundError) else ""
        raise BadArgument(f"{path}: the baseline can't be read: {error.strerror}{hint}") from None
    except UnicodeDecodeError as error:
        raise BadArgument(f"{path}: the baseline is not TOML: {error}") from None
    return baseline_of(path, text, shown or shown_from(), takes_old=takes_old)


def baseline_of(path: str, text: str, shown: ShownPaths, *, takes_old: bool = False) -> Baseline:
    """Parse the text of a baseline. Raises BadArgument as `read_baseline` does."""
    from premigrate.documents.toml_text import NotToml, read_toml

    try:
        tables = read_toml(text)
    except NotToml as error:
        raise BadArgument(f"{path}: the baseline is not TOML: {error}") from None
    known = tables.get("known", [])
    if tables.keys() - {"known"} or not isinstance(known, list):
        raise BadArgument(f"{path}: a baseline has tables [[known]] and nothing else")
    entries: dict[Key, Entry] = {}
    old: dict[OldKey, Entry] = {}
    for number, table in enumerate(known, 1):
        place = f"{path}: [[known]] number {number}"
        entry = _entry(place, table)
        if "account" not in table or "supplier" in table:
            entries[entry.key] = entry
        elif takes_old:
            old[entry.key.account.number, entry.key.code, entry.key.attr] = entry
        else:
            raise BadArgument(f"{place}: names no supplier; run premigrate baseline write again, which adds it")
    return Baseline(path, shown, entries, old)


def _entry(place: str, table: Any) -> Entry:  # noqa: ANN401 - any TOML value
    if not isinstance(table, dict):
        raise BadArgument(f"{place}: is not a table")
    if wrong := table.keys() - {*_TEXTS, "position", "reason", "expires"}:
        raise BadArgument(f"{place}: there is no key {min(wrong)!r}; the keys are {_KEYS}, reason and expires")
    texts = {key: _read_text(place, key, table[key]) for key in _TEXTS if key in table}
    is_number = {"account"} <= texts.keys() and not {"file", "position"} & table.keys()
    is_place = {"file", "position"} <= table.keys() and not {"supplier", "account"} & texts.keys()
    if not {"code", "attr"} <= texts.keys() or not (is_number or is_place):
        raise BadArgument(f"{place}: an entry has {_KEYS}")
    reason, expires, position = table.get("reason", ""), table.get("expires"), table.get("position", 0)
    if type(position) is not int or position < 0:
        raise BadArgument(f"{place}: position is a whole number of at least 0")
    if not isinstance(reason, str) or not (expires is None or type(expires) is date):
        raise BadArgument(f"{place}: reason is a text, and expires a day as 2026-12-31 without quotes")
    account = AccountKey(texts.get("supplier", ""), texts.get("account", ""), texts.get("file", ""), position)
    return Entry(Key(account, texts["code"], texts["attr"]), reason, expires)


def _read_text(place: str, key: str, value: object) -> str:
    """Return a text; one that TOML can't represent is JSON in a table with the key ``json``."""
    if isinstance(value, dict) and value.keys() == {"json"} and isinstance(value["json"], str):
        try:
            value = json.loads(value["json"])
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, str):
        raise BadArgument(f"{place}: {key} is not a text")
    return value


def write_baseline(entries: Iterable[Entry]) -> Iterator[str]:
    """Render a baseline as TOML, sorted, so that two versions can be compared line by line."""
    yield "# Findings that are known. premigrate baseline write makes this file anew and keeps reasons and days.\n"
    for entry in sorted(entries, key=lambda entry: entry.key):
        account, code, attr = entry.key
        yield "\n[[known]]\n"
        if account.number:
            yield f"supplier = {_render_text(account.supplier)}\naccount = {_render_text(account.number)}\n"
        else:
            yield f"file = {_render_text(account.file)}\nposition = {account.position}\n"
        yield f"code = {_render_text(code)}\nattr = {_render_text(attr)}\n"
        if entry.reason:
            yield f"reason = {_render_text(plain(entry.reason))}\n"
        if entry.expires:
            yield f"expires = {entry.expires}\n"


def _render_text(value: str) -> str:
    """Render a text so that it reads back unchanged; TOML can't represent lone surrogates."""
    from premigrate.documents.toml_writer import toml_string  # a run that only reads a baseline does not pay for it

    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return f"{{ json = {toml_string(json.dumps(value))} }}"
    return toml_string(value)


def _is_expired(entry: Entry, today: date) -> bool:
    return entry.expires is not None and entry.expires < today
