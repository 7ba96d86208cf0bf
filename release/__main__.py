"""Makes the files of a release in dist/: packages, bill of materials, notes and digests. Run by `make release`."""

import shutil
import sys
from pathlib import Path

from release.build import build_compiled, build_pure, clone, find_pythons
from release.notes import notes_of
from release.preconditions import check_preconditions
from release.process import ReleaseError, run
from release.sums import verify_sums, write_sums
from release.verify import verify_installed, verify_reproducible

ROOT = Path(__file__).parents[1]
DIST, SCRATCH = ROOT / "dist", ROOT / "build" / "release"
PYTHON = Path(sys.executable)


def main() -> None:
    """Make and verify a release, or exit with a message that says what is wrong."""
    try:
        version = check_preconditions(ROOT)
        for folder in (DIST, SCRATCH):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        source = clone(ROOT, SCRATCH / "source")
        _make_packages(source)
        print("Writing the bill of materials, the notes and the digests")
        run("make", "sbom", f"SBOM={DIST}", cwd=ROOT)
        notes = notes_of((source / "CHANGELOG.md").read_text("utf-8"), version)
        (DIST / "RELEASE-NOTES.md").write_text(notes, "utf-8")
        write_sums(DIST)
        verify_sums(DIST)
    except ReleaseError as error:
        sys.exit(str(error))
    print(f"premigrate {version} is ready in dist:", *sorted(path.name for path in DIST.iterdir()), sep="\n  ")


def _make_packages(source: Path) -> None:
    """Build and verify all packages."""
    print("Building the source archive and the wheel of pure Python, twice")
    build_pure(PYTHON, source, DIST)
    verify_reproducible(PYTHON, source, DIST, SCRATCH / "again")
    for package in sorted(DIST.iterdir()):
        form = "pure Python" if package.suffix == ".whl" else "compiled"  # the source archive is compiled if it can be
        _verify(PYTHON, package, form, source)
    for python in find_pythons():
        print(f"Building a compiled wheel with {python}")
        wheel = build_compiled(python, source, SCRATCH / Path(python).name, DIST)
        _verify(python, wheel, "compiled", source)
    run(PYTHON, "-m", "twine", "check", "--strict", *DIST.iterdir(), cwd=ROOT)
    print("twine accepts the metadata of all packages")


def _verify(python: str | Path, package: Path, form: str, source: Path) -> None:
    line = verify_installed(python, package, form, source, SCRATCH / "installed" / package.name)
    print(f"{package.name} is installed and checks the examples: {line}")


if __name__ == "__main__":
    main()
