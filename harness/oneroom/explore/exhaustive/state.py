"""The state of a world between two turns, as a fingerprint.

Two worlds with equal fingerprints go on alike under equal draws. So the fingerprint is of all that
can be reached from the world, its judge and what is scheduled: windows with their machines and
timers, messages under way, lock queues, storage, sessions of the SFU, the state of every check.
Left out is only what nothing looks at again: the trace, causes, the numbers of records, the serial
numbers of timers and of scheduled events (their order is kept), what a window had that is gone,
and the ledger, unless the scenario limits it.

Times are seen from the next event on, where `times` lists them; any other number is as it is.

Rules: plain Python objects, msgspec structs and containers are read; anything else (a generator of
C, an engine, a subclass of a container) raises `Opaque`, and then no two states are taken for one.
"""

from __future__ import annotations

import enum
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import blake2b
from itertools import count
from typing import Any

import msgspec

from oneroom.checks.ledger import Ledger
from oneroom.checks.violation import Setting
from oneroom.choices.choices import Choices
from oneroom.core.timings import Timings
from oneroom.driver.page import EventLoop
from oneroom.driver.page_timer import PageTimer, ringing_order
from oneroom.driver.recorder import Recorder
from oneroom.explore.exhaustive.times import LATER_ONLY, ONLY_IF, TIMES
from oneroom.scenario import Scenario
from oneroom.sim.kernel import Kernel
from oneroom.trace.records import Record, Rendered
from oneroom.trace.trace import Trace

_SIZE = 16
_PLAIN = frozenset((int, str, bool, float, bytes, types.NoneType))
# The same in every state of one search, or never looked at by what runs.
_CONSTANT = (Choices, Kernel, Recorder, Scenario, Setting, Timings, Trace, types.ModuleType)
_CONSTANT_OF_SIMPY = ("oneroom.sim.kernel._Environment",)
# Fields that only the trace looks at, and the order of timers, which `_page` writes.
_UNSEEN: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Rendered, ("n", "cause", "at_us")),
    (Record, ("n", "cause")),
    (PageTimer, ("number", "cause")),
    (EventLoop, ("_timer_number", "_timers", "_backlog", "_own_tasks")),
)
_OVER = -1
# Keeps times apart from the negative numbers that stand for none.
_FAR = 1 << 60
_CONTAINERS = (*_PLAIN, tuple, list, deque, set, frozenset, dict, BaseException)
# Classes of C whose state is in the fields that their subclasses declare.
_BASES = tuple(one for one in msgspec.Struct.__mro__ if one is not object)

Read = Callable[[Any], None]


class Opaque(Exception):
    """A value whose state cannot be read; `args` are the name of its type."""


class StateReader:
    """Reads the states of one run: what is reached from `roots`. `ledger` says whether the ledger
    is a part of it.
    """

    def __init__(self, kernel: Kernel, roots: Iterable[object], *, ledger: bool) -> None:
        self._kernel = kernel
        self._roots = tuple(roots)
        self._constant = _CONSTANT if ledger else (*_CONSTANT, Ledger)
        self._readers: dict[type, Read] = {
            tuple: self._tuple,
            list: partial(self._once, self._list),
            deque: partial(self._once, self._list),
            set: partial(self._once, self._set),
            frozenset: self._set,
            dict: partial(self._once, self._dict),
            types.FunctionType: self._function,
            types.MethodType: self._method,
            types.BuiltinFunctionType: self._builtin,
            types.MethodWrapperType: self._wrapper,
            types.GeneratorType: partial(self._once, self._generator),
            partial: self._partial,
            count: self._text,
            range: self._text,
        }
        self._out: list[object] = []
        self._stack: list[object] = []
        self._numbers: dict[int, int] = {}
        self._now_us = 0

    def fingerprint(self) -> bytes:
        """The fingerprint of the present state. Raises Opaque."""
        self._out, self._numbers = [], {}
        entries = [entry for entry in self._kernel.entries() if not _is_dead_timer(entry[2])]
        now_us = self._now_us = entries[0][0] if entries else self._kernel.now_us
        scheduled = tuple(
            [(at_us - now_us, run, argument) for at_us, _, run, argument, _ in entries]
        )
        stack = self._stack = [self._roots, scheduled]
        out, readers = self._out, self._readers
        while stack:
            value = stack.pop()
            kind = type(value)
            if kind in _PLAIN:
                out.append(value)
                continue
            read = readers.get(kind)
            if read is None:
                read = readers[kind] = self._reader(kind)
            read(value)
        self._numbers.clear()
        return blake2b(msgspec.msgpack.encode(out), digest_size=_SIZE).digest()

    def _reader(self, kind: type) -> Read:
        if issubclass(kind, self._constant) or _name(kind) in _CONSTANT_OF_SIMPY:
            return _nothing
        if issubclass(kind, type):
            return self._class
        if issubclass(kind, enum.Enum):
            return self._member
        if issubclass(kind, tuple):
            return self._tuple
        if not all(_has_python_fields(one) for one in kind.__mro__[:-1]):
            raise Opaque(kind.__qualname__)
        read: Read
        if issubclass(kind, msgspec.Struct):
            fields = _seen(kind, kind.__struct_fields__)
            times = tuple([field in TIMES.get(_name(kind), ()) for field in fields])
            read = partial(self._struct, kind.__name__, fields, times if any(times) else ())
            if kind.__struct_config__.frozen:
                return read  # a value
        else:
            read = partial(self._object, kind.__name__, _seen(kind, _slots(kind)), kind)
        return partial(self._once, read)

    def _once(self, read: Read, value: object) -> None:
        """Read what has an identity; the second time, write its number."""
        number = self._numbers.get(id(value))
        if number is None:
            self._numbers[id(value)] = len(self._numbers)
            read(value)
        else:
            self._out.append(("same", number))

    # -- values -----------------------------------------------------------------------------------

    def _tuple(self, value: tuple[object, ...]) -> None:
        self._out.append(("tuple", len(value)))
        self._stack += value[::-1]

    def _list(self, value: list[object] | deque[object]) -> None:
        self._out.append(("list", len(value)))
        self._stack += reversed(value)

    def _set(self, value: set[object] | frozenset[object]) -> None:
        """A set of plain values, members and tuples of them: their order is not the set's own."""
        self._out.append(("set", len(value)))
        self._out += sorted(map(_ordered, value))

    def _dict(self, value: dict[object, object]) -> None:
        self._out.append(("dict", len(value)))
        stack = self._stack
        for key, one in reversed(value.items()):
            stack.append(one)
            stack.append(key)

    def _class(self, value: type) -> None:
        self._out.append(value.__qualname__)

    def _member(self, value: enum.Enum) -> None:
        self._out.append((type(value).__name__, value.name))

    def _method(self, value: types.MethodType) -> None:
        self._out.append(value.__func__.__qualname__)
        self._stack.append(value.__self__)

    def _function(self, value: types.FunctionType) -> None:
        cells = value.__closure__ or ()
        self._out.append((value.__qualname__, len(cells)))
        self._stack += [cell.cell_contents for cell in cells]

    def _builtin(self, value: types.BuiltinFunctionType) -> None:
        """A function of C, of a module or bound to a value: the trace's own list is not read."""
        self._out.append(value.__qualname__)
        owner = value.__self__
        if owner is not self._kernel.trace.tail:
            self._stack.append(owner)

    def _wrapper(self, value: types.MethodWrapperType) -> None:
        self._out.append(value.__name__)
        self._stack.append(value.__self__)

    def _text(self, value: count[int] | range) -> None:
        self._out.append(repr(value))

    def _partial(self, value: partial[object]) -> None:
        self._out.append(("partial", len(value.args), len(value.keywords)))
        self._stack += [value.keywords, value.args, value.func]

    def _generator(self, value: types.GeneratorType[object, object, object]) -> None:
        frame = value.gi_frame
        self._out.append((value.__qualname__, -1 if frame is None else frame.f_lasti))
        if frame is not None:
            self._stack += list(frame.f_locals.values())

    def _struct(
        self, name: str, fields: tuple[str, ...], times: tuple[bool, ...], value: msgspec.Struct
    ) -> None:
        self._out.append(name)
        values = [getattr(value, field) for field in fields]
        if times:
            values = [
                self._time(one) if time else one for one, time in zip(values, times, strict=True)
            ]
        self._stack += values

    def _object(self, name: str, slots: tuple[str, ...], kind: type, value: object) -> None:
        fields = {slot: getattr(value, slot) for slot in slots if hasattr(value, slot)}
        fields.update(getattr(value, "__dict__", {}))
        if isinstance(value, EventLoop):
            if value.gone:
                self._out.append((name, value.name))
                return
            fields.update(_of_page(value, fields))
        whole = _name(kind)
        for field in TIMES.get(whole, ()):
            fields[field] = self._time(fields[field])
        for field in LATER_ONLY.get(whole, ()):
            fields[field] = self._later(fields[field])
        for field, live in ONLY_IF.get(whole, ()):
            fields[field] = self._time(fields[field]) if fields[live] else _OVER
        unseen = _unseen(kind)
        self._out.append((name, *fields))
        self._stack += [one for field, one in fields.items() if field not in unseen]

    def _later(self, value: Any) -> Any:
        """A time that counts only if it is not over, or several with what is due at them; 0 is
        never.
        """
        if type(value) is list:
            return self._time([one for one in value if one[0] >= self._now_us])
        return _OVER if 0 < value < self._now_us else self._time(value) if value else value

    def _time(self, value: Any) -> Any:
        """A time of the run as it is now, or each in a container; a negative one is none."""
        if type(value) is int:
            return value if value < 0 else value - self._now_us - _FAR
        if type(value) is dict:
            return {key: self._time(one) for key, one in value.items()}
        if type(value) in (list, tuple):
            return tuple([self._time(one) for one in value])
        return value


def _is_dead_timer(run: object) -> bool:
    """Return whether a scheduled call is a timer of a page that is gone."""
    page = getattr(run, "__self__", None)
    return isinstance(page, EventLoop) and page.gone and run == page.timer_due


def _of_page(page: EventLoop, fields: dict[str, Any]) -> dict[str, object]:
    """The tasks of a page that wait, without causes, and its timers in the order in which they
    ring.
    """
    return {
        "queued": tuple([task[:3] for task in (*fields["_backlog"], *fields["_own_tasks"])]),
        "timers": tuple(sorted(fields["_timers"], key=ringing_order)),
        "hidden_since_us": page.hidden_since_us if page.hidden else _OVER,
    }


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _nothing(_: object) -> None:
    """Read nothing."""


def _ordered(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, tuple):
        return f"({','.join(map(_ordered, value))})"
    if type(value) in _PLAIN:
        return repr(value)
    raise Opaque(f"set of {type(value).__qualname__}")


def _has_python_fields(kind: type) -> bool:
    """Return whether all that a class adds to its objects is in their fields: it is no container,
    and written in Python.
    """
    if kind in _CONTAINERS:
        return False
    if kind in _BASES:
        return True
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    return kind.__module__ == "__main__" or file.endswith((".py", ".pyc"))


def _slots(kind: type) -> tuple[str, ...]:
    found: list[str] = []
    for one in reversed(kind.__mro__):
        slots = one.__dict__.get("__slots__", ())
        found += (slots,) if isinstance(slots, str) else slots
    return tuple(slot for slot in found if slot not in ("__dict__", "__weakref__"))


def _unseen(kind: type) -> tuple[str, ...]:
    if _name(kind) == "simpy.events.Timeout":
        return ("_delay",)  # it is scheduled already
    return next((fields for of, fields in _UNSEEN if issubclass(kind, of)), ())


def _seen(kind: type, fields: Iterable[str]) -> tuple[str, ...]:
    unseen = _unseen(kind)
    return tuple(field for field in fields if field not in unseen)
