"""Extracts the keys by which accounts clash from Arrow record batches, and builds clashes from groups of keys.

In between, an engine groups the rows by rule and key. Keys and clashes are computed by the code of the cohort command.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from premigrate.api import markets
from premigrate.batch.payload_columns import find_column
from premigrate.cohort.api import KeyExtractor
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.groups import ABSENT_DIGEST, DIGEST_SIZE, build_group, encode_text
from premigrate.cohort.program import CohortKey
from premigrate.cohort.report import build_clash
from premigrate.exceptions import BadArgument, BadPayloadText, UnknownMarket
from premigrate.integrations.arrow_import import pa
from premigrate.integrations.payloads import check_payload_type, read_payloads
from premigrate.ruleset.overlays import Overlay
from premigrate.ruleset.references import References

KEY_SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("key", pa.binary()),  # a digest if the key is personal
        ("masked_key", pa.binary()),  # the masked key to display, if the key is personal
        ("listed", pa.bool_()),  # clashes with a reference list, so on its own
        ("same", pa.binary()),  # digests of the values that must be the same where the key is
        ("file", pa.string()),
        ("position", pa.int64()),
        ("account", pa.binary()),
        ("attr", pa.string()),
    ]
)
"""The columns of a key and its place. Strings that may contain lone surrogates are binary: strings must be UTF-8."""

_PLACE = pa.struct([("file", pa.string()), ("index", pa.int64()), ("account", pa.string()), ("attr", pa.string())])

CLASH_SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("detail", pa.string()),
        ("rule", pa.string()),
        ("reference_list", pa.string()),  # reference list that the accounts clash with, or null
        ("fields", pa.list_(pa.string())),  # that differ but must be the same
        ("accounts", pa.int32()),
        ("places", pa.list_(_PLACE)),
    ]
)
"""The columns of a clash, as in the NDJSON output of the cohort command but without line numbers."""


class CohortChecker:
    """Extracts the keys of the payloads of a table, and builds clashes from groups of keys.

    Args:
        file: the column that identifies accounts, cast to strings: a file name, a number, a row id.
        position: a column of integers that distinguishes accounts with the same ``file``.
        secret: the key of the digests of personal values, which engines store instead of the values.
        column, market, overlay, references, show_values: as for `premigrate.integrations.arrow.TableChecker`.

    Raises:
        UnknownMarket, BadRules, BadArgument: as for `premigrate.integrations.arrow.TableChecker`.

    """

    def __init__(  # noqa: PLR0913 - the options of a run, keyword-only
        self,
        *,
        secret: bytes,
        file: str,
        position: str | None = None,
        column: str = "payload",
        market: str | None = None,
        overlay: Overlay | None = None,
        references: References | None = None,
        show_values: bool = False,
    ) -> None:
        if overlay is not None and market is None:
            raise BadArgument("overlay= requires market=, because an overlay extends one market")
        self._reader = KeyExtractor(market=market, overlay=overlay, references=references)
        for name in [market] if market else markets():
            self._reader.program_for(name)
        self._file, self._position, self._column = file, position, column
        self._secret, self._show_values = secret, show_values

    def check_columns(self, names: Sequence[str]) -> None:
        """Check that a table has the needed columns. Raises BadArgument if one is missing or duplicated."""
        for name in (self._file, self._position, self._column):
            if name is not None and find_column(names, name) < 0:
                raise BadArgument(f"there is no column {name!r}; the columns are {', '.join(names)}")

    def check_schema(self, given: pa.Schema) -> None:
        """Check that a table has the needed columns.

        Raises:
            BadArgument: a column is missing or duplicated, or the type of the payload column cannot hold payloads.

        """
        self.check_columns(given.names)
        check_payload_type(self._column, given.field(self._column).type)

    def extract_keys(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the keys of all payloads of a batch, in the columns of `KEY_SCHEMA`.

        Payloads that cannot be read or whose market is unknown have no keys; `premigrate.integrations.arrow` reports
        them.

        Raises:
            BadArgument: as `check_schema`; or an identifying column has a null.

        """
        self.check_schema(batch.schema)
        for name in (self._file, self._position):
            if name is not None and batch.column(name).null_count:
                raise BadArgument(f"the column {name!r} identifies accounts, so it must not be null in any row")
        files = batch.column(self._file).cast(pa.string()).to_pylist()
        positions = batch.column(self._position).to_pylist() if self._position else [0] * len(files)
        rows: list[tuple[object, ...]] = []
        cells = read_payloads(batch.column(self._column), self._column)
        for file, position, cell in zip(files, positions, cells, strict=True):
            if not isinstance(cell, BadPayloadText):
                rows += self._keys_of(cell.data, Origin(file, position))
        return _batch(rows, KEY_SCHEMA)

    def clashes(self, groups: pa.RecordBatch) -> pa.RecordBatch:
        """Return the clashes of groups of keys, in the columns of `CLASH_SCHEMA`.

        Args: groups: rows of ``rule``, ``key`` and ``holders``: the other columns of `KEY_SCHEMA`, of all rows with
        that key.

        """
        return _batch([_clash_cells(clash) for clash in self._clashes(groups)], CLASH_SCHEMA)

    def _keys_of(self, payload: object, origin: Origin) -> Iterator[tuple[object, ...]]:
        try:
            found = self._reader.extract(payload, origin)
        except UnknownMarket:
            return
        account = encode_text(found.reference)
        for key in found.keys:
            yield (*self._key_cells(key), origin.file, origin.position, account, key.attr)

    def _key_cells(self, key: CohortKey) -> tuple[object, ...]:
        value, masked = encode_text(key.key), None
        if key.is_personal and not self._show_values:
            value, masked = self._seal(value), encode_text(key.masked)
        same = (
            b"".join([self._seal(encode_text(each)) if each else ABSENT_DIGEST for each in key.same])
            if key.same
            else None
        )
        return key.rule, value, masked, key.is_listed, same

    def _seal(self, value: bytes) -> bytes:
        return blake2b(value, key=self._secret, digest_size=DIGEST_SIZE).digest()

    def _clashes(self, groups: pa.RecordBatch) -> Iterator[Clash]:
        texts = self._reader.clash_messages
        for row in groups.to_pylist():
            group = build_group([_row(row["rule"], row["key"], holder) for holder in row["holders"]])
            if group:
                yield build_clash(texts[group.rule], group.rule, group.key, group.places, group.differing)


def _row(rule: str, key: bytes, holder: dict[str, Any]) -> tuple[object, ...]:
    """Build a row for `build_group`; the lines of rows of a table are unknown."""
    place = encode_text(holder["file"]), holder["position"], 0, holder["account"], encode_text(holder["attr"])
    return rule, key, holder["masked_key"], holder["listed"], holder["same"], *place


def _clash_cells(clash: Clash) -> tuple[object, ...]:
    places = [
        {"file": file, "index": position, "account": _text(account), "attr": attr}
        for file, position, _, account, attr in clash.places
    ]
    fields = list(clash.fields)
    return clash.code, _text(clash.detail), clash.rule, clash.reference_list or None, fields, clash.accounts, places


def _text(text: str) -> str:
    """Escape lone surrogates: strings of Arrow must be UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()


def _batch(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array([row[index] for row in rows], field.type) for index, field in enumerate(schema)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
