"""The wheel and the source archive: built, installed in a clean environment, and run outside the repository."""

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import metadata
from pathlib import Path

import pytest

from tests.payloads import ROOT

PAGE = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    environment = {**os.environ, **variables}
    completed = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def build(kind: str, folder: Path, source: Path = ROOT, **variables: str) -> Path:
    """Build a package. Wheels are pure Python here; `make test-compiled` builds the compiled one."""
    variables["HATCH_BUILD_NO_HOOKS"] = "true"
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source, **variables)
    (built,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, unpacked with other modification times and stricter permissions."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    for path in root.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (10**9, 10**9))
    return root


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a clean environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile")
    run(*pip, "--constraint", ROOT / "constraints.txt", wheel, cwd=folder)
    return python


def test_wheel_holds_all_shipped_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"premigrate/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*") if path.is_file()
    }
    assert shipped <= names
    page = ROOT / "src" / "premigrate" / "report" / "page"
    assert {f"premigrate/report/page/{path.name}" for path in page.iterdir()} <= names
    assert "premigrate/py.typed" in names
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules, (
        "test_offline checks all modules that are shipped"
    )
    assert not [name for name in names if name.startswith(("tests", "src", "examples"))]


def test_wheel_works_without_the_repository(installed: Path, tmp_path: Path) -> None:
    for market in ("pt", "dk"):
        example = tmp_path / "payloads" / f"{market}.json"
        example.parent.mkdir(exist_ok=True)
        example.write_bytes((ROOT / "examples" / market / "good.json").read_bytes())
    command = installed.with_name("premigrate")
    out = run(command, "check", "--as-of", "2026-01-31", ".", cwd=tmp_path / "payloads", PREMIGRATE_CACHE_DIR="")
    assert "2 accounts checked, 0 refused" in out
    location = run(installed, "-c", "import premigrate; print(premigrate.__file__)", cwd=tmp_path)
    assert str(installed.parents[1]) in location


def test_edited_rules_apply_at_once() -> None:
    """An editable install reads the rules of the repository, not a copy."""
    script = "from premigrate.ruleset.rule_files import rules_root; print(rules_root())"
    assert run(sys.executable, "-c", script, cwd=Path("/")).strip() == str(ROOT / "rules")


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_builds_are_reproducible(kind: str, unpacked: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    first: Path = request.getfixturevalue(kind)
    variables = {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
    second = build(kind, tmp_path, unpacked, **variables)
    assert (second.name, second.read_bytes()) == (first.name, first.read_bytes())


def test_source_archive_holds_the_repository(sdist: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("needs git to list the files of the repository")
    tracked = set(run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")) - {
        ""
    }
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name for name in tracked if (ROOT / name).exists()} - names == set()
    assert names - tracked == {"PKG-INFO"}


def declared() -> dict[str, tuple[str, str]]:
    """Return the lower bound of each library, and its extra."""
    found: dict[str, tuple[str, str]] = {}
    for extra, needs in {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}.items():
        for need in needs:
            if bound := re.match(r"([\w.-]+)(?:\[\w+\])?>=([\w.]+)(?:;.*)?$", need):
                name, version = bound.groups()
                found[name] = (version, extra)
    assert len(found) == sum(map(len, PROJECT["optional-dependencies"].values())) + len(PROJECT["dependencies"]) - 1
    return found


ROW = re.compile(r"^\| `(\S+)` \| ([\d.]+) \| (?:(.*?) \| )?(.*) \| (\S+) \|$", re.MULTILINE)
ROWS = {row[0]: row for row in ROW.findall(PAGE)}


def test_page_names_every_library_with_its_lower_bound() -> None:
    shown = {name: (version, extras.replace("`", "").split(", ")[0]) for name, version, extras, _, _ in ROWS.values()}
    assert shown == declared()


@pytest.mark.parametrize("name", sorted(ROWS))
def test_page_names_the_licence(name: str) -> None:
    if name == "pyspark":
        pytest.importorskip("pyspark", reason="make slow installs it")
    package = metadata(name)
    licences = " ".join(
        map(str, (package["License-Expression"], package["License"], *(package.get_all("Classifier") or ())))
    )
    *_, licence = ROWS[name]
    names = {"LGPL-2.1-or-later": "LGPLv2+", "Apache-2.0": "Apache"}
    assert licence in licences or names.get(licence, licence) in licences


PROGRAM = '''
"""A program that uses the package."""

import datetime
from typing import assert_type

import premigrate

validator = premigrate.Validator(market="dk", as_of=datetime.date(2026, 1, 31))
result = validator.validate({})
same = assert_type(result, premigrate.Result)
attrs = assert_type([error.attr for error in result.errors], list[str])
for checked in premigrate.check_files(["accounts"], as_of=datetime.date(2026, 1, 31)):
    each = assert_type(checked, premigrate.AccountResult)
'''
WRONG = 'validator.validate_json(1.5, "x")  # WRONG\n'


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy --strict --no-incremental --python-executable", "basedpyright --pythonpath"])
def test_wheel_provides_types(checker: str, installed: Path, tmp_path: Path) -> None:
    """Check with mypy, and with basedpyright, the form of pyright that needs no network."""
    name, *options = checker.split()
    command = Path(sys.executable).with_name(name)
    if not command.exists():
        pytest.skip("make slow installs it")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    run(command, *options, installed, program, cwd=tmp_path)
    program.write_text(PROGRAM + WRONG, "utf-8")
    completed = subprocess.run(
        [command, *options, installed, program], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    line = 1 + PROGRAM.count("\n")
    assert re.search(rf"program.py:{line}(:\d+)?( -)?:? error", completed.stdout), "a wrong type is found"


@pytest.mark.slow
def test_tests_pass_from_the_source_archive(sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    run("make", ".venv/ready", cwd=root)
    output = run(
        *(
            root / ".venv" / "bin" / "python",
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "tests/cases",
            "tests/rules",
            "tests/unit",
        ),
        *("tests/scenarios/test_documents.py", "tests/scenarios/test_packaging.py"),
        cwd=root,
    )
    assert re.search(r"^\d{4} passed", output, re.MULTILINE), output[-300:]


@pytest.mark.slow
def test_bill_of_materials_names_every_library_with_its_licence(tmp_path: Path) -> None:
    run("make", "sbom", f"SBOM={tmp_path}", cwd=ROOT)
    sbom = json.loads((tmp_path / "premigrate.cdx.json").read_text("utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["metadata"]["component"]["name"] == "premigrate"
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line)
    components = {each["name"]: each for each in sbom["components"]}
    assert set(declared()) - {"pyspark"} <= set(components)
    assert {name: each["version"] for name, each in components.items()} == {name: pins[name] for name in components}
    assert [name for name, each in components.items() if not each.get("licenses")] == []
