"""The GitHub action, the GitLab component and the Dockerfile: their form, and their commands run in a shell."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from sarif_pydantic import Sarif

from tests.payloads import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
INSTALL, CHECK = ACTION["runs"]["steps"]
COMPONENT_INPUTS, COMPONENT = yaml.safe_load_all((ROOT / "templates" / "premigrate.yml").read_text("utf-8"))
HOSTILE = '$(touch made) `touch made` ; touch made; "$(touch made)"'
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
WHERE = "'{}/bin/python' -c 'import premigrate; print(premigrate.__file__)'"
FILES = ("action.yml", "templates/premigrate.yml", "Dockerfile", ".dockerignore")


class Ran(NamedTuple):
    code: int
    out: str


def run_script(script: str, cwd: Path, env: Mapping[str, str]) -> Ran:
    """Run a script as both systems do: each stops at the first command that fails."""
    command = ["/usr/bin/env", "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    merged = {**os.environ, "PATH": PATH, **env}
    completed = subprocess.run(command, cwd=cwd, env=merged, capture_output=True, text=True, check=False)
    return Ran(completed.returncode, completed.stdout + completed.stderr)


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """The temporary folder of a GitHub runner, with this environment as the one that the action makes."""
    folder = tmp_path / "runner temp"
    (folder / "premigrate").mkdir(parents=True)
    (folder / "premigrate" / "bin").symlink_to(Path(sys.executable).parent)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of payloads."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "examples" / "dk", folder / "accounts" / "dk")
    shutil.copytree(ROOT / "examples" / "pt", folder / "more accounts")
    return folder


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_a_registry(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?://|pypi|ghcr|docker\.io|index-url|[\w-]+\.(?:com|io|org)\b", text)


class TestAction:
    def run(self, runner: Path, repository: Path, **inputs: str) -> tuple[int, str, list[str]]:
        """Run the second step; return its exit code, what it printed, and the paths that it put out."""
        assert inputs.keys() <= ACTION["inputs"].keys()
        output = repository.parent / "output"
        output.write_text("", "utf-8")
        values = {name: inputs.get(name, each["default"]) for name, each in ACTION["inputs"].items()}
        env = {name: values[re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", text)[1]] for name, text in CHECK["env"].items()}  # type: ignore[index]
        env |= {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(output)}
        ran = run_script(CHECK["run"], repository, env)
        lines = output.read_text("utf-8").splitlines()
        assert all(line.startswith("sarif=") for line in lines)
        return ran.code, ran.out, [line.removeprefix("sarif=") for line in lines]

    def test_form(self) -> None:
        assert ACTION["runs"]["using"] == "composite"
        assert all(each["description"] for each in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
        assert all(step["shell"] == "bash" and "uses" not in step for step in ACTION["runs"]["steps"])
        assert ACTION["outputs"]["sarif"]["value"] == f"${{{{ steps.{CHECK['id']}.outputs.sarif }}}}"
        assert "${{" not in INSTALL["run"] + CHECK["run"], "an input could hold commands"

    @pytest.mark.slow
    def test_installs_premigrate(self, tmp_path: Path, repository: Path) -> None:
        env = {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT), **INSTALL["env"]}
        installed = run_script(INSTALL["run"], tmp_path, env)
        assert installed.code == 0, installed.out
        assert str(ROOT) not in run_script(WHERE.format(tmp_path / "premigrate"), tmp_path, {}).out
        assert self.run(tmp_path, repository, paths="more accounts", args="--ignore '*'")[0] == 0

    def test_errors_fail_the_step_and_are_in_the_report(self, runner: Path, repository: Path) -> None:
        code, out, (report,) = self.run(runner, repository, paths="accounts\nmore accounts", args="--as-of 2026-01-31")
        assert (code, out.count("::error file=accounts/dk/bad.json")) == (1, 3)
        assert "file=more accounts/bad.json" in out
        text = Path(report).read_text("utf-8")
        Sarif.model_validate_json(text)
        (run,) = json.loads(text)["runs"]
        places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
        assert set(places) == {"accounts/dk/bad.json", "more%20accounts/bad.json"}

    def test_options_with_quotes_and_the_market(self, runner: Path, repository: Path) -> None:
        (repository / "my lists").mkdir()
        args = "--as-of 2026-01-31\n--ignore '*' --references \"my lists\""
        code, out, (report,) = self.run(runner, repository, paths="accounts", args=args, market="dk")
        assert (code, "2 accounts checked, 1 refused" in out) == (0, True)
        assert json.loads(Path(report).read_text("utf-8"))["runs"][0]["results"] == []
        code, out, reports = self.run(runner, repository, paths="accounts", market="nowhere")
        assert (code, "nowhere" in out, len(reports)) == (2, True, 0)

    def test_paths_of_the_configuration(self, runner: Path, repository: Path) -> None:
        (repository / "premigrate.toml").write_text('paths = ["accounts"]\nignore = ["*"]\n', "utf-8")
        code, out, reports = self.run(runner, repository)
        assert (code, "2 accounts checked" in out, len(reports)) == (0, True, 1)

    @pytest.mark.parametrize(
        ("name", "text"),
        [("paths", HOSTILE), ("market", HOSTILE), ("args", HOSTILE), ("args", "'$(touch made)"), ("paths", "--help")],
    )
    def test_inputs_are_never_run(self, runner: Path, repository: Path, name: str, text: str) -> None:
        assert self.run(runner, repository, **{"paths": "accounts", name: text})[0] != 0
        assert not list(repository.rglob("made"))


class TestComponent:
    def job(self, **inputs: str) -> dict[str, Any]:
        """Return the job with the values of inputs, as GitLab makes it."""
        known = COMPONENT_INPUTS["spec"]["inputs"]
        assert inputs.keys() <= known.keys()
        text = json.dumps(COMPONENT["premigrate"])
        for name, each in known.items():
            text = text.replace(f"$[[ inputs.{name} ]]", json.dumps(inputs.get(name, each["default"]))[1:-1])
        assert "$[[" not in text
        job: dict[str, Any] = json.loads(text)
        return job

    def run(self, repository: Path, **inputs: str) -> Ran:
        """Run the script where premigrate is installed, so that pip needs no package registry."""
        job = self.job(**inputs)
        return run_script("\n".join(job["script"]), repository, job["variables"])

    def test_form(self) -> None:
        assert all(each["description"] for each in COMPONENT_INPUTS["spec"]["inputs"].values())
        job = self.job(stage="lint")
        assert (job["stage"], job["image"]) == ("lint", "python:3.13-slim")
        assert "$[[" not in "".join(COMPONENT["premigrate"]["script"]), "an input could hold commands"
        assert job["artifacts"]["when"] == "always"

    def test_reports_are_those_of_the_artifacts(self, repository: Path) -> None:
        ran = self.run(repository, args="--as-of 2026-01-31 --ignore customers.*", market="dk", paths="accounts")
        assert ran.code == 1, ran.out
        reports = self.job()["artifacts"]["reports"]
        assert all((repository / file).is_file() for file in reports.values())
        issues = json.loads((repository / reports["codequality"]).read_text("utf-8"))
        assert {issue["location"]["path"] for issue in issues} == {"accounts/dk/bad.json"}
        assert "phone-number-valid" not in {issue["check_name"] for issue in issues}

    def test_all_inputs_may_be_left_out(self, repository: Path) -> None:
        for _ in range(2):  # the second run finds the reports of the first
            ran = self.run(repository)
            assert (ran.code, "4 accounts checked, 2 refused" in ran.out) == (1, True), ran.out

    @pytest.mark.parametrize("name", ["paths", "args", "market"])
    def test_inputs_are_never_run(self, repository: Path, name: str) -> None:
        assert self.run(repository, **{name: HOSTILE}).code != 0
        assert not list(repository.rglob("made"))


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, in upper case, with their arguments."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def context_paths() -> list[str]:
    """Return the names at the top of the repository that .dockerignore lets through."""
    ignored, *patterns = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert ignored == "*"
    wanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    assert [pattern for pattern in patterns if not pattern.startswith("!")] == ["**/__pycache__"]
    return [path.name for path in ROOT.iterdir() if any(fnmatch(path.name, pattern) for pattern in wanted)]


class TestDockerfile:
    def test_form(self) -> None:
        named = [rest for name, rest in instructions() if name == "FROM"]
        assert named == ["python:3.13-slim AS build", "python:3.13-slim"]
        last = instructions()[[name for name, _ in instructions()].index("FROM", 1) :]
        assert ("USER", "premigrate") in last
        assert not [rest for name, rest in last if name == "RUN" and "pip" in rest], "the image has no build tools"

    def test_context_holds_what_is_copied(self) -> None:
        copied = [shlex.split(rest)[:-1] for name, rest in instructions() if name == "COPY" and "--from" not in rest]
        assert sorted(name for names in copied for name in names) == sorted(context_paths())

    @pytest.mark.slow
    def test_image_checks_the_examples(self, tmp_path: Path) -> None:
        """Run the instructions below a folder, without those that change the system or compile."""
        moved = {path: str(tmp_path / path[1:]) for path in ("/build", "/wheels", "/opt/premigrate")}
        env = {"HATCH_BUILD_NO_HOOKS": "true"}
        for name, rest in instructions():
            if name == "COPY" and "--from" not in rest:
                *sources, _ = shlex.split(rest)
                for source in sources:
                    copy(ROOT / source, tmp_path / "build" / source)
            elif name == "ARG":
                env |= dict([rest.split("=")])
            elif name == "RUN" and not rest.startswith(("apt-get", "useradd")):
                script = re.sub("|".join(moved), lambda found: moved[found[0]], rest)
                ran = run_script(script, tmp_path / "build", env)
                assert ran.code == 0, ran.out
        (tmp_path / "build").rename(tmp_path / "gone")  # the last stage has only the environment
        (entry,) = [json.loads(rest) for name, rest in instructions() if name == "ENTRYPOINT"]
        path = f"{tmp_path}/opt/premigrate/bin{os.pathsep}{PATH}"
        ran = run_script(
            shlex.join([*entry, "check", "--as-of", "2026-01-31", "examples/dk"]), ROOT, {"PATH": path, "HOME": "/none"}
        )
        assert (ran.code, "2 accounts checked, 1 refused" in ran.out) == (1, True), ran.out
        assert "pure Python" in run_script(shlex.join([*entry, "--version"]), ROOT, {"PATH": path}).out


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)


def examples_of(file: str) -> Any:
    """Return the content of a YAML file that docs/ci.md shows."""
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    (text,) = re.findall(rf"^```yaml {re.escape(file)}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return yaml.safe_load(text)


def test_documents_use_the_action_as_it_is() -> None:
    steps = examples_of(".github/workflows/premigrate.yml")["jobs"]["check"]["steps"]
    (action,) = [step for step in steps if "premigrate" in step["uses"]]
    (upload,) = [step for step in steps if "sarif" in step["uses"]]
    assert action["with"].keys() <= ACTION["inputs"].keys()
    (output,) = ACTION["outputs"]
    path = f"steps.{action['id']}.outputs.{output}"
    assert upload["with"]["sarif_file"] == f"${{{{ {path} }}}}"
    assert upload["if"] == f"always() && {path}"


def test_documents_use_the_component_as_it_is() -> None:
    (included,) = examples_of(".gitlab-ci.yml")["include"]
    assert included["inputs"].keys() <= COMPONENT_INPUTS["spec"]["inputs"].keys()
    assert re.fullmatch(r"\$CI_SERVER_FQDN/[\w/-]+/premigrate/premigrate@v[\d.]+", included["component"])


def test_documents_name_all_inputs() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    for name in (*ACTION["inputs"], *COMPONENT_INPUTS["spec"]["inputs"]):
        assert f"`{name}`" in page
