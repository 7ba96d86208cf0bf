"""The wheel: built, installed in a clean environment, and run from a folder far from the repository."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from tests.payloads import ROOT


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_works_on_its_own(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"premigrate/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*") if path.is_file()
    }
    assert shipped <= names
    page = ROOT / "src" / "premigrate" / "rendering" / "outputs" / "page"
    assert {f"premigrate/rendering/outputs/page/{path.name}" for path in page.iterdir()} <= names
    assert "premigrate/py.typed" in names
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules, "test_offline looks at all that is shipped"
    assert not [name for name in names if name.startswith(("tests", "src", "examples"))]
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    for market in ("pt", "dk"):
        example = tmp_path / "payloads" / f"{market}.json"
        example.parent.mkdir(exist_ok=True)
        example.write_bytes((ROOT / "examples" / market / "good.json").read_bytes())
    out = run(tmp_path / "env" / "bin" / "premigrate", "check", "--as-of", "2026-01-31", ".", cwd=tmp_path / "payloads")
    assert "2 accounts checked, 0 refused" in out
    where = run(python, "-c", "import premigrate; print(premigrate.__file__)", cwd=tmp_path)
    assert str(tmp_path) in where


def test_an_edited_rule_holds_at_once() -> None:
    """An editable install reads the rules of the repository, not a copy."""
    script = "from premigrate.loading.files import rules_root; print(rules_root())"
    assert run(sys.executable, "-c", script, cwd=Path("/")).strip() == str(ROOT / "rules")
