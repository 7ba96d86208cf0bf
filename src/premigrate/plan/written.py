"""Code that was written for a plan: functions that read usual payloads."""

from __future__ import annotations

import marshal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

    from premigrate.plan.shapes import Shapes


class Written(NamedTuple):
    """Functions by name, and the constants they mention. Of some there is marshalled code of this Python, too.

    A function ``read_...`` takes the raw object, its place and what to ask about all that is unusual; it gives the
    object as read. A function ``look_...`` takes what a parser made of an object that has one of the ``shapes``; it
    gives up where that is not enough.
    """

    functions: Mapping[str, str]
    constants: Mapping[str, object]
    shapes: Shapes = MappingProxyType({})
    codes: Mapping[str, bytes] = {}

    def compiled(self) -> Written:
        """Compile what short runs use, so that nothing is left to compile wherever this is unpickled."""
        codes = {name: marshal.dumps(self._code(name)) for name in self.functions if name.startswith("read_")}
        return self._replace(codes=codes)

    def bind(
        self, prefix: str, words: Mapping[str, object], adapt: Callable[[str, str], CodeType] | None = None
    ) -> dict[str, Any]:
        """Make the functions whose names begin with ``prefix``; they may use ``words`` by name.

        Each is compiled when it is first called, by ``adapt`` from its name and source if that is given.
        """
        space: dict[str, Any] = {**words, **self.constants}
        for name in self.functions:
            if name.startswith(prefix):
                space[name] = self._awaiting(name, space, adapt)
        return space

    def _awaiting(self, name: str, space: dict[str, Any], adapt: Callable[[str, str], CodeType] | None) -> Any:  # noqa: ANN401
        def make(*arguments: object) -> object:
            exec(self._code(name, adapt), space)  # noqa: S102 - our own code, which now takes the place of this function
            return space[name](*arguments)

        return make

    def _code(self, name: str, adapt: Callable[[str, str], CodeType] | None = None) -> CodeType:
        if name in self.codes:
            return marshal.loads(self.codes[name])  # type: ignore[no-any-return]  # noqa: S302
        function = self.functions[name]
        return adapt(name, function) if adapt else compile(function, f"<{name}>", "exec")
