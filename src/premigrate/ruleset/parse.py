"""Parses a rule file table by table, so that an error in one table does not hide errors in others."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, NoReturn

from pydantic import ValidationError

from premigrate.documents.toml_text import TomlError, read_toml
from premigrate.formats.text import text_or_type_name
from premigrate.ruleset.defaults import with_defaults
from premigrate.ruleset.explain_validation_errors import explain_validation_error, table_header
from premigrate.ruleset.model.rule_file import RuleFile
from premigrate.ruleset.model.table import DATE_KEY
from premigrate.ruleset.problems import ProblemReport


def parse_file(name: str, text: str, report: ProblemReport) -> list[RuleFile]:
    """Parse the text of a rule file; return each valid table as a `RuleFile` of its own, and report the others."""
    return parse_tables(name, parse_toml(name, text, report), report)


def parse_toml(name: str, text: str, report: ProblemReport) -> dict[str, Any]:
    """Parse the text of a file as TOML; report a syntax error and return an empty dict."""
    try:
        return read_toml(text)
    except TomlError as error:
        report.add(name, error.position, f"this is not TOML: {error.message}")
        return {}


def parse_tables(name: str, tables: Mapping[str, Any], report: ProblemReport) -> list[RuleFile]:
    """Validate each table of a file on its own; return the valid ones and report the others."""
    valid = []
    for original in _split_tables(tables):
        piece = with_defaults(original, tables.get("defaults"))
        data: Any = None
        try:
            text = _write(piece)
            data = json.loads(text, parse_constant=_refuse_constant)
            _check_depth(data)
            valid.append(RuleFile.model_validate_json(text))
        except _NotSerializableError as error:
            report.failed_tables.add(_name_of(piece))
            report.add(name, table_header(piece), str(error))
        except ValidationError as error:
            report.failed_tables.add(_name_of(piece))
            for place, message in explain_validation_error(
                error, data
            ):  # not piece: keys given as Python values may not be strings
                report.add(name, place, message)
    return valid


class _NotSerializableError(Exception):
    """A table holds a value that cannot be validated as JSON, such as a time or a cycle."""


def _write(piece: Mapping[str, Any]) -> bytes:
    """Serialize a table as JSON, the form that the models validate."""
    try:
        return json.dumps(piece, ensure_ascii=False, default=_write_date).encode()
    except UnicodeEncodeError:
        raise _NotSerializableError("contains a lone surrogate, which is not valid text") from None
    except TypeError:  # a key that cannot be converted to a string
        raise _NotSerializableError(_NO_VALUE) from None
    except RecursionError:
        raise _NotSerializableError(_TOO_DEEP) from None
    except ValueError:
        raise _NotSerializableError("contains itself, or a number with too many digits to be read") from None


_MAX_DEPTH = 50
_TOO_DEEP = f"is nested more than {_MAX_DEPTH} levels deep"
_NO_VALUE = "contains a value that TOML does not have"
_TIME = "contains a TOML time; write it as a string, in quotes"


def _check_depth(data: object) -> None:
    level = [data]
    for _ in range(_MAX_DEPTH):
        level = [
            child
            for each in level
            if isinstance(each, dict | list)
            for child in (each.values() if isinstance(each, dict) else each)
        ]
    if level:
        raise _NotSerializableError(_TOO_DEEP)


def _refuse_constant(name: str) -> NoReturn:
    raise _NotSerializableError(f"contains {name}, which is not a number")


def _write_date(value: object) -> dict[str, str]:
    """Serialize a date in the form that the models accept; reject all other types."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return {DATE_KEY: value.isoformat()}
    raise _NotSerializableError(_TIME if isinstance(value, date | time) else _NO_VALUE)


_SINGLE_TABLES = frozenset({"market", "defaults"})
"""The tables whose keys are not names of other tables."""


def _split_tables(tables: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for table, content in tables.items():
        if isinstance(content, list) and content:
            yield from ({table: [entry]} for entry in content)
        elif isinstance(content, Mapping) and table not in _SINGLE_TABLES and content:
            yield from ({table: {key: value}} for key, value in content.items())
        else:
            yield {table: content}


def _name_of(piece: Mapping[str, Any]) -> str:
    ((table, content),) = piece.items()
    if isinstance(content, Mapping) and table not in _SINGLE_TABLES:
        return text_or_type_name(next(iter(content), table))
    entry = content[0] if isinstance(content, list) and content else None
    return text_or_type_name(entry.get("id", table) if isinstance(entry, Mapping) else table)
