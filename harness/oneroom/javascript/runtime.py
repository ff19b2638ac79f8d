"""The runtime of one window on the engine of this process, in two isolations with equal results.

`shared`: all windows of an app share one engine, with a global object each, whose properties are
parameters of the app's script; the surface and the app are compiled once, so it is quick. `own`: an
engine for each window, as processes are. In `shared` alone the prototypes of built-in objects are
common to windows, and a script cannot read by its bare name what it has put on `window`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Protocol

import msgspec

from oneroom.javascript.app import App
from oneroom.javascript.engine import CALL_SECONDS, MEMORY_BYTES, NO_MEMORY, Engine, Function
from oneroom.javascript.page import sources
from oneroom.javascript.protocol import Error, Ops
from oneroom.javascript.script_error import (
    Isolation,
    OutOfMemory,
    OutOfTime,
    RuntimeLost,
    ScriptError,
    read_stack,
)
from oneroom.trace.app_records import SCRIPT, TASK, UNHEARD

# An app that queues more microtasks in one task than this never ends.
TURN_JOBS = 100_000
SHARED_MEMORY_BYTES = 4 * MEMORY_BYTES
# A boot with all that the surface asks for, to see which names it defines.
_SAMPLE_BOOT = '{"seed":[1,2,3,4],"wallMs":0,"local":{},"session":{}}'

# Properties of a window to which a script may assign by the bare name: `onmessage = …`. Where that
# name is a parameter, nothing is assigned.
_ASSIGNED = re.compile(r"on[a-z]+|location")

# Code of a text sees the global object of the engine, which in a shared one is no window's.
_EVALUATED = r"(?<![.\w$])(?:eval|Function)\s*\("
# A name in a script, or in a text of it.
_NAME = re.compile(r"[A-Za-z_$][\w$]*")

_decode = msgspec.json.Decoder(Ops).decode
_NOTHING: Ops = []


class Runtime(Protocol):
    """See `oneroom.javascript.protocol`. Numbers of a turn are floats."""

    # What the script wanted while it was loaded.
    opening: Ops

    def turn(
        self,
        kind: str,
        now_us: int,
        a: float | str | None = None,
        b: float | str | None = None,
        c: float | str | None = None,
    ) -> Ops:
        """Tell the window one thing; what it wants done. Raises `RuntimeLost`."""

    def located(self, error: Error) -> ScriptError:
        """An error that the script has reported, with places in the user's files. Raises
        `RuntimeLost` if the script caught that it had no memory.
        """

    def close(self) -> None:
        """The document is gone."""


class _Host:
    """An engine with the surface in it, and what its host offers (`page/host.js`)."""

    def __init__(self, memory_bytes: int) -> None:
        self.engine = engine = Engine(memory_bytes=memory_bytes, call_seconds=CALL_SECONDS)
        for name, source in sources():
            engine.evaluate(source, f"oneroom/page/{name}")
        offers = ("open", "close", "turn", "next", "take", "names", "run")
        self.open, self.close, self.turn, self.next, self.take, self.names, self.run = (
            engine.evaluate(f"oneroomHost.{offer}", "oneroom") for offer in offers
        )
        engine.evaluate(
            "delete globalThis.oneroomHost; delete globalThis.oneroomSurface", "oneroom"
        )


class _SharedHost(_Host):
    """An engine for all windows of one app."""

    def __init__(self, app: App) -> None:
        super().__init__(SHARED_MEMORY_BYTES)
        known = self.engine.call(self.names, _SAMPLE_BOOT).split(",")
        names = "|".join(filter(_ASSIGNED.fullmatch, known))
        # A script for which it is no place: see `_ASSIGNED`.
        assigns = rf"(?<![.\w$])(?:{names})\s*=(?![=>])"
        self.is_unfit = re.search(f"{assigns}|{_EVALUATED}", app.source) is not None
        self.broken: ScriptError | None = None
        # Those alone that it has: to read one may install what stands for it.
        used = set(_NAME.findall(app.modules + app.source))
        self.parameters = ",".join(filter(used.__contains__, known))
        # A function in it, which may declare what its window has by that name.
        before = f"(function ({self.parameters}) {{ (function () {{{app.modules}"
        try:
            self.script = self.engine.evaluate(app.source, app.file, before, "\n}).call(this) })")
        except ScriptError as error:
            self.broken = error


@lru_cache(maxsize=2)
def _shared_host(app: App) -> _SharedHost:
    return _SharedHost(app)


class _EngineRuntime:
    """Implements `Runtime` for one window of a host."""

    def __init__(self, app: App, host: _Host, now_us: int, boot: str, *, is_shared: bool) -> None:
        self._app = app
        self._host = host
        self._is_shared = is_shared
        self._thrown = host.engine.thrown
        self._run_job = host.engine.run_job
        self._turn, self._next, self._take = host.turn, host.next, host.take
        self._errors: list[ScriptError] = []
        self._doing = SCRIPT
        self._number: float = host.engine.call(host.open, not is_shared, float(now_us), boot)
        self._step(self._load)
        self.opening = self._taken()
        self._doing = TASK

    def _load(self, number: float) -> int:
        """Run the app's script."""
        raise NotImplementedError

    def turn(
        self,
        kind: str,
        now_us: int,
        a: float | str | None = None,
        b: float | str | None = None,
        c: float | str | None = None,
    ) -> Ops:
        """See the protocol."""
        more = self._step(self._turn, kind, float(now_us), a, b, c)
        while more:
            more = self._step(self._next)
        return self._taken()

    def _step(self, function: Function, *arguments: float | str | None) -> int:
        """Run one listener and its microtasks; true if there may be another one."""
        more = 1
        try:
            more = function(self._number, *arguments)
        except self._thrown as thrown:
            self._failed(self._host.engine.error(thrown))
        except ScriptError as error:
            self._failed(error)
        run_job = self._run_job
        for _ in range(TURN_JOBS):
            try:
                if not run_job():
                    return more
            except self._thrown as thrown:
                self._failed(self._host.engine.error(thrown))
        raise self._lost(ScriptError("queued microtasks without an end"))

    def _failed(self, error: ScriptError) -> None:
        # Which of the two comes first hangs on the machine, and in a shared engine on the others.
        if isinstance(error, OutOfMemory) or (self._is_shared and isinstance(error, OutOfTime)):
            raise self._lost(error)
        self._errors.append(error)

    def _lost(self, error: ScriptError) -> RuntimeLost:
        if self._is_shared:
            _shared_host.cache_clear()  # of no use to another run either
        return RuntimeLost(self._app.located(error), self._is_shared)

    def _taken(self) -> Ops:
        try:
            text = self._take(self._number)
        except self._thrown as thrown:
            raise self._lost(self._host.engine.error(thrown)) from None
        unheard = self._host.engine.unheard()
        if text is None and not self._errors and not unheard:
            return _NOTHING
        ops = _NOTHING if text is None else decoded(text)
        if self._errors:
            errors, self._errors = self._errors, []
            ops = [*ops, *(reported(error, self._doing) for error in errors)]
        if unheard:
            ops = [*ops, *(reported(error, UNHEARD) for error in unheard)]
        return ops

    def located(self, error: Error) -> ScriptError:
        """See the protocol."""
        engine = self._host.engine
        stack = engine.placed(read_stack(error.stack))
        if error.text in NO_MEMORY and (error.text != "null" or not stack):
            raise self._lost(engine.out_of_memory())
        return self._app.located(ScriptError(error.text, stack))

    def close(self) -> None:
        """See the protocol."""
        if self._number >= 0:
            self._host.engine.call(self._host.close, self._number)
            self._number = -1.0


class OwnRuntime(_EngineRuntime):
    """A window with an engine of its own: its global object is the engine's."""

    def __init__(self, app: App, now_us: int, boot: str) -> None:
        super().__init__(app, _Host(MEMORY_BYTES), now_us, boot, is_shared=False)

    def _load(self, number: float) -> int:
        app = self._app
        self._host.engine.evaluate(app.source, app.file, before=app.modules)
        return 0


class SharedRuntime(_EngineRuntime):
    """A window that shares its engine with all windows of its app."""

    def __init__(self, app: App, now_us: int, boot: str) -> None:
        self._shared = _shared_host(app)
        super().__init__(app, self._shared, now_us, boot, is_shared=True)

    def _load(self, number: float) -> int:
        shared = self._shared
        if shared.broken is not None:
            raise shared.broken
        shared.run(number, shared.parameters, shared.script)
        return 0


def decoded(text: str) -> Ops:
    """The ops of a text. A lone surrogate, which UTF-8 has not, stays one."""
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(text), Ops)


def reported(error: ScriptError, during: str) -> Error:
    """An error that the engine has thrown, as if the script had reported it."""
    return Error(during, error.message, "\n".join(f"at {frame}" for frame in error.stack))


def open_runtime(app: App, isolation: Isolation, now_us: int, boot: str) -> Runtime:
    """The runtime of a document that opens at `now_us`. An app that `shared` would play otherwise
    than `own` is always played in `own`.
    """
    if isolation == "own" or _shared_host(app).is_unfit:
        return OwnRuntime(app, now_us, boot)
    return SharedRuntime(app, now_us, boot)
