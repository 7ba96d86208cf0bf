"""Decides what an interrupt (SIGINT, as Ctrl-C sends it) does: end the process, stop a run at a safe point, or wait."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from premigrate.command.exit_codes import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType
    from typing import Self, TypeVar

    Given = TypeVar("Given")

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def end_when_interrupted() -> None:
    """Let an interrupt end the process at once: nothing was read or written yet.

    An interrupt that is ignored, as in what a shell runs in the background, stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def raise_when_interrupted() -> None:
    """Let an interrupt raise KeyboardInterrupt, in a process in which it ended the process until now."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = _report_unraisable


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the arguments of a signal handler
    os._exit(Exit.INTERRUPTED)


def _report_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """Report what Python cannot raise, but not an interrupt: a run remembers that it came."""
    if unraisable.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(unraisable)


class Interrupts:
    """Remembers interrupts while it is entered; they raise KeyboardInterrupt only in what `allow` calls.

    So what is written is whole: an interrupt while something is written takes effect after that. ``came`` says whether
    there was one. Other handlers than Python's own are left alone.
    """

    def __init__(self) -> None:
        self.came = False
        self._is_allowed = self._is_installed = False

    def __enter__(self) -> Self:
        """Begin to remember."""
        try:
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, self._take)
                self._is_installed = True
        except ValueError:  # in a thread, where no signal arrives
            pass
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let interrupts raise KeyboardInterrupt again."""
        if self._is_installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def allow(self, function: Callable[..., Given], *arguments: object) -> Given:
        """Call a function that may be interrupted.

        Raises:
            KeyboardInterrupt: an interrupt came, now or before; no second one is raised.

        """
        self._is_allowed = True
        try:
            if self.came:
                self._is_allowed = False
                raise KeyboardInterrupt
            return function(*arguments)
        finally:
            self._is_allowed = False

    def _take(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.came = True
        if self._is_allowed:
            self._is_allowed = False
            raise KeyboardInterrupt


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back the signals that end a process until something that must not be half done is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
