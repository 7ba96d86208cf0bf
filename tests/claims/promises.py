"""What the documents promise without a number, each with the tests that hold it."""

from __future__ import annotations

from typing import NamedTuple


class Promise(NamedTuple):
    """A piece of a page, and the tests that fail where it does not hold: file and name, below ``tests``."""

    page: str
    text: str
    tests: tuple[str, ...]


PROMISES = (
    Promise(
        "README.md",
        "It never opens a network connection",
        ("scenarios/test_purity.py::test_nothing_is_opened",),
    ),
    Promise(
        "README.md",
        "Memory does not grow with the number of accounts",
        ("scenarios/test_bulk.py::test_memory_does_not_grow_with_bad_accounts",),
    ),
    Promise(
        "README.md",
        "One bad file never stops the rest from being checked",
        ("scenarios/test_command.py::test_unreadable_outweighs_refused",),
    ),
    Promise(
        "README.md",
        "`validate` takes any JSON value, never raises on one and never changes it; threads may share a validator",
        (
            "property/test_validation.py::test_any_value_gets_an_answer",
            "property/test_validation.py::test_answers_are_pure",
            "unit/test_api.py::test_threads_may_share_a_validator",
        ),
    ),
    Promise(
        "README.md",
        "which are never counted as passed",
        ("scenarios/test_command.py::test_reference_lists_are_read_and_what_is_not_checked_is_told",),
    ),
    Promise(
        "README.md",
        "the API's answer itself (`--format json`, and in Python) is exact",
        ("scenarios/test_command.py::test_json_holds_exact_answers",),
    ),
    Promise(
        "README.md",
        "nothing of a payload anywhere else: no log, no telemetry. The command keeps compiled rules, never payload "
        "data, in your cache folder, so that it starts fast",
        (
            "scenarios/test_purity.py::test_nothing_is_opened",
            "scenarios/test_cache.py::test_it_holds_rules_only",
            "scenarios/test_cache.py::test_with_it_next_to_nothing_is_imported",
        ),
    ),
    Promise("README.md", "[How fast it is]", ("scenarios/test_documents.py::test_every_linked_file_is_there",)),
    Promise(
        "docs/bulk.md",
        "takes a migration of any size: it reads a block at a time and holds no more than that",
        ("scenarios/test_bulk.py::test_memory_does_not_grow_with_bad_accounts",),
    ),
    Promise(
        "docs/bulk.md",
        "What is written is the same to the byte whatever N is",
        ("scenarios/test_bulk.py::test_all_outputs_are_the_same",),
    ),
    Promise(
        "docs/bulk.md",
        "however many accounts there are and however many of them are bad; [Outputs](outputs.md) says which formats "
        "grow",
        (
            "scenarios/test_bulk.py::test_memory_does_not_grow_with_bad_accounts",
            "scenarios/test_memory.py::test_reports",
        ),
    ),
    Promise(
        "docs/bulk.md",
        "An account keeps its bytes",
        ("scenarios/test_bulk.py::test_every_account_is_in_one_file_with_its_bytes_unchanged",),
    ),
    Promise(
        "docs/cohort.md",
        "Whatever the order and however the work is split, the clashes are the same, in the same order",
        ("property/test_cohort.py::test_a_cohort_is_the_same_however_it_is_split",),
    ),
    Promise(
        "docs/cohort.md",
        "however it is written",
        ("property/test_cohort.py::test_it_finds_what_the_model_finds",),
    ),
    Promise("docs/cohort.md", "It is exact", ("property/test_cohort.py::test_it_finds_what_the_model_finds",)),
    Promise(
        "docs/cohort.md",
        "Memory is bounded by `--memory`",
        ("scenarios/test_memory.py::test_cohort_keeps_to_what_it_is_given",),
    ),
    Promise(
        "docs/cohort.md",
        "The file belongs to the user alone, loses its name as soon as it is open, and is gone with the process, "
        "however that ends",
        (
            "unit/gathering/test_gathering.py::test_the_file_has_no_name_and_is_gone_when_it_is_closed",
            "scenarios/test_cohort.py::test_nothing_stays_behind_and_an_interrupt_is_heard",
        ),
    ),
    Promise(
        "docs/cohort.md",
        "under a key that is made for the run and never leaves memory",
        (
            "unit/gathering/test_gathering.py::test_the_file_has_digests_of_personal_values",
            "unit/gathering/test_gathering.py::test_digests_are_others_in_another_gathering",
        ),
    ),
    Promise(
        "docs/compare.md", "Memory does not grow with the number of calls", ("scenarios/test_memory.py::test_compare",)
    ),
    Promise(
        "docs/compare.md",
        "Shares are rounded down, and never up",
        ("unit/rendering/test_comparison.py::test_shares_are_rounded_down",),
    ),
    Promise(
        "docs/compare.md",
        "it was predicted, answered never, and in an account that the API accepted",
        ("unit/comparing/test_evidence.py::test_a_rule_is_off_only_if_it_is_never_right_and_something_was_accepted",),
    ),
    Promise(
        "docs/compare.md",
        "A file that this command did not write is never overwritten",
        ("scenarios/test_compare.py::test_a_file_of_somebody_else_is_never_overwritten",),
    ),
    Promise(
        "docs/compare.md",
        "An overlay never holds a personal value of a payload",
        (
            "scenarios/test_compare.py::test_no_canary_gets_out",
            "unit/comparing/test_evidence.py::test_a_text_that_tells_of_a_person_is_never_proposed",
        ),
    ),
    Promise(
        "docs/engines.md",
        "whatever speaks Arrow can go through it",
        ("unit/engines/test_arrow.py::test_whatever_gives_an_arrow_stream_is_answered",),
    ),
    Promise(
        "docs/engines.md",
        "`as_of` is never left out",
        ("unit/engines/test_arrow.py::test_mistakes_are_told_before_a_row_is_read",),
    ),
    Promise(
        "docs/engines.md",
        "`stream` takes whatever gives an Arrow stream",
        ("unit/engines/test_arrow.py::test_whatever_gives_an_arrow_stream_is_answered",),
    ),
    Promise("docs/market.md", "it must always answer 200", ("unit/test_api.py::test_good_payload",)),
    Promise(
        "docs/outputs.md",
        "A file has its name only when it is complete, and before that nobody else can read it; if the process is "
        "killed, nothing of it is left",
        ("scenarios/test_temporary.py::test_nothing_stays_behind",),
    ),
    Promise(
        "docs/outputs.md",
        "A run that is interrupted ends it properly",
        ("scenarios/test_streams.py::test_a_run_that_is_stopped_leaves_a_report_that_says_so",),
    ),
    Promise(
        "docs/outputs.md",
        "for every account the API's exact answer",
        ("scenarios/test_command.py::test_json_holds_exact_answers",),
    ),
    Promise(
        "docs/outputs.md",
        "A run of any size takes the same memory with `text`, `ndjson`, `csv`, `github`, `sarif` and `html`",
        (
            "scenarios/test_memory.py::test_reports",
            "scenarios/test_memory.py::test_the_page_for_people_holds_no_more_than_it_lists",
        ),
    ),
    Promise(
        "docs/outputs.md",
        "Whatever payloads, names of files and overlays hold, no output and no message moves a terminal",
        (
            "scenarios/test_injection.py::test_a_terminal_is_sent_nothing_but_what_can_be_seen",
            "scenarios/test_injection.py::test_files_hold_nothing_that_moves_a_terminal_and_read_back_as_they_were",
        ),
    ),
    Promise(
        "docs/outputs.md",
        "is the API's exact answer: it repeats values",
        ("scenarios/test_command.py::test_json_holds_exact_answers",),
    ),
    Promise(
        "docs/serve.md",
        "What was answered is there after a crash too",
        ("scenarios/test_serve_process.py::test_what_was_answered_survives_a_kill",),
    ),
    Promise(
        "docs/serve.md",
        "301 where the last slash is missing",
        ("scenarios/test_serve.py::test_what_belongs_to_http",),
    ),
    Promise(
        "docs/tenant.md",
        "`premigrate tenant learn` reads that document, offline",
        ("scenarios/test_purity.py::test_nothing_is_opened",),
    ),
    Promise(
        "docs/tenant.md",
        "Objects are matched by where they stand, whatever the document calls them",
        ("property/test_learning.py::test_what_schemas_are_called_makes_no_difference",),
    ),
    Promise(
        "docs/tenant.md",
        "One that an example of the document fills is never dropped",
        ("scenarios/test_tenant.py::test_a_choice_gives_way_to_an_example_and_a_wrong_example_is_told",),
    ),
)
"""Promises with a number stand among the claims; where a test tells the number, here."""

MEANINGS = (
    "Options that you always use",
    "whatever is inside",
    "only the platform can tell; always among the `not_checked`",
)
"""Pieces that promise nothing, or say what a word means."""
