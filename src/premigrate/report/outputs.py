"""The formats of a run, one module each."""

from importlib import import_module
from typing import Any

from premigrate.report.run import Output

FORMATS: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("text_output:TextOutput", (".txt", ".log")),
    "json": ("json_output:JsonOutput", (".json",)),
    "ndjson": ("json_output:LinesOutput", (".ndjson", ".jsonl")),
    "github": ("github_output:GithubOutput", ()),
    "sarif": ("sarif_output:SarifOutput", (".sarif",)),
    "junit": ("junit_output:JunitOutput", (".xml",)),
    "csv": ("csv_output:CsvOutput", ()),
    "csv-bom": ("csv_output:MarkedCsvOutput", (".csv",)),
    "html": ("html_output:HtmlOutput", (".html", ".htm")),
}
"""Each format: where its class is, and the endings of file names that ask for it."""


def make_output(name: str, **options: Any) -> Output:  # noqa: ANN401 - each output knows its own
    """Make the output of a format; ``options`` go to those that have some.

    ``explain`` is a function that makes the explanations, for making them takes longer than most runs.
    """
    module, _, made = FORMATS[name][0].partition(":")
    output = getattr(import_module(f"premigrate.report.{module}"), made)
    wanted = {key: value for key, value in options.items() if key in output.OPTIONS}
    if explain := wanted.get("explain"):
        wanted["explain"] = explain()
    return output(**wanted)  # type: ignore[no-any-return]


def format_of(file: str) -> str | None:
    """Tell the format that a file's name asks for; None if it asks for none."""
    for name, (_, endings) in FORMATS.items():
        if file.lower().endswith(endings):
            return name
    return None
