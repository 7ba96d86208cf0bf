"""Turns a Spark DataFrame of payloads into a DataFrame of what the account-import API would answer."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from premigrate import __version__
from premigrate.engines.arrow import ANSWER, Checker
from premigrate.errors import PremigrateError
from premigrate.loading import read_overlay, read_references
from premigrate.loading.stamp import rules_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import pyarrow as pa
    from pyspark.sql import DataFrame

    from premigrate.loading import Overlay, References

Terms: TypeAlias = dict[str, Any]
"""The arguments of a `Checker`, with what is in files instead of their paths: executors may have no such files."""


class EditionsDiffer(PremigrateError):
    """An executor has another premigrate, or other rules, than the driver."""


def check_dataframe(  # noqa: PLR0913 - as Checker
    frame: DataFrame,
    *,
    as_of: date,
    column: str = "payload",
    market: str | None = None,
    overlay: Overlay | None = None,
    references: References | None = None,
    keep: Sequence[str] | None = None,
    show_values: bool = False,
) -> DataFrame:
    """Answer every payload of a DataFrame, on the executors, when Spark asks for it.

    Arguments, columns of the answer and errors raised are those of `premigrate.engines.arrow.Checker`, and mistakes in
    them are told at once. Overlay and reference lists are read here and sent along; the rules come with premigrate,
    which has to be installed on the executors.

    Raises:
        EditionsDiffer: on the executors, when the job runs: they have another premigrate than the driver.

    """
    terms: Terms = {"as_of": as_of, "column": column, "market": market, "keep": keep, "show_values": show_values}
    lists = read_references(references) if references is not None else None
    checker = Checker(**terms, overlay=overlay, references=lists if isinstance(references, Mapping) else references)
    terms |= {"overlay": dict(read_overlay(overlay)) if overlay is not None else None, "references": lists}
    return _map(frame, checker, terms)


def answer_batches(packed: bytes, edition: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Answer the batches of a partition, in a worker of an executor.

    Raises:
        EditionsDiffer: ``edition``, that of the driver, is not the one installed here.

    """
    if (here := own_edition()) != edition:
        raise EditionsDiffer(f"the driver has {edition}, this executor {here}: install the same one on both")
    yield from map(_checker(packed).check, batches)


@lru_cache(maxsize=1)
def own_edition() -> str:
    """Name the premigrate and the set of rules that are installed here."""
    return f"premigrate {__version__} with rules {rules_version()}"


@lru_cache(maxsize=4)
def _checker(packed: bytes) -> Checker:
    """Make a checker once in a worker, which Spark keeps for many partitions."""
    return Checker(**pickle.loads(packed))  # noqa: S301 - made by the driver, which sends code all the same


def _map(frame: DataFrame, checker: Checker, terms: Terms) -> DataFrame:
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType

    kept = checker.kept(frame.columns)
    needed = frame.select(*dict.fromkeys([*kept, terms["column"]]))
    checker.schema(to_arrow_schema(needed.schema))
    schema = StructType([*(frame.schema[name] for name in kept), *from_arrow_schema(ANSWER)])
    answer = partial(answer_batches, pickle.dumps({**terms, "keep": kept}), own_edition())
    return needed.mapInArrow(answer, schema)
