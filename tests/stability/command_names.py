"""Lists the commands, their arguments, options and the values of options."""

from collections.abc import Iterator

import click

from premigrate.cli.group import commands
from premigrate.report.outputs import FILE_FORMATS, FORMATS


def command_names(command: click.Command = commands, path: str = "premigrate") -> Iterator[str]:
    """Yield a line for each command, argument, option and value, also of the commands in a group."""
    yield path
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            yield f"{path} {parameter.make_metavar(click.Context(command))}"
        else:
            names = [*parameter.opts, *parameter.secondary_opts]
            yield from (f"{path} {name}" for name in names)
            if isinstance(parameter.type, click.Choice):
                yield from (f"{path} {names[0]} {value}" for value in parameter.type.choices)
    if path == "premigrate check":
        yield from (f"{path} --format {name}" for name in FORMATS)
        yield from (f"{path} --output {name}:FILE" for name in FILE_FORMATS)
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from command_names(below, f"{path} {name}")
