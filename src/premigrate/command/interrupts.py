"""Handles interrupts (SIGINT, as from Ctrl-C): end the process, stop a run at a safe point, or defer them."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from premigrate.command.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType
    from typing import Self, TypeVar

    T = TypeVar("T")

_ENDING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def exit_on_interrupt() -> None:
    """Make an interrupt end the process at once: until the run starts, nothing is read or written.

    If interrupts are ignored, as in a background job of a shell, they stay ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit_now)


def raise_on_interrupt() -> None:
    """Make an interrupt raise KeyboardInterrupt again, after `exit_on_interrupt`."""
    if signal.getsignal(signal.SIGINT) is _exit_now:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = _report_unraisable


def _exit_now(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the arguments of a signal handler
    os._exit(ExitCode.INTERRUPTED)


def _report_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """Report exceptions that Python cannot raise, except interrupts: the run has recorded them."""
    if unraisable.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(unraisable)


class InterruptGuard:
    """Records interrupts while it is entered; they raise KeyboardInterrupt only in `call_interruptible`.

    So an interrupt never cuts a write short: it takes effect afterwards. ``was_interrupted`` is whether there was an
        interrupt. Handlers other than Python's own are not replaced.
    """

    def __init__(self) -> None:
        self.was_interrupted = False
        self._is_allowed = self._is_installed = False

    def __enter__(self) -> Self:
        """Install the handler."""
        try:
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, self._handle)
                self._is_installed = True
        except ValueError:  # only the main thread can set a handler
            pass
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Restore the handler of Python."""
        if self._is_installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def call_interruptible(self, function: Callable[..., T], *arguments: object) -> T:
        """Call a function that may be interrupted.

        Raises:
            KeyboardInterrupt: an interrupt was received, before or during the call; it is raised once.

        """
        self._is_allowed = True
        try:
            if self.was_interrupted:
                self._is_allowed = False
                raise KeyboardInterrupt
            return function(*arguments)
        finally:
            self._is_allowed = False

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.was_interrupted = True
        if self._is_allowed:
            self._is_allowed = False
            raise KeyboardInterrupt


@contextmanager
def blocked_signals() -> Iterator[None]:
    """Block the signals that end a process, during an operation that must not be left half done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
