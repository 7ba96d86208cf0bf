"""Marks the texts of rules that are paths or keys of the payload, and rewrites them."""

from collections.abc import Callable, Collection, Iterator
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from premigrate.ruleset.model.table import Table


class PathMark:
    """The type of `IS_PATH`."""


IS_PATH: Final = PathMark()
"""Metadata of the type of a text that is a path, or a key at the end of one."""


def rewrite_paths(table: Table, change: Callable[[str], str], *, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the keys of a table whose paths ``change`` changes, with their new values. Skip keys in ``without``."""
    changed = {}
    for key in table.model_fields_set - set(without):
        field, value = type(table).model_fields[key], getattr(table, key)
        new = _rewrite(value, Annotated[field.annotation, "", *field.metadata], change)
        if new != value:
            changed[key] = new
    return changed


def _rewrite(value: Any, hint: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any value and its type
    if isinstance(value, Table):
        changed = rewrite_paths(value, change)
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, str):
        return change(value) if any(_is_path(each) for each in _alternatives(hint)) else value
    options = map(_bare, _alternatives(hint))
    arguments = next((get_args(option) for option in options if get_origin(option) is type(value)), ())
    if isinstance(value, dict) and arguments:
        key_hint, item_hint = arguments
        return {_rewrite(key, key_hint, change): _rewrite(item, item_hint, change) for key, item in value.items()}
    if isinstance(value, tuple) and arguments:
        hints = arguments[:1] * len(value) if arguments[-1] is ... else arguments
        return tuple(_rewrite(item, each, change) for item, each in zip(value, hints, strict=True))
    return value


def _alternatives(hint: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the members of a union, or the type itself."""
    bare = _bare(hint)
    if get_origin(bare) in {Union, UnionType}:
        for each in get_args(bare):
            yield from _alternatives(each)
    else:
        yield hint


def _bare(hint: Any) -> Any:  # noqa: ANN401
    return _bare(get_args(hint)[0]) if get_origin(hint) is Annotated else hint


def _is_path(hint: Any) -> bool:  # noqa: ANN401
    return get_origin(hint) is Annotated and any(isinstance(each, PathMark) for each in get_args(hint)[1:])
