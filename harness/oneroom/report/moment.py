"""A moment of a run: what every window was, had and could know when a record was made.

Rules: everything is read off the trace up to that record, but for how messages that were under way
went on. What a window believes is its own part in the election, and the owner whose message it
handled last.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from oneroom.core.actions import OWNER_LOCK
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

# Messages that only an owner posts.
_OWNERS = (r.MessageKind.HEARTBEAT, r.MessageKind.SNAPSHOT)


class WindowState(msgspec.Struct):
    """One window. Each field is the newest record of its kind, None if there was none.

    `heard` is the owner's message that it handled last, `shared` the window with the same name,
    `clock_us` how far its clock was moved; `prompts` are the sources of its open prompts.
    """

    life: r.LifeChanged | None = None
    hidden: bool = False
    role: r.RoleChanged | None = None
    room: r.RoomChanged | None = None
    lock: r.LockChanged | None = None
    heard: r.MessageDelivered | None = None
    shared: r.InstanceShared | None = None
    drawn: r.Rendered | None = None
    clock_us: int = 0
    prompts: set[r.Source] = msgspec.field(default_factory=set)

    @property
    def gone(self) -> bool:
        """True if it shows no document."""
        return self.life is None or self.life.life in r.GONE

    @property
    def owns(self) -> bool:
        """True if it is owner, as far as it knows itself."""
        return not self.gone and self.role is not None and self.role.role in r.OWNING


class UnderWay(msgspec.Struct, frozen=True):
    """A message that was posted and not handled yet; `arrival` is what became of it."""

    posted: r.MessagePosted
    arrival: r.MessageDelivered | r.MessageLost


class Moment(msgspec.Struct):
    """The state after record `n`. Keys are interned names.

    `faults` are those that are on, with the record of their beginning, `over` the end of each that
    is not; `sessions` are those that the SFU lists, by sid.
    """

    n: int
    at_us: int
    windows: dict[int, WindowState]
    faults: dict[tuple[int, int], r.FaultChanged]
    over: dict[tuple[int, int], r.FaultChanged]
    lease: r.LeaseWritten | None
    items: dict[int, r.StorageWritten]
    sessions: dict[int, r.PresenceChanged]
    under_way: list[UnderWay]


def moment(trace: Trace, n: int) -> Moment:
    """The state of the run after record `n` of `trace`."""
    found = Moment(n, trace.records[n].at_us, {}, {}, {}, None, {}, {}, [])
    counts: dict[tuple[int, int], int] = {}
    for record in trace.records[: n + 1]:
        match record:
            case r.FaultChanged():
                key = (record.where, record.fault)
                counts[key] = counts.get(key, 0) + (1 if record.on else -1)
                if record.on:
                    found.faults.setdefault(key, record)
                elif counts[key] <= 0:
                    found.faults.pop(key, None)
                    found.over[key] = record
            case r.LeaseWritten():
                found.lease = record
            case r.StorageWritten():
                found.items[record.key] = record
            case r.PresenceChanged():
                _list(found.sessions, record)
            case r.LockChanged() if trace.names[record.name] != OWNER_LOCK:
                pass
            case _:
                _follow(found.windows, record)
    found.under_way.extend(_under_way(trace, n))
    return found


def _list(sessions: dict[int, r.PresenceChanged], record: r.PresenceChanged) -> None:
    if record.presence is r.Presence.LEFT:
        sessions.pop(record.sid, None)
    else:
        sessions[record.sid] = record


def _follow(windows: dict[int, WindowState], record: r.Record) -> None:
    """Take a record of a window into account."""
    if isinstance(record, r.LifeChanged):
        if record.life in r.BEGUN or record.where not in windows:
            windows[record.where] = WindowState()
        _live(windows[record.where], record)
        return
    window = windows.get(record.where)
    if window is None:
        return
    match record:
        case r.RoleChanged():
            window.role = record
        case r.RoomChanged():
            window.room = record
        case r.LockChanged():
            window.lock = record
        case r.MessageDelivered() if record.kind in _OWNERS:
            window.heard = record
        case r.InstanceShared():
            window.shared = record
        case r.Rendered():
            window.drawn = record
        case r.ClockStepped():
            window.clock_us += record.by_us
        case r.PromptChanged():
            (window.prompts.add if record.up else window.prompts.discard)(record.source)


def _live(window: WindowState, record: r.LifeChanged) -> None:
    match record.life:
        case r.Life.HIDDEN:
            window.hidden = True
        case r.Life.SHOWN:
            window.hidden = False
        case r.Life.FOCUSED | r.Life.NAVIGATED:
            pass
        case _:
            window.life = record


def _under_way(trace: Trace, n: int) -> Iterator[UnderWay]:
    """The messages that were posted before record `n` and came later, in order of arrival."""
    for record in trace.records[n + 1 :]:
        if isinstance(record, r.MessageDelivered | r.MessageLost) and 0 <= record.cause <= n:
            posted = trace.records[record.cause]
            if isinstance(posted, r.MessagePosted):
                yield UnderWay(posted, record)
