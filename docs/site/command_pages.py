"""The pages of the commands: usage, description, options, settings and exit codes."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING, Any

import click

from docs.site.page import Page, code, codes, escape
from docs.site.places import COMMANDS, CONFIGURATION
from premigrate.cli.group import commands
from premigrate.command import exit_codes
from premigrate.command.help_format import HelpCommand, group_options
from premigrate.command.options import ConfigOption

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "premigrate"
_EXIT_CODES = "Exit code: "
"""The beginning of the paragraph of a help text that lists exit codes with their meaning."""
_EXIT_CODE = re.compile(r", (?=\d+\b)")


def command_pages() -> Iterator[Page]:
    """Yield the index of the commands, and a page for each command that is no group."""
    found = list(_leaves(commands, click.Context(commands, info_name=_NAME)))
    pages = [_command(command, context) for command, context in found]
    yield _index(pages, found)
    yield from pages


def _leaves(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _leaves(command, inner)
        else:
            yield command, inner


def _index(pages: list[Page], found: list[tuple[click.Command, click.Context]]) -> Page:
    page = Page(COMMANDS, "Commands", "All commands")
    page.block("console", f"$ {_NAME} COMMAND [OPTIONS] [ARGUMENTS]\n$ {_NAME} COMMAND --help\n$ {_NAME} --version")
    links = (page.link(code(each.label), each.path) for each in pages)
    about = (_paragraphs(command)[0] for command, _ in found)
    page.table(("command", "what it does"), zip(links, map(escape, about), strict=True))
    page.section("Exit codes")
    page.paragraph("If several apply, the highest is used. The page of each command lists its exit codes.")
    page.table(("code", "meaning"), _exit_codes())
    return page


def _exit_codes() -> Iterator[tuple[str, str]]:
    """Yield each exit code with the docstring below it."""
    body = ast.parse(inspect.getsource(exit_codes.ExitCode)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class
    for line, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(line, ast.Assign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield ast.unparse(line.value), " ".join(str(below.value.value).split())


def _paragraphs(command: click.Command) -> list[str]:
    """Return the paragraphs of the help, without the line breaks of the source."""
    return [" ".join(each.split()) for each in inspect.cleandoc(command.help or "").split("\n\n")]


def _command(command: click.Command, context: click.Context) -> Page:
    name = context.command_path
    label = name.removeprefix(f"{_NAME} ")
    path = f"reference/commands/{label.replace(' ', '-')}.md"
    page = Page(path, f"Command {code(name)}", label, ("All commands", COMMANDS), boost=2)
    page.block("console", f"$ {name} {' '.join(command.collect_usage_pieces(context))}")
    for text in _paragraphs(command):
        if text.startswith(_EXIT_CODES):
            listed, _, note = text.removeprefix(_EXIT_CODES).partition(". ")
            page.paragraph("Exit codes:")
            page.items(map(escape, _EXIT_CODE.split(listed.removesuffix("."))))
            page.paragraph(escape(note))
        else:
            page.paragraph(escape(text))
    if isinstance(command, HelpCommand) and command.examples:
        page.section("Examples", in_search=False)
        page.block("console", "\n".join(f"$ {example}" for example in command.examples))
    keys = {key for each in command.params if isinstance(each, ConfigOption) for key in each.keys}
    for title, options in group_options(command, context).items():
        if options:
            page.section(f"Options: {title.lower()}", anchor=f"options-{title.lower()}", in_search=False)
        for option in options:
            _option(page, option, context, keys)
    return page


def _option(page: Page, option: click.Option, context: click.Context, keys: set[str]) -> None:
    record = option.get_help_record(context)
    if record is None:
        return
    usage, text = record
    page.section(code(usage), level=3, anchor=option.opts[-1].lstrip("-"))
    about, *notes = text.removesuffix("]").replace("]  [", "  [").split("  [")
    page.paragraph(escape(about))
    items = [_note(each) for each in notes]
    items += [f"Choices: {codes(map(str, option.type.choices))}"] if isinstance(option.type, click.Choice) else []
    items += ["Can be given several times"] if option.multiple else []
    items += list(_setting(page, option, keys))
    page.items(items)


def _note(text: str) -> str:
    """Return a note in brackets of the help, which is the default or the range, as an item of a list."""
    default = text.removeprefix("default: ")
    return f"Range: {code(text)}" if default == text else f"Default: {escape(default)}"


def _setting(page: Page, option: click.Option, keys: Any) -> Iterator[str]:  # noqa: ANN401 - a set of texts
    key = (option.name or "").replace("_", "-")
    if key in keys:
        yield f"Setting in {page.link('`premigrate.toml`', CONFIGURATION)}: {code(key)}"
