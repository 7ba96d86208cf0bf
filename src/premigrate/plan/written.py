"""Code that was written for a plan: functions that read usual payloads."""

import marshal
from collections.abc import Mapping
from types import CodeType, MappingProxyType
from typing import Any, NamedTuple

from premigrate.plan.shapes import Shapes


class Written(NamedTuple):
    """Functions by name, each as source or as marshalled code of this Python, and the constants they mention.

    A function ``read_...`` takes the raw object, its place and what to ask about all that is unusual; it gives the
    object as read. A function ``look_...`` takes what a parser made of an object that has one of the ``shapes``; it
    gives up where that is not enough.
    """

    functions: Mapping[str, str | bytes]
    constants: Mapping[str, object]
    shapes: Shapes = MappingProxyType({})

    def compiled(self) -> "Written":
        """Compile all functions, so that nothing is left to compile wherever this is unpickled."""
        return Written({name: marshal.dumps(self._code(name)) for name in self.functions}, self.constants, self.shapes)

    def bind(self, prefix: str, words: Mapping[str, object]) -> dict[str, Any]:
        """Make the functions whose names begin with ``prefix``; they may use ``words`` by name.

        Each is compiled when it is first called.
        """
        space: dict[str, Any] = {**words, **self.constants}
        for name in self.functions:
            if name.startswith(prefix):
                space[name] = self._awaiting(name, space)
        return space

    def _awaiting(self, name: str, space: dict[str, Any]) -> Any:  # noqa: ANN401
        def make(*arguments: object) -> object:
            exec(self._code(name), space)  # noqa: S102 - our own code, which now takes the place of this function
            return space[name](*arguments)

        return make

    def _code(self, name: str) -> CodeType:
        function = self.functions[name]
        if isinstance(function, bytes):
            return marshal.loads(function)  # type: ignore[no-any-return]  # noqa: S302
        return compile(function, f"<{name}>", "exec")
