"""Writes the files with which a new market begins: a commented market file, and a file of cases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from premigrate.documents.toml_writer import toml_string
from premigrate.exceptions import BadArgument
from premigrate.formats.phone import example_number
from premigrate.ruleset.load import REFUSAL_CODE, ROOT_OBJECT
from premigrate.ruleset.model.table import TERRITORY_PATTERN
from premigrate.ruleset.rule_files import topic_names
from premigrate.tenant.market.paths import MarketFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_NAME = re.compile("[a-z][a-z0-9]*")
_TERRITORY = re.compile(TERRITORY_PATTERN)
_TAKEN = {"codes", "constraints", "platform"}
_WIDTH = 110

_MARKET = """\
#:schema ../rules.schema.json
# {title}: the files that it includes, its formats, and its differences from other markets.

[market]
title = {quoted_title}
territory = "{territory}"
{timezone}
root = "{root}"
refusal = "{refusal}"
suppliers = {suppliers} # the import_supplier codes, as patterns: "NAME*"
include = [
{include}
]

# The formats of this market. A rule whose format is not defined must be disabled, with the reason.
{phone}
# [scheme.company_number]
# format = "check_digits"
# arguments = {{ of = "{lower}.vat" }} # a module of python-stdnum
# good = []
# bad = []
# source = ""

# The form of the country's postal codes.
# [scheme.postal_code.territories.{territory}]
# good = []
# bad = []
# [scheme.postal_code.territories.{territory}.arguments]
# form = "five digits"
# patterns = ['[0-9]{{5}}']

# [scheme.supply_point_identifier]
# format = "pattern"
# arguments = {{ form = "18 digits", patterns = ['[0-9]{{18}}'] }}
# good = []
# bad = []
# source = ""

# Fields that differ from those of the platform. A market sends the address of a property as an object, and drops the
# separate lines, or the other way round.
# [change.supply_address.fields]
# supply_address = {{ drop = true, because = "The API page sends the address in separate lines." }}

# Rules that do not apply here, or without evidence. Each needs a reason.
[disabled]
# supply-point-identifier-valid = "The API page shows no supply point."
"""

_PHONE = """
[scheme.phone]
format = "phone"
arguments = {{ region = "{territory}" }}
good = ["{number}"]
bad = ["abcde"]
source = "libphonenumber's numbering plans, with {territory} as the region of numbers without a plus"
"""
_NO_PHONE = """
# [scheme.phone]
# format = "phone"
# arguments = {{ region = "{territory}" }}
# good = []
# bad = ["abcde"]
# source = ""
"""

_CASES = """\
# Changes of the good payload, examples/{name}/good.json, with the whole answer to each. Today is 2026-01-31.

# [[case]]
# about = "a telephone number that is not valid"
# change = {{ "customers.0.mobile" = "abcde" }}
# answer = [["abcde is not a valid phone number.", "invalid_phone_number", "customers.0.mobile"]]
"""


class NewMarket(NamedTuple):
    """What is known of a new market: the patterns of its supplier codes, and the time zones that its API can have.

    Without a territory, the name in capital letters is the code of the country. Without a title, it is its name.
    """

    name: str
    title: str | None = None
    territory: str | None = None
    timezones: Sequence[str] = ()
    suppliers: Sequence[str] = ()


def check_market_name(name: str) -> None:
    """Check the name of a new market.

    Raises:
        BadArgument: it cannot name a market.

    """
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise BadArgument(f"{name!r} is not a valid name of a market; use the country's ISO 3166 code in lower case")


def write_skeleton(markets: Path, market: NewMarket) -> tuple[MarketFolder, list[Path]]:
    """Write the files of a new market below the folder of the markets; return its folder, and the paths of the files.

    Raises:
        BadArgument: the name or the country does not suit, one of the files exists, or cannot be written.

    """
    name = market.name
    check_market_name(name)
    territory = market.territory or name.upper()
    if not _TERRITORY.fullmatch(territory):
        raise BadArgument(f"{territory!r} is not a territory; write a country code of two capital letters")
    folder = MarketFolder(markets / name)
    files = {
        folder.market_file: _market_file(market, market.title or _country_name(territory), territory),
        folder.cases / "market.toml": _CASES.format(name=name),
    }
    if existing := [file for file in files if file.exists()]:
        raise BadArgument(f"{existing[0]} already exists; nothing was written")
    for file, text in files.items():
        _write_new(file, text)
    return folder, list(files)


def _market_file(market: NewMarket, title: str, territory: str) -> str:
    number = example_number(territory)
    return _MARKET.format(
        title=" ".join(title.split()),
        quoted_title=toml_string(title),
        territory=territory,
        lower=market.name,
        timezone=_timezone_line(market.timezones),
        root=ROOT_OBJECT,
        refusal=REFUSAL_CODE,
        suppliers=_texts(market.suppliers),
        include="\n".join(_include_lines(topic_names())),
        phone=(_PHONE if number else _NO_PHONE).format(territory=territory, number=number),
    )


def _timezone_line(timezones: Sequence[str]) -> str:
    if not timezones:
        return '# timezone = "Europe/Lisbon" # of the API\'s server, which decides which day it is; or a list'
    return f"timezone = {toml_string(timezones[0]) if len(timezones) == 1 else _texts(timezones)}"


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(toml_string, texts))}]"


def _include_lines(topics: Sequence[str]) -> Iterator[str]:
    line = "   "
    for topic in topics:
        if len(line) + len(topic) > _WIDTH:
            yield line
            line = "   "
        line += f' "{topic}",'
    yield line


def _country_name(territory: str) -> str:
    import pycountry

    country = pycountry.countries.get(alpha_2=territory)
    if country is None:
        raise BadArgument(
            f"{territory!r} is not a country code of ISO 3166; set the country with --territory, and --title if needed"
        )
    return str(country.name)


def _write_new(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as written:
            written.write(text)
    except OSError as error:
        raise BadArgument(f"{file}: cannot be written: {error.strerror}") from None
