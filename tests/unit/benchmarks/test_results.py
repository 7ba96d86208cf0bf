"""What is measured later takes its place in the results; nothing else changes."""

from benchmarks.__main__ import replace_section

ABOUT = "- a machine"
BEFORE, AFTER = "# All\n\n- another machine\n\n## Engine\n\nfast\n", "## Startup\n\nquick\n"


def test_a_table_takes_the_place_of_the_one_with_its_title() -> None:
    written = replace_section(f"{BEFORE}\n## Errors\n\nslow\n\n{AFTER}", "## Errors\n\nfast", ABOUT)
    assert written == f"{BEFORE}\n## Errors\n\nMeasured later than the rest:\n\n- a machine\n\nfast\n\n{AFTER}"


def test_the_last_table_may_be_replaced() -> None:
    written = replace_section(f"{BEFORE}\n{AFTER}", "## Startup\n\nslow", ABOUT)
    assert written == f"{BEFORE}\n## Startup\n\nMeasured later than the rest:\n\n- a machine\n\nslow\n"


def test_a_new_table_comes_last() -> None:
    written = replace_section(f"{BEFORE}\n{AFTER}", "## Memory\n\nlittle", ABOUT)
    assert written == f"{BEFORE}\n{AFTER}\n## Memory\n\nMeasured later than the rest:\n\n- a machine\n\nlittle\n"
