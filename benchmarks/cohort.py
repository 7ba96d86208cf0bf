"""Measures cohort checks: accounts per second and memory growth, with accounts that are generated on the fly.

Each measurement runs in its own process, because peak memory is per process. Every account has a supplier and number, a
supply point, a reference and two statements; one in a thousand clashes with another. Times are CPU times, because the
machine may be shared. The result is a table; nothing is asserted.

    python benchmarks/cohort.py [ACCOUNTS ...]
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from premigrate import Cohort, Origin, __version__
from premigrate.describe.market import ruleset_of

COUNTS = (10_000, 100_000, 1_000_000)
MEGABYTES = (16, 64)
KIBI = 1024


def accounts(count: int, supplier: str) -> Iterator[dict[str, Any]]:
    """Yield accounts as a parser would return them, with new text objects each time."""
    for number in range(count):
        own = number - 1 if number % 1000 == 999 else number
        yield {
            "import_supplier": supplier,
            "external_account_number": f"EXTERNAL-{number}",
            "references": [{"namespace": "old_crm", "value": f"{number:09}"}],
            "supply_addresses": [{"supply_points": [{"identifier": f"PT0002{own:012}BY"}]}],
            "statements": [{"statement_path": f"{number}/2023-0{month}.pdf"} for month in (5, 6)],
        }


def measure(count: int, megabytes: int) -> None:
    """Print one row: the times to read keys, to read and add them, and to find the clashes."""
    (supplier,) = (glob.rstrip("*") for glob in ruleset_of("pt").suppliers)
    with Cohort(memory=megabytes) as cohort:
        cohort.add({"import_supplier": supplier}, "first.json")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        for _ in accounts(count, supplier):
            pass
        making = time.process_time() - started
        started = time.process_time()
        for number, account in enumerate(accounts(count, supplier)):
            cohort.extractor.extract(account, Origin("all.ndjson", number))
        reading = time.process_time() - started - making
        started = time.process_time()
        for number, account in enumerate(accounts(count, supplier)):
            cohort.add(account, Origin("all.ndjson", number))
        adding = time.process_time() - started - making
        started = time.process_time()
        clashes = sum(1 for _ in cohort.clashes())
        finding = time.process_time() - started
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / KIBI
    rates = f"{reading / count * 1e6:12.1f}{adding / count * 1e6:12.1f}{finding:12.2f}"
    print(f"{count:>10,}{megabytes:>8}{rates}{count / (adding + finding):>14,.0f}{peak:>10.0f}{clashes:>9}")


def main() -> None:
    """Print the table."""
    if len(sys.argv) == 4 and sys.argv[1] == "one":
        measure(int(sys.argv[2]), int(sys.argv[3]))
        return
    print(f"Python {sys.version.split()[0]}, premigrate {__version__}")
    heads = f"{'us to read':>12}{'us to add':>12}{'s to find':>12}{'accounts/s':>14}{'MB more':>10}{'clashes':>9}"
    print(f"{'accounts':>10}{'bound':>8}{heads}", flush=True)
    for count in [int(word) for word in sys.argv[1:]] or COUNTS:
        for megabytes in MEGABYTES:
            subprocess.run([sys.executable, __file__, "one", str(count), str(megabytes)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
