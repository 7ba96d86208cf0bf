"""The code that runs in a Spark worker; tests/scenarios/test_spark.py runs it on a real Spark."""

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
from premigrate.integrations import spark, worker_setup
from premigrate.integrations.arrow import TableChecker
from premigrate.ruleset.overlays import read_overlay
from premigrate.ruleset.references import read_reference_lists
from tests.payloads import AS_OF, ROOT

TEXTS = [(ROOT / "examples" / market / "bad.json").read_text("utf-8") for market in ("dk", "pt")]
OPTIONS: dict[str, Any] = {"as_of": AS_OF, "column": "payload"}


def batches() -> Iterator[pa.RecordBatch]:
    for text in TEXTS:
        yield pa.RecordBatch.from_pydict({"payload": [text]})


def test_worker_checks_all_batches_with_one_checker() -> None:
    worker_setup._make.cache_clear()
    for _ in range(3):
        answers = list(spark.check_batches(pickle.dumps(OPTIONS), worker_setup.installed_version(), batches()))
        assert answers == [TableChecker(as_of=AS_OF).check(batch) for batch in batches()]
    assert worker_setup._make.cache_info().misses == 1


def test_version_mismatch_names_both_versions() -> None:
    with pytest.raises(
        worker_setup.VersionMismatch, match=r"^the driver has premigrate 0\.0\.9 with rules 0a, this worker "
    ):
        list(spark.check_batches(pickle.dumps(OPTIONS), "premigrate 0.0.9 with rules 0a", batches()))


def test_content_of_files_is_sent(tmp_path: Path) -> None:
    overlay = tmp_path / "tenant.toml"
    overlay.write_text('[market]\nextends = "dk"\n[enabled]\ndeprecated-field = "Known."\n')
    (tmp_path / "ledger_codes.txt").write_text("OTHER\n")
    options: dict[str, Any] = {"as_of": AS_OF, "market": "dk"}
    built, packed = worker_setup.build_and_pickle(
        TableChecker, overlay=overlay, references=tmp_path / "ledger_codes.txt", **options
    )
    (tmp_path / "ledger_codes.txt").unlink()
    overlay.unlink()
    sent = worker_setup.build_once(TableChecker, packed, worker_setup.installed_version())
    batch = next(batches())
    assert sent.check(batch) == built.check(batch) != TableChecker(**options).check(batch)
    assert sent.not_checked == built.not_checked != TableChecker(**options).not_checked


def test_errors_name_their_file(tmp_path: Path) -> None:
    for name, text in (("no_such_list.txt", "A\n"), ("tenant.toml", "[market]\nextends = 'pt'\n"), ("bad.toml", "[")):
        (tmp_path / name).write_text(text)
        given = {"overlay": None, "references": None}
        given["references" if name.endswith("txt") else "overlay"] = tmp_path / name  # type: ignore[assignment]
        with pytest.raises(BadRules, match=name):
            worker_setup.build_and_pickle(TableChecker, as_of=AS_OF, market="dk", **given)
    with pytest.raises(BadRules, match="nowhere"):
        read_overlay(tmp_path / "nowhere.toml")
    with pytest.raises(BadRules, match="nowhere"):
        read_reference_lists(tmp_path / "nowhere.txt")
    with pytest.raises(BadRules, match=r"bad\.toml"):
        read_overlay(tmp_path / "bad.toml")


def test_references_of_python_values_are_copied_once() -> None:
    rows: dict[str, Any] = {"ledger_codes": iter(["A", "B"]), "campaigns": ({"slug": each} for each in "ab")}
    assert read_reference_lists(rows) == {"ledger_codes": ["A", "B"], "campaigns": [{"slug": "a"}, {"slug": "b"}]}


def test_zip_archive_has_the_same_version(tmp_path: Path) -> None:
    """An executor may import the package from the archive that was sent to it."""
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
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    location, version = completed.stdout.strip().split("|")
    assert location.startswith(str(archive))
    assert version == worker_setup.installed_version()
