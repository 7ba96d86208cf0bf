"""Prints the answers to a table of accounts, row by row."""

import json
import sys
from datetime import date

from pyarrow import parquet

from premigrate.engines.arrow import Checker

sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # what is compared is not how Python prints
checker = Checker(as_of=date(2026, 1, 31))
for row in checker.stream(parquet.read_table(sys.argv[1])).read_all().to_pylist():
    print(json.dumps(row))
