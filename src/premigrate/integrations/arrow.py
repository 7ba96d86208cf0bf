"""Turns Arrow record batches of payloads into record batches of what the account-import API would answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from premigrate.accounts.identity import market_of, reference_of
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.api import Validator, markets
from premigrate.batch.payload_columns import find_column
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.integrations.arrow_import import pa
from premigrate.integrations.payloads import Cell, check_kind, read_payloads
from premigrate.results import Advice, Error
from premigrate.ruleset.load import Overlay
from premigrate.ruleset.references import References

_ROWS = 1024  # answered at once

_SAID = [(name, pa.string()) for name in ("detail", "code", "attr", "rule")]

ANSWER = pa.schema(
    [
        ("account", pa.string()),  # its external_account_number; null if it says none
        ("market", pa.string()),  # whose rules were asked
        ("status", pa.int16()),  # of the API's answer: 200 or 400; null if there was nothing to check
        ("errors", pa.list_(pa.struct([*_SAID, ("stage", pa.string())]))),
        ("advice", pa.list_(pa.struct(_SAID))),
        ("not_checked", pa.int32()),  # how many rules nobody could check; `Checker.not_checked` names them
        ("problem", pa.string()),  # why status is null
    ]
)
"""What is told of each payload, in these columns, behind those that are kept of the table."""


class Checker:
    """Predicts the answers to the payloads of a table.

    Args:
        as_of, references: as `premigrate.Validator` has them.
        column: the column with the payloads: JSON text (strings or bytes), structs, or maps with text as keys. A field
            of a struct that is null is taken for absent, for a struct can't tell these apart; in text they differ.
        market: the market of all rows; left out, import_supplier tells it of each.
        overlay: as `premigrate.Validator` has it; it is about one market, so ``market`` has to be said.
        keep: the columns to carry over into the answer; left out, all but the payloads.
        show_values: write details as the API does. Otherwise the value is left out of the details about personal
            fields, as the command's reports do.

    A checker never changes: threads may share it, and it can be copied and pickled.

    Raises:
        MarketUnknown, BadRules: as `premigrate.Validator` does, now and not in the middle of a table.
        BadArgument: ``as_of`` is no date, or there is an overlay and no market.

    """

    def __init__(  # noqa: PLR0913 - what a run depends on, all by name
        self,
        *,
        as_of: date,
        column: str = "payload",
        market: str | None = None,
        overlay: Overlay | None = None,
        references: References | None = None,
        keep: Sequence[str] | None = None,
        show_values: bool = False,
    ) -> None:
        if overlay is not None and market is None:
            raise BadArgument("an overlay changes one market: say market= too")
        self._validators = {
            name: Validator(market=name, as_of=as_of, overlay=overlay, references=references)
            for name in ([market] if market else markets())
        }
        self._market, self._column, self._keep, self._show_values = market, column, keep, show_values

    @property
    def not_checked(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """For each market that may be asked, what `premigrate.Validator.not_checked` says."""
        return MappingProxyType({name: validator.not_checked for name, validator in self._validators.items()})

    def kept(self, names: Sequence[str]) -> list[str]:
        """Name the columns that are carried over from a table with these columns.

        Raises:
            BadArgument: a column is missing, or is there several times, or has the name of one of the answer.

        """
        wanted = [name for name in names if name != self._column] if self._keep is None else list(self._keep)
        if missing := [name for name in (self._column, *wanted) if name not in names]:
            raise BadArgument(f"there is no column {missing[0]!r}; the columns are {', '.join(names)}")
        for name in (self._column, *wanted):
            find_column(names, name)
        if taken := [name for name in wanted if name in ANSWER.names]:
            raise BadArgument(f"the answer has a column {taken[0]!r} of its own: rename yours, or leave it out (keep=)")
        return wanted

    def schema(self, given: pa.Schema) -> pa.Schema:
        """Tell the schema of the answers to a table of the ``given`` schema.

        Raises:
            BadArgument: as `kept` does; or no payload can be in a column of this type.

        """
        kept = [given.field(name) for name in self.kept(given.names)]
        check_kind(self._column, given.field(self._column).type)
        return pa.schema([*kept, *ANSWER])

    def check(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Answer a batch, row by row in its order; what a payload holds never makes it raise.

        Raises:
            BadArgument: as `schema` does.

        """
        schema = self.schema(batch.schema)
        rows = [self._answer(cell) for cell in read_payloads(batch.column(self._column), self._column)]
        told = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(ANSWER)]
        return pa.RecordBatch.from_arrays([*map(batch.column, self.kept(batch.schema.names)), *told], schema=schema)

    def stream(self, table: Any) -> pa.RecordBatchReader:  # noqa: ANN401 - a protocol that has no type
        """Answer a table in batches of at most 1024 rows, each when it is asked for.

        Args:
            table: anything that gives an Arrow stream: a table, record batch or reader of pyarrow, a DataFrame of
                pandas or Polars, a relation of DuckDB.

        Raises:
            BadArgument: as `schema` does.

        """
        given = pa.RecordBatchReader.from_stream(table)
        return pa.RecordBatchReader.from_batches(self.schema(given.schema), map(self.check, _slices(given)))

    def _answer(self, cell: Cell) -> tuple[object, ...]:
        """Say what there is to say of one payload, in the order of `ANSWER`."""
        if isinstance(cell, BadPayloadText):
            place = f"line {cell.line}, column {cell.column}: " if cell.line else ""
            return None, None, None, None, None, None, f"{place}{cell}"
        market = self._market or market_of(cell.data)
        if market is None:
            hint = _text(explain_unknown_market(cell.data, option="market="))
            return None, None, None, None, None, None, hint
        validator = self._validators[market]
        result = validator.validate_document(cell)
        account = _text(reference_of(validator.account_of(cell.data)[1])) or None
        errors = [{**self._said(error), "stage": error.stage} for error in result.errors]
        advice = [self._said(hint) for hint in result.advice]
        return account, market, result.response.status, errors, advice, len(result.not_checked), None

    def _said(self, said: Error | Advice) -> dict[str, str]:
        detail = said.detail if self._show_values else said.masked or said.detail
        return {"detail": _text(detail), "code": said.code, "attr": _text(said.attr), "rule": said.rule}


def _slices(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut batches into slices: the answers to one of a million rows would be held all at once."""
    for batch in batches:
        for start in range(0, max(len(batch), 1), _ROWS):
            yield batch.slice(start, _ROWS)


def _text(said: str) -> str:
    """Write half of a surrogate pair as the letters of its escape, as the command's JSON does: Arrow has UTF-8."""
    return said if said.isascii() else said.encode("utf-8", "backslashreplace").decode()


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
) -> pa.RecordBatch:
    """Answer one batch. The short form of `Checker`, for when there is only one."""
    checker = Checker(
        as_of=as_of,
        column=column,
        market=market,
        overlay=overlay,
        references=references,
        keep=keep,
        show_values=show_values,
    )
    return checker.check(batch)
