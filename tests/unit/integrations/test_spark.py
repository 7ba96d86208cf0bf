"""What happens in a worker; the same on a real Spark is in tests/scenarios/test_spark.py."""

import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from premigrate.exceptions import BadRules
from premigrate.integrations import spark
from premigrate.integrations import worker_setup as shipping
from premigrate.integrations.arrow import TableChecker
from premigrate.ruleset.load import read_overlay
from premigrate.ruleset.references import read_reference_lists
from tests.payloads import AS_OF, ROOT

TEXTS = [(ROOT / "examples" / market / "bad.json").read_text("utf-8") for market in ("dk", "pt")]
TERMS: dict[str, Any] = {"as_of": AS_OF, "column": "payload"}


def batches() -> Iterator[pa.RecordBatch]:
    for text in TEXTS:
        yield pa.RecordBatch.from_pydict({"payload": [text]})


def test_a_worker_answers_batch_by_batch_with_one_checker() -> None:
    shipping._make.cache_clear()
    for _ in range(3):
        answers = list(spark.check_batches(pickle.dumps(TERMS), shipping.installed_version(), batches()))
        assert answers == [TableChecker(as_of=AS_OF).check(batch) for batch in batches()]
    assert shipping._make.cache_info().misses == 1


def test_another_edition_is_refused_and_both_are_named() -> None:
    with pytest.raises(
        shipping.VersionMismatch, match=r"^the driver has premigrate 0\.0\.9 with rules 0a, this worker "
    ):
        list(spark.check_batches(pickle.dumps(TERMS), "premigrate 0.0.9 with rules 0a", batches()))


def test_what_is_in_files_is_sent(tmp_path: Path) -> None:
    overlay = tmp_path / "tenant.toml"
    overlay.write_text('[market]\nextends = "dk"\n[off]\ndeprecated-field = "Known."\n')
    (tmp_path / "ledger_codes.txt").write_text("OTHER\n")
    terms: dict[str, Any] = {"as_of": AS_OF, "market": "dk"}
    made, packed = shipping.build_and_pickle(
        TableChecker, overlay=overlay, references=tmp_path / "ledger_codes.txt", **terms
    )
    (tmp_path / "ledger_codes.txt").unlink()
    overlay.unlink()
    sent = shipping.build_once(TableChecker, packed, shipping.installed_version())
    batch = next(batches())
    assert sent.check(batch) == made.check(batch) != TableChecker(**terms).check(batch)
    assert sent.not_checked == made.not_checked != TableChecker(**terms).not_checked


def test_mistakes_in_files_are_told_by_their_names(tmp_path: Path) -> None:
    for name, text in (("no_such_list.txt", "A\n"), ("tenant.toml", "[market]\nextends = 'pt'\n"), ("bad.toml", "[")):
        (tmp_path / name).write_text(text)
        given = {"overlay": None, "references": None}
        given["references" if name.endswith("txt") else "overlay"] = tmp_path / name  # type: ignore[assignment]
        with pytest.raises(BadRules, match=name):
            shipping.build_and_pickle(TableChecker, as_of=AS_OF, market="dk", **given)
    with pytest.raises(BadRules, match="nowhere"):
        read_overlay(tmp_path / "nowhere.toml")
    with pytest.raises(BadRules, match="nowhere"):
        read_reference_lists(tmp_path / "nowhere.txt")
    with pytest.raises(BadRules, match=r"bad\.toml"):
        read_overlay(tmp_path / "bad.toml")


def test_references_of_python_values_are_copied_once() -> None:
    rows: dict[str, Any] = {"ledger_codes": iter(["A", "B"]), "campaigns": ({"slug": each} for each in "ab")}
    assert read_reference_lists(rows) == {"ledger_codes": ["A", "B"], "campaigns": [{"slug": "a"}, {"slug": "b"}]}


def test_an_archive_names_the_same_edition(tmp_path: Path) -> None:
    """An executor may run the package out of the archive that was sent to it."""
    archive = tmp_path / "premigrate.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for folder, inside in ((ROOT / "src" / "premigrate", "premigrate"), (ROOT / "rules", "premigrate/rules")):
            for file in folder.rglob("*"):
                if file.is_file() and file.suffix != ".pyc":
                    packed.write(file, f"{inside}/{file.relative_to(folder).as_posix()}")
    script = (
        f"import sys; sys.path.insert(0, {str(archive)!r})\n"
        "import premigrate, datetime\n"
        "from premigrate.integrations.worker_setup import installed_version\n"
        "premigrate.Validator(market='dk', as_of=datetime.date(2026, 1, 31))\n"
        "print(premigrate.__file__, installed_version(), sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    place, edition = done.stdout.strip().split("|")
    assert place.startswith(str(archive))
    assert edition == shipping.installed_version()
