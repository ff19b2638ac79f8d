"""A JavaScript engine in this process: quickjs-ng, from the wheel of that name.

Rules of the wheel, each seen with 0.17.0.2: an int is cut to 32 bits in silence, so numbers cross
as floats; a lone surrogate breaks a text, so texts that may have one cross as JSON; no Python
callback may be called under a time limit, so none is registered; every source is called `<input>`
in a stack, so each is given lines of its own; an engine without memory is of no use any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from oneroom.javascript.rejections import rejections
from oneroom.javascript.script_error import (
    Frame,
    OutOfMemory,
    OutOfTime,
    ScriptError,
    read_stack,
)

try:
    # not `quickjs`, which starts a thread when it is imported
    import _quickjs

    wheel: ModuleType | None = _quickjs
except ImportError:
    wheel = None

# Processor time of one call: far above what a task of an app costs, soon enough for who waits.
CALL_SECONDS = 2.0
MEMORY_BYTES = 256 << 20

_LINE = "\n"
_INPUT = "<input>"
_INTERRUPTED = "InternalError: interrupted"
# What an engine without memory throws: the error, or null if it has not even memory for that.
NO_MEMORY = ("InternalError: out of memory", "null")
# What a stack calls code that is in no function.
_UNNAMED = {"<eval>", "<anonymous>", "anonymous"}

# A JavaScript function: floats, texts, bools and None in and out.
Function = Callable[..., Any]


class EngineMissing(Exception):
    """The engine is not installed."""

    def __init__(self) -> None:
        super().__init__("JavaScript needs the engine quickjs-ng: pip install 'oneroom[js]'")


class Engine:
    """One engine with a heap and a global object of its own, for the thread that has made it.

    A call that takes longer than `call_seconds` of processor time is ended with a `ScriptError`, a
    heap that grows over `memory_bytes` with an `OutOfMemory`, after which the engine is of no use.
    """

    def __init__(
        self, *, memory_bytes: int = MEMORY_BYTES, call_seconds: float = CALL_SECONDS
    ) -> None:
        if wheel is None:
            raise EngineMissing
        self._context = wheel.Context()
        self._context.set_memory_limit(memory_bytes)
        self._context.set_time_limit(call_seconds)
        self._rejections = rejections(wheel, self._context)
        self._memory_bytes = memory_bytes
        self._call_seconds = call_seconds
        # Each source: the number of lines before it, its name.
        self._starts = [0]
        self._files = [""]
        self._lines = 0
        # What the engine throws into Python; `error` tells what it means.
        self.thrown: type[Exception] = wheel.JSException
        # Run one pending microtask; False if there was none.
        self.run_job: Callable[[], bool] = self._context.execute_pending_job

    def evaluate(self, source: str, file: str, before: str = "", after: str = "") -> Any:
        """The value of a script, which a stack calls `file`. `before` and `after` are put around
        it, and are in no file.
        """
        above = before.count(_LINE)
        first = self._lines + above + 1
        end = first + source.count(_LINE) + 1
        self._starts += [self._lines, first, end]
        self._files += ["", file, ""]
        text = f"{self._lines * _LINE}{before}{_LINE}{source}{after}"
        self._lines = end + after.count(_LINE)
        try:
            return self._context.eval(text)
        except self.thrown as error:
            raise self.error(error) from None

    def function(self, name: str) -> Function:
        """The global function of that name. Called directly it raises `thrown`."""
        found: Function = self._context.get(name)
        return found

    def call(self, function: Function, *arguments: float | str | bool | None) -> Any:
        """Call a function; numbers are floats."""
        try:
            return function(*arguments)
        except self.thrown as error:
            raise self.error(error) from None

    def run_jobs(self) -> None:
        """Run microtasks until none is pending."""
        try:
            while self.run_job():
                pass
        except self.thrown as error:
            raise self.error(error) from None

    def error(self, thrown: Exception) -> ScriptError:
        """The error that the engine has thrown, with places in the sources."""
        message, _, rest = str(thrown).partition(_LINE)
        stack = self.placed(read_stack(rest))
        if message == _INTERRUPTED:
            return self._out_of_time(stack)
        if message in NO_MEMORY or self._is_full():
            return self.out_of_memory()
        return ScriptError(message, stack)

    def _out_of_time(self, stack: tuple[Frame, ...]) -> OutOfTime:
        """The error of a call without an end. The engine knows the line of each call, but in the
        innermost function only where that begins.
        """
        message = f"ran for more than {self._call_seconds:g} s without an end"
        if not stack or not stack[0].file:
            return OutOfTime(message)
        name = stack[0].function
        return OutOfTime(f"{message} in `{name}`" if name else message, stack)

    def out_of_memory(self) -> OutOfMemory:
        """The error of a full heap. It has no stack: how far a script gets depends on how the
        system hands out memory, and whether there is any left for a stack.
        """
        return OutOfMemory(f"out of memory: more than {self._memory_bytes >> 20} MB")

    def unheard(self) -> list[ScriptError]:
        """The rejections since the last time that nobody has heard, with places in the sources."""
        taken = self._rejections.take()
        if not taken:
            return taken
        return [ScriptError(one.message, self.placed(one.stack)) for one in taken]

    def placed(self, stack: Iterable[Frame]) -> tuple[Frame, ...]:
        """A stack of this engine, with places in the sources."""
        return tuple(self._placed(frame) for frame in stack)

    def _placed(self, frame: Frame) -> Frame:
        if frame.file != _INPUT:
            return frame
        number = bisect_right(self._starts, frame.line - 1) - 1
        name = "" if frame.function in _UNNAMED else frame.function
        return Frame(name, self._files[number], frame.line - self._starts[number], frame.column)

    def _is_full(self) -> bool:
        return self.used_bytes() > self._memory_bytes - (self._memory_bytes >> 4)

    def used_bytes(self) -> int:
        """The size of the heap."""
        used: int = self._context.memory()["malloc_size"]
        return used
