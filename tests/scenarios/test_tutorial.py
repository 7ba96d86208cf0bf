"""Walks docs/tutorial.md: commands give the shown output, and the edits of the page lead to clean accounts."""

import json
import shutil
from pathlib import Path

from tests.command import invoke
from tests.page_reader import PageReader
from tests.pages import blocks_of, commands_of
from tests.payloads import ROOT

PAGE = ROOT / "docs" / "tutorial.md"


def test_tutorial_leads_to_clean_accounts(tmp_path: Path) -> None:
    checkout = tmp_path / "premigrate"
    shutil.copytree(ROOT / "docs" / "tutorial", checkout / "docs" / "tutorial")
    reader = PageReader(checkout, all_output=True)
    for block in blocks_of(PAGE):
        reader.follow(block)
    assert reader.exit_code == 0
    *_, last_check = [
        command.line.split()
        for block in blocks_of(PAGE)
        if block.language == "console"
        for command in commands_of(block.text)
        if command.line.startswith("premigrate check")
    ]
    code, out, err = invoke(*last_check[1:], "--format", "json", "--fail-on", "advice", cwd=reader.folder)
    report = json.loads(out)
    assert (code, err, report["unreadable"]) == (0, "", [])
    assert {account["status"] for account in report["accounts"]} == {200}
    assert invoke("cohort", cwd=reader.folder).code == 0
