"""Spark, 3.5 or 4, in local mode gives the results of the command for a hundred thousand accounts, row by row."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.accounts import account_texts

from premigrate.exceptions import BadArgument
from premigrate.integrations import spark as adapter
from premigrate.ruleset.lineage import lineage_of
from tests.command import invoke as run
from tests.payloads import AS_OF, ROOT
from tests.scenarios.test_recipes import recipe, run_recipe, write_table

pyspark = pytest.importorskip("pyspark", reason="installed by make slow")
if not shutil.which("java"):
    pytest.skip("Spark needs Java", allow_module_level=True)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Spark 4.0 leaves sockets open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:distutils Version:DeprecationWarning"),  # Spark 3.5
]

COUNT = 100_000
PER_FOLDER = 1_000
INVALID_ACCOUNTS = ("", "{", '{"a": 1, 2', "null", "{}", '{"import_supplier": "NOBODY"}', '{"a": NaN}')
"""None is an array: a file with an array, also a truncated one, is read account by account."""
INVALID_EVERY = 500


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "2000").getOrCreate()
        yield spark
        spark.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same accounts twice: in one table, and each in its own file."""
    folder = tmp_path_factory.mktemp("accounts")
    payloads = [*generated_accounts()]
    names = [f"{number // PER_FOLDER:03}/{number:06}.json" for number in range(COUNT)]
    for name, text in zip(names, payloads, strict=True):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    pq.write_table(pa.table({"file": names, "payload": payloads}), folder / "accounts.parquet", row_group_size=10_000)
    return folder


def generated_accounts() -> Iterator[str]:
    """Yield accounts of all markets, one in a hundred bad; some are invalid, some repeat the account before."""
    previous = ""
    for number, text in enumerate(account_texts(COUNT, seed=1)):
        if number % INVALID_EVERY == 0:
            yield INVALID_ACCOUNTS[number // INVALID_EVERY % len(INVALID_ACCOUNTS)]
        elif number % INVALID_EVERY == 2:
            yield with_another_name(previous)
        else:
            yield text
        previous = text


def with_another_name(text: str) -> str:
    """Return an account with another family name of its customers."""
    payload = json.loads(text)
    for customer in payload.get("payload", payload).get("customers", ()):
        customer["family_name"] = "Otherwise"
    return json.dumps(payload)


def table_of(session: Any, *texts: str | None) -> Any:
    return session.createDataFrame([(number, text) for number, text in enumerate(texts)], "id int, payload string")


def test_results_equal_those_of_the_command(session: Any, folder: Path) -> None:
    frame = session.read.parquet(str(folder / "accounts.parquet")).repartition(8)
    rows = rows_of(adapter.check_dataframe(frame, as_of=AS_OF))
    found = {row["file"]: findings_of(row) for row in rows}

    code, out, _ = run("check", "--as-of", AS_OF.isoformat(), "--format", "ndjson", *folders_in(folder), cwd=folder)
    expected: dict[str, list[tuple[str, ...]]] = {name: [] for name in found}
    for line in map(json.loads, out.splitlines()):
        expected[line["file"]].append(finding_of(line))

    assert code == 4
    assert len(rows) == COUNT
    assert found == expected
    assert sum(row["status"] == 400 for row in rows) > COUNT / 500
    assert sum(row["problem"] is not None for row in rows) == COUNT / INVALID_EVERY
    assert sum(row["status"] == 200 for row in rows) > COUNT * 0.98


def rows_of(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in frame.collect()]


def folders_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_dir())


def findings_of(row: dict[str, Any]) -> list[tuple[str, ...]]:
    if row["problem"] is not None:
        return [("unreadable", row["problem"].replace("market=", "--market "))]
    levels = {"now": "error", "follow-on": "follow-on"}
    errors = [(levels[error.pop("stage")], *error.values()) for error in row["errors"]]
    return errors + [("advice", *advice.values()) for advice in row["advice"]]


def finding_of(line: dict[str, Any]) -> tuple[str, ...]:
    if line["level"] == "unreadable":
        place = f"line {line['line']}, column {line['column']}: " if line["line"] else ""
        return ("unreadable", f"{place}{line['detail']}")
    return tuple(line[key] for key in ("level", "detail", "code", "attr", "rule"))


def test_clashes_equal_those_of_the_command(session: Any, folder: Path) -> None:
    lists = {"unique_user_detail_namespaces.txt": "fiscal_code\n", "imported_account_numbers.txt": ""}
    frame = session.read.parquet(str(folder / "accounts.parquet")).repartition(8)
    known = frame.where("get_json_object(payload, '$.external_account_number') is not null").limit(20).collect()
    lists["imported_account_numbers.txt"] = "".join(
        f"{json.loads(row.payload)['external_account_number']}\n" for row in known
    )
    (folder / "lists.d").mkdir()
    for name, text in lists.items():
        (folder / "lists.d" / name).write_text(text)
    clashes = adapter.find_clashes(frame, file="file", references=folder / "lists.d")

    found = rows_of(clashes)
    shown = [each for each in folders_in(folder) if each != "lists.d"]
    code, out, _ = run("cohort", "--references", "lists.d", "--format", "ndjson", *shown, cwd=folder)
    expected = list(map(json.loads, out.splitlines()))
    for line in expected:
        for place in line["places"]:
            del place["line"]
    ordered = sorted(found, key=lambda clash: str(clash["places"][0]) + str(clash["rule"]) + str(clash["detail"]))
    expected.sort(key=lambda clash: str(clash["places"][0]) + str(clash["rule"]) + str(clash["detail"]))
    assert code == 4
    assert ordered == expected
    rules = {clash["rule"] for clash in found}
    assert rules >= {"cohort-account-number", "cohort-account-imported", "cohort-person"}
    assert len(found) > COUNT / INVALID_EVERY


def test_overlay_and_references_are_sent_to_workers(session: Any, tmp_path: Path) -> None:
    (tmp_path / "ledger_codes.txt").write_text("OTHER\n")
    (tmp_path / "tenant.toml").write_text('[market]\nextends = "dk"\n[enabled]\ndeprecated-field = "Known."\n')
    good = (ROOT / "examples" / "dk" / "good.json").read_text("utf-8")
    frame = table_of(session, good)
    options: dict[str, Any] = {"market": "dk", "overlay": tmp_path / "tenant.toml"}
    answers = adapter.check_dataframe(frame, as_of=AS_OF, references=tmp_path / "ledger_codes.txt", **options)
    (tmp_path / "ledger_codes.txt").unlink()
    (tmp_path / "tenant.toml").unlink()
    (row,) = answers.collect()
    assert [error.attr for error in row.errors] == ["ledgers.0.ledger_code"]
    assert {advice.code for advice in row.advice} == {"deprecated_field"}


def test_structs_and_odd_column_names(session: Any) -> None:
    path = str(ROOT / "examples" / "dk" / "bad.json")
    frame = session.read.json(path, multiLine=True).selectExpr("payload as `the payload`", "1 as `my id`")
    (row,) = adapter.check_dataframe(frame, as_of=AS_OF, column="the payload").collect()
    expected = table_of(session, Path(path).read_text("utf-8"))
    (of_text,) = adapter.check_dataframe(expected, as_of=AS_OF).collect()
    assert row["my id"] == 1
    assert row.errors == of_text.errors


def test_invalid_arguments_are_reported_before_a_job_starts(session: Any) -> None:
    frame = table_of(session, None)
    with pytest.raises(BadArgument, match="no column 'body'"):
        adapter.check_dataframe(frame, as_of=AS_OF, column="body")
    with pytest.raises(BadArgument, match="the column 'id' is int32"):
        adapter.check_dataframe(frame, as_of=AS_OF, column="id")
    with pytest.raises(BadArgument, match="has a column 'status' of its own"):
        adapter.check_dataframe(frame.withColumnRenamed("id", "status"), as_of=AS_OF)
    answers = adapter.check_dataframe(frame.limit(0), as_of=AS_OF)
    assert answers.columns == ["id", "account", "market", "status", "errors", "advice", "not_checked", "problem"]
    assert answers.collect() == []


def test_variant_is_read(session: Any) -> None:
    if pyspark.__version__ < "4":
        pytest.skip("Spark 3.5 has no VARIANT")
    texts = [(ROOT / "examples" / market / "bad.json").read_text("utf-8") for market in ("dk", "pt")]
    of_text = table_of(session, *texts, None)
    of_variant = of_text.selectExpr("id", "parse_json(payload) as payload", "parse_json(payload) as again")
    expected = rows_of(adapter.check_dataframe(of_text, as_of=AS_OF))
    assert rows_of(adapter.check_dataframe(of_variant, as_of=AS_OF, keep=["id"])) == expected
    assert [len(row["errors"] or ()) for row in expected] == [4, 3, 0]
    kept = adapter.check_dataframe(of_variant, as_of=AS_OF, keep=["again"]).selectExpr("to_json(again) as text")
    assert [json.loads(row.text) for row in kept.limit(2).collect()] == [json.loads(text) for text in texts]
    assert rows_of(adapter.find_clashes(of_variant.union(of_variant), file="id")) == []
    with pytest.raises(BadArgument, match=r"payload\.v is a VARIANT"):
        adapter.check_dataframe(of_variant.selectExpr("named_struct('v', payload) as payload"), as_of=AS_OF)


def test_lineage_without_advice(session: Any, tmp_path: Path) -> None:
    (tmp_path / "tenant.toml").write_text('[market]\nextends = "dk"\n')
    overlay = tmp_path / "tenant.toml"
    frame = table_of(session, (ROOT / "examples" / "dk" / "bad.json").read_text("utf-8"), "{")
    options: dict[str, Any] = {"market": "dk", "overlay": overlay, "advice": False, "lineage": True}
    answers = adapter.check_dataframe(frame, as_of=AS_OF, **options)
    names = ["id", "account", "market", "status", "errors", "not_checked", "problem"]
    lineage = lineage_of(AS_OF, overlay)
    assert answers.columns == [*names, *lineage._fields]
    assert [tuple(row)[-4:] for row in answers.collect()] == [lineage] * 2


def test_another_version_on_the_driver_fails_the_job(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.errors import PythonException

    monkeypatch.setattr(adapter, "installed_version", lambda: "premigrate 0.0.9 with rules 0a")
    with pytest.raises(PythonException, match=r"VersionMismatch: the driver has premigrate 0\.0\.9 with"):
        adapter.check_dataframe(table_of(session, "{}"), as_of=AS_OF).collect()


def test_recipe(session: Any, tmp_path: Path) -> None:
    write_table(tmp_path)
    # Java has its own working directory
    text = recipe("Spark").replace("accounts.parquet", f"{tmp_path}/accounts.parquet")
    assert run_recipe(text, spark=session) == 3


def test_recipe_of_a_stream(session: Any, tmp_path: Path) -> None:
    (tmp_path / "arriving").mkdir()
    write_table(tmp_path / "arriving")
    text = recipe("Structured Streaming")
    for folder in ("arriving", "checkpoint", "answers"):
        assert f'"{folder}"' in text
        text = text.replace(f'"{folder}"', f'"{tmp_path / folder}"')
    assert run_recipe(text, spark=session) == 1


CONNECT = """
import sys
from tests.scenarios.test_recipes import recipe, run_recipe

text = recipe("Spark Connect").replace("sc://localhost:15002", "local[2]")
names = {}
assert run_recipe(text.replace("accounts.parquet", sys.argv[1]), names) == 1
print(type(names["answers"]).__module__)
"""


def test_recipe_of_spark_connect(tmp_path: Path) -> None:
    if pyspark.__version__ < "4":
        pytest.skip("Spark 3.5 as it is installed has no server of Spark Connect")
    pytest.importorskip("grpc", reason="pyspark[connect] installs it")
    write_table(tmp_path)
    environment = {"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    out = run_python("-c", CONNECT, str(tmp_path / "accounts.parquet"), cwd=tmp_path, **environment)
    assert out.splitlines()[-1] == "pyspark.sql.connect.dataframe"


JOB = """
import datetime, sys, pyarrow
from pyspark.sql import SparkSession
from premigrate.integrations.spark import check_dataframe

def place(batches):
    import premigrate
    for batch in batches:
        yield pyarrow.RecordBatch.from_pydict({"place": [premigrate.__file__]})

builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
session = builder.config("spark.submit.pyFiles", sys.argv[1]).getOrCreate()
frame = session.createDataFrame([("{}",)], "payload string")
print(frame.mapInArrow(place, "place string").first().place)
print(check_dataframe(frame, as_of=datetime.date(2026, 1, 31), market="dk").first().errors[0].attr)
"""


def test_wheel_is_enough_for_workers_with_its_dependencies(tmp_path: Path) -> None:
    run_python("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path), cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    archive = wheel.rename(tmp_path / "premigrate.zip")
    libraries = sysconfig.get_path("purelib")
    bare = tmp_path / "python"  # without site there are no editable installs, so this Python has no premigrate
    bare.write_text(f'#!/bin/sh\nPYTHONPATH="$PYTHONPATH:{libraries}" exec {sys.executable} -S "$@"\n')
    bare.chmod(0o755)
    out = run_python("-c", JOB, str(archive), cwd=tmp_path, PYSPARK_PYTHON=str(bare))
    place, attr = out.splitlines()[-2:]
    assert place.endswith("premigrate.zip/premigrate/__init__.py")
    assert attr == "import_supplier"


def run_python(*arguments: str, cwd: Path, **env: str) -> str:
    command = [sys.executable, *arguments]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **env})
    assert completed.returncode == 0, completed.stderr
    return completed.stdout
