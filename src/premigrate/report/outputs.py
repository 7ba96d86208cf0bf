"""The output formats, and the class of each, which is imported when it is used."""

from importlib import import_module
from typing import Any

from premigrate.report.run import Output

FORMATS: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("text_output:TextOutput", (".txt", ".log")),
    "concise": ("concise_output:ConciseOutput", ()),
    "json": ("json_output:JsonOutput", (".json",)),
    "ndjson": ("json_output:LinesOutput", (".ndjson", ".jsonl")),
    "github": ("github_output:GithubOutput", ()),
    "gitlab": ("gitlab_output:GitlabOutput", ()),
    "sarif": ("sarif_output:SarifOutput", (".sarif",)),
    "junit": ("junit_output:JunitOutput", (".xml",)),
    "csv": ("csv_output:CsvOutput", ()),
    "csv-bom": ("csv_output:MarkedCsvOutput", (".csv",)),
    "html": ("html_output:HtmlOutput", (".html", ".htm")),
}
"""Each format: the module and class that render it, and the suffixes of its files."""

PARQUET = "parquet"
"""The only format that is not text: it can only be written to a file, by `premigrate.command.parquet_sink`."""

FILE_FORMATS: dict[str, tuple[str, ...]] = {
    **{name: suffixes for name, (_, suffixes) in FORMATS.items()},
    PARQUET: (".parquet",),
}
"""The formats of files, and the suffixes of each."""

STATISTICS: dict[str, str] = {
    "text": "statistics_text:TextStatistics",
    "json": "statistics_data:JsonStatistics",
    "csv": "statistics_data:CsvStatistics",
    "csv-bom": "statistics_data:MarkedCsvStatistics",
}
"""The formats that can show statistics instead of findings: the module and class that render them."""


def make_output(name: str, *, statistics: bool = False, **options: Any) -> Output:  # noqa: ANN401 - they differ between outputs
    """Make the output of a format; an option that the format does not have is ignored.

    ``statistics``: show statistics instead of findings, in the formats that can.

    ``explanations`` is a function that returns them: it is called only if needed, as it takes longer than most
    runs.
    """
    rendered_by = STATISTICS.get(name, "") if statistics else ""
    module, _, class_name = (rendered_by or FORMATS[name][0]).partition(":")
    output = getattr(import_module(f"premigrate.report.{module}"), class_name)
    wanted = {key: value for key, value in options.items() if key in output.OPTIONS}
    if make := wanted.get("explanations"):
        wanted["explanations"] = make()
    return output(**wanted)  # type: ignore[no-any-return]


def format_of_file(file: str) -> str | None:
    """Return the format of a file by its suffix; None if the suffix is not known."""
    for name, endings in FILE_FORMATS.items():
        if file.lower().endswith(endings):
            return name
    return None
