"""Reads and writes the baseline: findings that are known, with the reason, and until when that holds."""

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
from premigrate.documents.toml_writer import toml_string
from premigrate.exceptions import BadArgument
from premigrate.report.findings import Finding
from premigrate.report.run import plain


class AccountKey(NamedTuple):
    """What identifies an account: its supplier and number; without a number its file and its position in there.

    ``file`` is relative to the folder of the baseline, with ``/`` between names.
    """

    supplier: str = ""
    number: str = ""
    file: str = ""
    position: int = 0

    def __str__(self) -> str:
        """Name the account for people."""
        return f"{self.supplier} {self.number}".strip() if self.number else f"{self.file}[{self.position}]"


class Key(NamedTuple):
    """What identifies a finding: the account, the code and the attr."""

    account: AccountKey
    code: str
    attr: str


_TEXTS = ("supplier", "account", "file", "code", "attr")
_KEYS = "supplier and account, or file and position; and code and attr"

OldKey = tuple[str, str, str]
"""What identified a finding before suppliers did: the number, or the file and position; the code and the attr."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding that is known. ``expires`` is the last day on which it is."""

    key: Key
    reason: str = ""
    expires: date | None = None


@dataclass
class Baseline:
    """The entries of a baseline, and which of them a run has met.

    ``shown`` says how the paths of files are shown. ``old`` are entries without a supplier, which match nothing.
    """

    file: str
    shown: ShownPaths
    entries: dict[Key, Entry] = field(default_factory=dict)
    old: dict[OldKey, Entry] = field(default_factory=dict)
    met: set[Key] = field(default_factory=set)
    accounts: set[AccountKey] = field(default_factory=set)
    names: frozenset[AccountKey] = frozenset()

    def __post_init__(self) -> None:
        """Collect the accounts that the entries are about: of the others nothing need be remembered."""
        self.names = frozenset(key.account for key in self.entries)

    def copy(self) -> "Baseline":
        """Give the same entries, of which none was met yet."""
        return replace(self, met=set(), accounts=set())

    def account_key(self, file: str, position: int, supplier: str, number: str) -> AccountKey:
        """Identify an account. A number or supplier so long that it may have been cut identifies none."""
        if number and len(number) < LONGEST_REFERENCE and len(supplier) < LONGEST_SUPPLIER:
            return AccountKey(supplier, number)
        return AccountKey(file=_file_key(self.file, self.shown, file), position=position)

    def knows(self, account: AccountKey, finding: Finding, today: date) -> bool:
        """Whether a finding of an account is known, and still is."""
        key = Key(account, finding.code, finding.attr)
        if key not in self.entries:
            return False
        self.met.add(key)
        return not _is_over(self.entries[key], today)

    def saw(self, account: AccountKey) -> None:
        """Note that an account was checked: an entry about it that was not met is stale."""
        if account in self.names:
            self.accounts.add(account)

    def stale(self) -> list[Entry]:
        """List the entries about accounts that were checked and don't have the finding any more."""
        return [entry for key, entry in self.entries.items() if key.account in self.accounts and key not in self.met]

    def expired(self, today: date) -> list[Entry]:
        """List the entries that were met and no longer hold."""
        return [self.entries[key] for key in sorted(self.met) if _is_over(self.entries[key], today)]


@lru_cache(maxsize=64)
def _file_key(baseline: str, shown: ShownPaths, file: str) -> str:
    """Write the path of a file from the folder of the baseline."""
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
        path: its file.
        shown: how the paths of files are shown; left out, from the current folder.
        takes_old: read entries without a supplier too, to write them anew.

    Raises:
        BadArgument: it can't be read, or is none.

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
    """Read the text of a baseline. Raises BadArgument as `read_baseline` does."""
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
    """Read a text; one that TOML can't hold stands in a table, as JSON."""
    if isinstance(value, dict) and value.keys() == {"json"} and isinstance(value["json"], str):
        try:
            value = json.loads(value["json"])
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, str):
        raise BadArgument(f"{place}: {key} is not a text")
    return value


def write_baseline(entries: Iterable[Entry]) -> Iterator[str]:
    """Write the text of a baseline, sorted, so that two of them can be compared line by line."""
    yield "# Findings that are known. premigrate baseline write makes this file anew and keeps reasons and days.\n"
    for entry in sorted(entries, key=lambda entry: entry.key):
        account, code, attr = entry.key
        yield "\n[[known]]\n"
        if account.number:
            yield f"supplier = {_text(account.supplier)}\naccount = {_text(account.number)}\n"
        else:
            yield f"file = {_text(account.file)}\nposition = {account.position}\n"
        yield f"code = {_text(code)}\nattr = {_text(attr)}\n"
        if entry.reason:
            yield f"reason = {toml_string(plain(entry.reason))}\n"
        if entry.expires:
            yield f"expires = {entry.expires}\n"


def _text(value: str) -> str:
    """Write a text so that it reads back as the same text; TOML has no way to write half of a surrogate pair."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return f"{{ json = {toml_string(json.dumps(value))} }}"
    return toml_string(value)


def _is_over(entry: Entry, today: date) -> bool:
    return entry.expires is not None and entry.expires < today
