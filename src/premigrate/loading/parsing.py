"""Parses one rule file table by table, so that a mistake in one table hides no mistake in another."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from premigrate.loading.explaining import explain, heading
from premigrate.loading.report import Report
from premigrate.rulebook import RuleFile

_PLACE = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")


def parse_file(name: str, text: str, report: Report) -> list[RuleFile]:
    """Parse the text of a file; each good table comes back as a rule file that holds nothing else."""
    return parse_tables(name, parse_toml(name, text, report), report)


def parse_toml(name: str, text: str, report: Report) -> dict[str, Any]:
    """Parse the text of a file as TOML; nothing is left of one that isn't."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _PLACE.search(message)
        report.add(name, place[1] if place else "", f"this is not TOML: {_PLACE.sub('', message)}")
        return {}


def parse_tables(name: str, tables: Mapping[str, Any], report: Report) -> list[RuleFile]:
    """Validate each table of a file alone."""
    good = []
    for piece in _pieces(tables):
        try:
            good.append(RuleFile.model_validate_json(json.dumps(piece)))
        except TypeError:
            report.failed.add(_name_of(piece))
            report.add(name, heading(piece), "holds a TOML date or time; write it as text, in quotes")
        except ValidationError as error:
            report.failed.add(_name_of(piece))
            for place, message in explain(error, piece):
                report.add(name, place, message)
    return good


def _pieces(tables: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for table, content in tables.items():
        if isinstance(content, list) and content:
            yield from ({table: [entry]} for entry in content)
        elif isinstance(content, Mapping) and table != "market" and content:
            yield from ({table: {key: value}} for key, value in content.items())
        else:
            yield {table: content}


def _name_of(piece: Mapping[str, Any]) -> str:
    ((table, content),) = piece.items()
    if isinstance(content, Mapping) and table != "market":
        return str(next(iter(content), table))
    entry = content[0] if isinstance(content, list) and content else None
    return str(entry.get("id", table)) if isinstance(entry, Mapping) else table
