"""Checks a Spark DataFrame of payloads; the result is a DataFrame of predicted responses, or of clashes."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from premigrate.integrations.arrow import TableChecker
from premigrate.integrations.arrow_cohort import CLASH_SCHEMA, KEY_SCHEMA, CohortChecker
from premigrate.integrations.arrow_import import pa
from premigrate.integrations.worker_setup import build_and_pickle, build_once, installed_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pyspark.sql import DataFrame

    from premigrate.ruleset.overlays import Overlay
    from premigrate.ruleset.references import References

_SECRET_SIZE = 32


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
    advice: bool = True,
    lineage: bool = False,
) -> DataFrame:
    """Check every payload of a DataFrame lazily, on the executors.

    Arguments, result columns and exceptions are those of `premigrate.integrations.arrow.TableChecker`; invalid
    arguments raise at once. A VARIANT column is read as JSON text. Overlay and reference lists are read on the driver
    and sent to the executors; the rules are part of premigrate, which must be installed on the executors.

    Raises:
        VersionMismatch: on the executors, when the job runs: they have another version of premigrate than the driver.

    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType

    checker, packed = build_and_pickle(
        TableChecker,
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
    kept = checker.kept_columns(frame.columns)
    needed = _select(frame, [*kept, column], column)
    answers = checker.result_schema(to_arrow_schema(needed.schema))
    added = pa.schema([answers.field(position) for position in range(len(kept), len(answers))])
    schema = StructType([*(needed.schema[name] for name in kept), *from_arrow_schema(added)])
    return needed.mapInArrow(partial(check_batches, packed, installed_version()), schema)


def find_clashes(  # noqa: PLR0913 - as CohortChecker
    frame: DataFrame,
    *,
    file: str,
    position: str | None = None,
    column: str = "payload",
    market: str | None = None,
    overlay: Overlay | None = None,
    references: References | None = None,
    show_values: bool = False,
) -> DataFrame:
    """Find clashes between the accounts of a DataFrame, as the cohort command does, with grouping by Spark.

    Arguments and exceptions are those of `premigrate.integrations.arrow_cohort.CohortChecker`, and the result columns
    those of `premigrate.integrations.arrow_cohort.CLASH_SCHEMA`; ``file`` is the column that identifies accounts.
    Rows that cannot be checked are left out; `check_dataframe` reports them.

    Raises:
        VersionMismatch: on the executors, when the job runs: they have another version of premigrate than the driver.

    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    checker, packed = build_and_pickle(
        CohortChecker,
        secret=secrets.token_bytes(_SECRET_SIZE),
        file=file,
        position=position,
        column=column,
        market=market,
        overlay=overlay,
        references=references,
        show_values=show_values,
    )
    wanted = [name for name in (file, position, column) if name is not None]
    checker.check_columns(frame.columns)
    needed = _select(frame, wanted, column)
    checker.check_schema(to_arrow_schema(needed.schema))
    edition = installed_version()
    keys = needed.mapInArrow(partial(extract_key_batches, packed, edition), from_arrow_schema(KEY_SCHEMA))
    return _group(keys).mapInArrow(partial(find_clash_batches, packed, edition), from_arrow_schema(CLASH_SCHEMA))


def _select(frame: DataFrame, names: Sequence[str], column: str) -> DataFrame:
    """Select columns, each once; write a VARIANT column of payloads as JSON text, for Arrow has it as bytes."""
    from pyspark.sql import functions as F  # noqa: N812 - the conventional name

    is_variant = frame.schema[column].dataType.typeName() == "variant"
    return frame.select(
        *(F.to_json(name).alias(name) if is_variant and name == column else name for name in dict.fromkeys(names))
    )


def _group(keys: DataFrame) -> DataFrame:
    """Group the rows by key; keep the groups that may clash, as `premigrate.cohort.sql.MARK_CLASHES` does."""
    from pyspark.sql import functions as F  # noqa: N812 - the conventional name

    place = F.struct("file", "position")
    holders = F.collect_list(F.struct(*(name for name in KEY_SCHEMA.names if name not in {"rule", "key"})))
    may_clash = F.max("listed") | (
        (F.min(place) != F.max(place)) & (F.max("same").isNull() | (F.min("same") != F.max("same")))
    )
    groups = keys.groupBy("rule", "key").agg(holders.alias("holders"), may_clash.alias("may_clash"))
    return groups.where("may_clash").select("rule", "key", "holders")


def check_batches(packed: bytes, edition: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Check the batches of a partition, in a worker. Raises `VersionMismatch`."""
    yield from map(build_once(TableChecker, packed, edition).check, batches)


def extract_key_batches(packed: bytes, edition: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Extract the keys of the batches of a partition, in a worker. Raises `VersionMismatch`."""
    yield from map(build_once(CohortChecker, packed, edition).extract_keys, batches)


def find_clash_batches(packed: bytes, edition: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Build the clashes of a partition of groups, in a worker. Raises `VersionMismatch`."""
    yield from map(build_once(CohortChecker, packed, edition).clashes, batches)
