"""Writes operands of the rule language as expressions of a list of values."""

from premigrate.compiling.usual.paths import View
from premigrate.compiling.usual.words import NoShortcutError
from premigrate.rulebook.operands import Earliest, First, Latest, Operand


def write_operand(operand: Operand, view: View) -> str:
    """Write the list of the values that an operand stands for.

    Raises:
        NoShortcutError: there is no short way to find them.

    """
    match operand:
        case "<today>":
            return "(today,)"
        case str():
            return view.all(operand)
        case First(first=options):
            return f"({' or '.join(write_operand(option, view) for option in options)})"
        case Earliest(earliest=paths):
            return f"extreme(min, {', '.join(map(view.all, paths))})"
        case Latest(latest=paths):
            return f"extreme(max, {', '.join(map(view.all, paths))})"
        case _:
            raise NoShortcutError
