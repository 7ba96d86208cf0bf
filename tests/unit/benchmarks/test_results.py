"""A later measurement replaces its own section of the results; nothing else changes."""

from benchmarks.__main__ import replace_section

ABOUT = "- a machine"
BEFORE, AFTER = "# All\n\n- another machine\n\n## Engine\n\nfast\n", "## Startup\n\nquick\n"


def test_section_with_the_same_title_is_replaced() -> None:
    written = replace_section(f"{BEFORE}\n## Errors\n\nslow\n\n{AFTER}", "## Errors\n\nfast", ABOUT)
    assert written == f"{BEFORE}\n## Errors\n\nMeasured separately:\n\n- a machine\n\nfast\n\n{AFTER}"


def test_last_section_is_replaced() -> None:
    written = replace_section(f"{BEFORE}\n{AFTER}", "## Startup\n\nslow", ABOUT)
    assert written == f"{BEFORE}\n## Startup\n\nMeasured separately:\n\n- a machine\n\nslow\n"


def test_new_section_is_appended() -> None:
    written = replace_section(f"{BEFORE}\n{AFTER}", "## Memory\n\nlittle", ABOUT)
    assert written == f"{BEFORE}\n{AFTER}\n## Memory\n\nMeasured separately:\n\n- a machine\n\nlittle\n"
