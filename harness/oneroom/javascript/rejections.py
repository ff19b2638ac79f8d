"""Promises that were rejected and that nobody hears: the engine tells its embedder alone of them.

The wheel does not pass that on, so the engine's own C interface is asked for it, as of quickjs.h
(`JS_SetHostPromiseRejectionTracker`) and of the wheel's module.c, where the runtime is the first
field of a `Context`. Where a wheel does not export that interface (Windows), none is told.
"""

from __future__ import annotations

import ctypes
import itertools
from functools import lru_cache
from types import ModuleType
from typing import Any
from weakref import WeakValueDictionary

from oneroom.javascript.script_error import ScriptError, read_stack

NO_TEXT = "a value that has no text"
_OBJECT, _STRINGS = -1, (-7, -6)  # tags


class _Value(ctypes.Structure):
    """JSValue on a machine of 64 bits: a union, and a tag."""

    _fields_ = (("bits", ctypes.c_uint64), ("tag", ctypes.c_int64))


_POINTER = ctypes.c_void_p
_Tracker = ctypes.CFUNCTYPE(None, _POINTER, _Value, _Value, ctypes.c_bool, _POINTER)


class Rejections:
    """Those of one engine, in their order."""

    def __init__(self) -> None:
        self._errors: list[ScriptError | None] = []
        # A promise that is freed leaves its place to another one.
        self._places: dict[int, int] = {}

    def add(self, promise: int, error: ScriptError) -> None:
        """A promise was rejected, and nobody hears it."""
        self._places[promise] = len(self._errors)
        self._errors.append(error)

    def heard(self, promise: int) -> None:
        """Forget a rejection that somebody hears after all."""
        place = self._places.pop(promise, None)
        if place is not None:
            self._errors[place] = None

    def take(self) -> list[ScriptError]:
        """Those that nobody has heard since the last time."""
        if not self._errors:
            return []
        taken = [error for error in self._errors if error is not None]
        self._errors.clear()
        self._places.clear()
        return taken


class _Engine:
    """The C interface. Raises `AttributeError` where it is not exported."""

    def __init__(self, library: ctypes.CDLL) -> None:
        def function(name: str, result: Any, *arguments: Any) -> Any:
            found = getattr(library, name)
            found.restype, found.argtypes = result, list(arguments)
            return found

        self.track = function(
            "JS_SetHostPromiseRejectionTracker", None, _POINTER, _Tracker, _POINTER
        )
        self._text = function(
            "JS_ToCStringLen2", _POINTER, _POINTER, _POINTER, _Value, ctypes.c_bool
        )
        self._free_text = function("JS_FreeCString", None, _POINTER, _POINTER)
        self._member = function("JS_GetPropertyStr", _Value, _POINTER, _Value, ctypes.c_char_p)
        self._free = function("JS_FreeValue", None, _POINTER, _Value)
        self._exception = function("JS_GetException", _Value, _POINTER)

    def text(self, context: int, value: _Value) -> str:
        """The value as `String` gives it."""
        address = self._text(context, None, value, False)
        if address is None:
            self._free(context, self._exception(context))
            return NO_TEXT
        text = ctypes.string_at(address).decode(errors="replace")
        self._free_text(context, address)
        return text

    def error(self, context: int, reason: _Value) -> ScriptError:
        """The reason of a rejection, with its stack if it is an error."""
        message = self.text(context, reason)
        if reason.tag != _OBJECT:
            return ScriptError(message)
        stack = self._member(context, reason, b"stack")
        text = self.text(context, stack) if stack.tag in _STRINGS else ""
        self._free(context, stack)
        return ScriptError(message, read_stack(text))


@lru_cache(maxsize=1)
def _engine(path: str) -> _Engine | None:
    try:
        return _Engine(ctypes.CDLL(path))
    except AttributeError:
        return None


_numbers = itertools.count(1)
# By the number that the engine hands back; it may do so for as long as it is there.
_all: WeakValueDictionary[int, Rejections] = WeakValueDictionary()
_path = ""


def rejections(wheel: ModuleType, context: object) -> Rejections:
    """Those of an engine of the wheel, from now on."""
    global _path
    made = Rejections()
    _path = str(wheel.__file__)
    engine = _engine(_path)
    if engine is not None:
        number = next(_numbers)
        _all[number] = made
        runtime = _POINTER.from_address(id(context) + object.__basicsize__).value
        engine.track(runtime, _told, number)
    return made


def _tell(context: int, promise: _Value, reason: _Value, is_heard: bool, number: int) -> None:
    engine, found = _engine(_path), _all.get(number)
    if engine is None or found is None:
        return
    if is_heard:
        found.heard(promise.bits)
    else:
        found.add(promise.bits, engine.error(context, reason))


# The engine calls it for as long as it is there.
_told = _Tracker(_tell)
