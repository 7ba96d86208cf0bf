"""Checks Arrow record batches of payloads; the results are record batches with the predicted responses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from premigrate.accounts.identity import external_account_number_of, market_of
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.api import Validator, engine_of, markets, validate_document
from premigrate.batch.payload_columns import find_column
from premigrate.engine.findings import masked_attr
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.integrations.arrow_import import pa
from premigrate.integrations.payloads import DocumentCell, check_payload_type, read_payloads
from premigrate.results import Advice, Error
from premigrate.ruleset.lineage import lineage_of
from premigrate.ruleset.overlays import Overlay
from premigrate.ruleset.references import References

_ROWS = 1024  # checked at once

_FINDING_FIELDS = [(name, pa.string()) for name in ("detail", "code", "attr", "rule")]

RESULT_SCHEMA = pa.schema(
    [
        ("account", pa.string()),  # its external_account_number, or null
        ("market", pa.string()),  # whose rules were used
        ("status", pa.int16()),  # status code of the response: 200 or 400; null if the payload was not checked
        ("errors", pa.list_(pa.struct([*_FINDING_FIELDS, ("stage", pa.string())]))),
        ("advice", pa.list_(pa.struct(_FINDING_FIELDS))),
        ("not_checked", pa.int32()),  # number of rules and choices that the payload needs and that were not checked
        ("problem", pa.string()),  # why status is null
    ]
)
"""The columns of the result, after those that are kept from the table."""

LINEAGE_SCHEMA = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),  # the day that counts as today
        pa.field("premigrate_version", pa.string(), nullable=False),
        pa.field("rules_digest", pa.string(), nullable=False),  # changes with the installed rules
        ("overlay_digest", pa.string()),  # changes with the overlay; null without one
    ]
)
"""The columns that follow these on request: what the answers come from, the same in each row."""

_NO_ANSWER: dict[str, object] = dict.fromkeys(RESULT_SCHEMA.names)


class TableChecker:
    """Predicts the responses to the payloads of a table.

    Args:
        as_of, references: as for `premigrate.Validator`.
        column: the column with the payloads: JSON text (strings or bytes), structs, or maps with string keys. A null
            field of a struct counts as absent, since a struct cannot tell them apart; in text they differ.
        market: the market of all rows; by default that of each payload, from its ``import_supplier``.
        overlay: as for `premigrate.Validator`; it applies to one market, so ``market`` is required.
        keep: the columns to carry over into the result; by default all but the payloads.
        show_values: include personal values in details. By default they are masked, as in reports of the command.
        advice: have the column ``advice``.
        lineage: have the columns of `LINEAGE_SCHEMA`.

    A checker is immutable: threads can share it, and it can be copied and pickled.

    Raises:
        UnknownMarket, BadRules: as `premigrate.Validator`, for all markets when the checker is created.
        BadArgument: ``as_of`` is not a date, or there is an overlay and no market.

    """

    def __init__(  # noqa: PLR0913 - the options of a run, keyword-only
        self,
        *,
        as_of: date,
        column: str = "payload",
        market: str | None = None,
        overlay: Overlay | None = None,
        references: References | None = None,
        keep: Sequence[str] | None = None,
        show_values: bool = False,
        advice: bool = True,
        lineage: bool = False,
    ) -> None:
        if overlay is not None and market is None:
            raise BadArgument("overlay= requires market=, because an overlay extends one market")
        self._validators = {
            name: Validator(market=name, as_of=as_of, overlay=overlay, references=references)
            for name in ([market] if market else markets())
        }
        self._market, self._column, self._keep, self._show_values = market, column, keep, show_values
        self._columns = [field for field in RESULT_SCHEMA if advice or field.name != "advice"]
        self._lineage = dict(zip(LINEAGE_SCHEMA, lineage_of(as_of, overlay), strict=True)) if lineage else {}

    @property
    def not_checked(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The `premigrate.Validator.not_checked` of each market that may be used."""
        return MappingProxyType({name: validator.not_checked for name, validator in self._validators.items()})

    def kept_columns(self, names: Sequence[str]) -> list[str]:
        """Return the names of the columns that are carried over from a table with these columns.

        Raises:
            BadArgument: a column is missing, duplicated, or named like a column of the result.

        """
        wanted = [name for name in names if name != self._column] if self._keep is None else list(self._keep)
        if missing := [name for name in (self._column, *wanted) if name not in names]:
            raise BadArgument(f"there is no column {missing[0]!r}; the columns are {', '.join(names)}")
        for name in (self._column, *wanted):
            find_column(names, name)
        own = {field.name for field in (*self._columns, *self._lineage)}
        if taken := [name for name in wanted if name in own]:
            raise BadArgument(f"the result has its own column {taken[0]!r}; rename yours, or leave it out with keep=")
        return wanted

    def result_schema(self, given: pa.Schema) -> pa.Schema:
        """Return the schema of the result for a table with the schema ``given``.

        Raises:
            BadArgument: as `kept`; or the type of the payload column cannot hold payloads.

        """
        kept = [given.field(name) for name in self.kept_columns(given.names)]
        check_payload_type(self._column, given.field(self._column).type)
        return pa.schema([*kept, *self._columns, *self._lineage])

    def check(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Check a batch row by row, in order. No payload makes it raise an exception.

        Raises:
            BadArgument: as `schema`.

        """
        schema = self.result_schema(batch.schema)
        rows = [self._answer(cell) for cell in read_payloads(batch.column(self._column), self._column)]
        added = [pa.array([row[field.name] for row in rows], field.type) for field in self._columns]
        added += [pa.array([value] * len(rows), field.type) for field, value in self._lineage.items()]
        return pa.RecordBatch.from_arrays(
            [*map(batch.column, self.kept_columns(batch.schema.names)), *added], schema=schema
        )

    def stream(self, table: Any) -> pa.RecordBatchReader:  # noqa: ANN401 - the Arrow stream protocol has no type
        """Check a table lazily, in batches of at most 1024 rows.

        Args:
            table: an object with the Arrow PyCapsule interface for streams: a table, record batch or reader of pyarrow,
                a DataFrame of pandas or Polars, a relation of DuckDB.

        Raises:
            BadArgument: as `schema`.

        """
        given = pa.RecordBatchReader.from_stream(table)
        return pa.RecordBatchReader.from_batches(self.result_schema(given.schema), map(self.check, _slices(given)))

    def _answer(self, cell: DocumentCell) -> dict[str, object]:
        """Return the row of one payload, with the columns of `RESULT_SCHEMA`."""
        if isinstance(cell, BadPayloadText):
            place = f"line {cell.line}, column {cell.column}: " if cell.line else ""
            return {**_NO_ANSWER, "problem": f"{place}{cell}"}
        market = self._market or market_of(cell.data)
        if market is None:
            return {**_NO_ANSWER, "problem": _text(explain_unknown_market(cell.data, option="market="))}
        validator = self._validators[market]
        result = validate_document(validator, cell)
        account = _text(external_account_number_of(engine_of(validator).account_of(cell.data)[1])) or None
        return {
            "account": account,
            "market": market,
            "status": result.response.status,
            "errors": [{**self._finding(error), "stage": error.stage} for error in result.errors],
            "advice": [self._finding(hint) for hint in result.advice],
            "not_checked": len(result.not_checked),
            "problem": None,
        }

    def _finding(self, found: Error | Advice) -> dict[str, str]:
        detail = found.detail if self._show_values else found.masked or found.detail
        attr = found.attr if self._show_values else masked_attr(found.attr, found.path)
        return {"detail": _text(detail), "code": found.code, "attr": _text(attr), "rule": found.rule}


def _slices(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut batches into slices, as the results of a whole batch are in memory at the same time."""
    for batch in batches:
        for start in range(0, max(len(batch), 1), _ROWS):
            yield batch.slice(start, _ROWS)


def _text(text: str) -> str:
    """Escape lone surrogates, as the JSON of the command does: strings of Arrow must be UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def check_batch(  # noqa: PLR0913 - as Checker
    batch: pa.RecordBatch,
    *,
    as_of: date,
    column: str = "payload",
    market: str | None = None,
    overlay: Overlay | None = None,
    references: References | None = None,
    keep: Sequence[str] | None = None,
    show_values: bool = False,
    advice: bool = True,
    lineage: bool = False,
) -> pa.RecordBatch:
    """Check a single batch; a shortcut for `TableChecker`, with the same arguments and exceptions."""
    checker = TableChecker(
        as_of=as_of,
        column=column,
        market=market,
        overlay=overlay,
        references=references,
        keep=keep,
        show_values=show_values,
        advice=advice,
        lineage=lineage,
    )
    return checker.check(batch)
