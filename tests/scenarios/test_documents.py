"""What the documents show is run as it stands there."""

import re

from tests.payloads import ROOT
from tests.scenarios.test_command import run

README = (ROOT / "README.md").read_text("utf-8")


def test_python_example_says_what_it_gives() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    code = example.replace("examples/", f"{ROOT.as_posix()}/examples/")
    lines = code.splitlines()
    exec("\n".join(line for line in lines if not line.startswith("result.")), names)  # noqa: S102 - our own document
    shown = [line.split("#", 1) for line in lines if line.startswith("result.")]
    assert len(shown) == 6
    for expression, value in shown:
        assert repr(eval(expression, names)) == value.strip()  # noqa: S307 - our own document


def test_commands_give_what_is_shown() -> None:
    (block,) = re.findall(r"```console\n(\$ pip.*?)```", README, re.DOTALL)
    _, check, *shown = block.splitlines()
    _, out, _ = run(*check.removeprefix("$ premigrate ").split())
    assert [line for line in shown if not line.startswith(("$", "  ..."))] == out.splitlines()[:5]
    code, _, _ = run(*shown[-1].removeprefix("$ premigrate ").split())
    assert code == 0


def test_commands_about_lists_work() -> None:
    (block,) = re.findall(r"```console\n(\$ premigrate rules.*?)```", README, re.DOTALL)
    for line in block.splitlines():
        code, out, err = run(*line.removeprefix("$ premigrate ").split())
        assert (code, err) == (0, "")
        assert out


def test_example_lists_know_all_that_the_good_examples_say() -> None:
    for market in ("pt", "dk"):
        code, out, _ = run(
            "check", "--as-of", "2026-01-31", "--references", "examples/references", f"examples/{market}/good.json"
        )
        assert (code, "0 errors" in out) == (0, True)


def test_manual_of_rules_shows_a_rule_that_is_there() -> None:
    manual = (ROOT / "rules" / "README.md").read_text("utf-8")
    (rule,) = re.findall(r"```toml\n(\[\[rule\]\].*?)```", manual, re.DOTALL)
    bare = "\n".join(re.sub(r"  +#.*", "", line) for line in rule.splitlines())
    assert bare in (ROOT / "rules" / "platform" / "agreement.toml").read_text("utf-8")


def test_every_linked_file_is_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "rules/README.md"):
        page = ROOT / name
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{name}: {link}"
