"""Reads and writes the baseline: findings that are known, with the reason, and until when that holds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from premigrate.errors import BadArgument
from premigrate.rendering.findings import Finding
from premigrate.rendering.report import plain

Key = tuple[str, str, str]
"""The account (its number, else its file and position), the code and the attr."""

_TEXTS = ("account", "code", "attr")


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding that is known. ``expires`` is the last day on which it is."""

    key: Key
    reason: str = ""
    expires: date | None = None


@dataclass
class Baseline:
    """The entries of a baseline, and which of them a run has met."""

    file: str
    entries: dict[Key, Entry] = field(default_factory=dict)
    met: set[Key] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Collect the accounts that the entries are about: of the others nothing need be remembered."""
        self.names = frozenset(key[0] for key in self.entries)

    def copy(self) -> "Baseline":
        """Give the same entries, of which none was met yet."""
        return replace(self, met=set(), accounts=set())

    def knows(self, account: str, finding: Finding, today: date) -> bool:
        """Whether a finding of an account is known, and still is."""
        key = account, finding.code, finding.attr
        if key not in self.entries:
            return False
        self.met.add(key)
        return not _is_over(self.entries[key], today)

    def saw(self, account: str) -> None:
        """Note that an account was checked: an entry about it that was not met is stale."""
        if account in self.names:
            self.accounts.add(account)

    def stale(self) -> list[Entry]:
        """List the entries about accounts that were checked and don't have the finding any more."""
        return [entry for key, entry in self.entries.items() if key[0] in self.accounts and key not in self.met]

    def expired(self, today: date) -> list[Entry]:
        """List the entries that were met and no longer hold."""
        return [self.entries[key] for key in sorted(self.met) if _is_over(self.entries[key], today)]


def account_key(file: str, index: int, count: int, reference: str) -> str:
    """Name an account so that the name is the same in the next run."""
    if reference:
        return reference
    return f"{Path(file).as_posix()}[{index}]" if count != 1 else Path(file).as_posix()


def read_baseline(path: str) -> Baseline:
    """Read a baseline.

    Raises:
        BadArgument: it can't be read, or is none.

    """
    from premigrate.loading.toml_text import NotToml, read_toml

    try:
        tables = read_toml(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        hint = "; premigrate baseline write makes one" if isinstance(error, FileNotFoundError) else ""
        raise BadArgument(f"{path}: the baseline can't be read: {error.strerror}{hint}") from None
    except (UnicodeDecodeError, NotToml) as error:
        raise BadArgument(f"{path}: the baseline is not TOML: {error}") from None
    known = tables.get("known", [])
    if tables.keys() - {"known"} or not isinstance(known, list):
        raise BadArgument(f"{path}: a baseline has tables [[known]] and nothing else")
    entries = [_entry(path, number, table) for number, table in enumerate(known, 1)]
    return Baseline(path, {entry.key: entry for entry in entries})


def _entry(path: str, number: int, table: Any) -> Entry:  # noqa: ANN401 - any TOML value
    place = f"{path}: [[known]] number {number}"
    if not isinstance(table, dict) or not all(isinstance(table.get(key), str) for key in _TEXTS):
        raise BadArgument(f"{place}: account, code and attr are texts that it must have")
    if wrong := table.keys() - {*_TEXTS, "reason", "expires"}:
        raise BadArgument(f"{place}: there is no key {min(wrong)!r}; besides those it may have reason and expires")
    reason, expires = table.get("reason", ""), table.get("expires")
    if not isinstance(reason, str) or not (expires is None or type(expires) is date):
        raise BadArgument(f"{place}: reason is a text, and expires a day as 2026-12-31 without quotes")
    return Entry((table["account"], table["code"], table["attr"]), reason, expires)


def write_baseline(entries: Iterable[Entry]) -> Iterator[str]:
    """Write the text of a baseline, sorted, so that two of them can be compared line by line."""
    yield "# Findings that are known. premigrate baseline write makes this file anew and keeps reasons and days.\n"
    for entry in sorted(entries, key=lambda entry: entry.key):
        yield "\n[[known]]\n"
        yield from (f"{name} = {_text(value)}\n" for name, value in zip(_TEXTS, entry.key, strict=True))
        if entry.reason:
            yield f"reason = {_text(entry.reason)}\n"
        if entry.expires:
            yield f"expires = {entry.expires}\n"


def _text(value: str) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


def _is_over(entry: Entry, today: date) -> bool:
    return entry.expires is not None and entry.expires < today
