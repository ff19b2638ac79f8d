"""The mechanism of a failure: a skeleton of its causes, by which one bug is told from another.

    owner ← timer claim ← lock granted; then message posted   (other: was stalled)

The core has two parts. How it began: of the windows that the failure is about, the one that became
owner last, or all that opened a Room if none did, and what led to that. How it shows: the kind of
the record at which it does. Circumstances are what has happened to a window since it came to its
part: pauses, an end of its Room, faults that are on. They tell two failures apart while one is
shrunk; over many seeds of drawn faults they are noise.

Rules: kinds of records alone, no times, no names of windows, no numbers, so that the same bug has
the same mechanism under another schedule and other names. A kind that repeats counts once. What
happened before a window came to its part (how the old owner was elected) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from oneroom.checks.results import Finding
from oneroom.core.events import Timer
from oneroom.trace import records as r
from oneroom.trace.causes import causes
from oneroom.trace.trace import WORLD, Trace

# Kinds of a chain that are named, the newest ones.
_LINKS = 3


class Mechanism(NamedTuple):
    """The skeleton: its core, and the circumstances in the order of the alphabet."""

    core: str
    circumstances: tuple[str, ...]


def mechanism(trace: Trace, finding: Finding) -> Mechanism:
    """The mechanism of `finding`, which was found in `trace`; empty for a run without records."""
    if not trace.records:
        return Mechanism("", ())
    return _Skeleton(trace, finding).mechanism()


class _Skeleton:
    """The walk through one trace."""

    def __init__(self, trace: Trace, finding: Finding) -> None:
        self._trace = trace
        self._finding = finding
        named = dict.fromkeys(finding.windows)
        self._windows = [trace.names.index(one) for one in named if one in trace.names]
        self._began: dict[int, r.Record] = {}  # window -> the record by which it came to its part
        self._since: dict[int, dict[str, str]] = {}  # window -> what has happened to it since

    def mechanism(self) -> Mechanism:
        """See `mechanism` of the module."""
        self._follow()
        last = max(self._began.values(), key=lambda record: record.n, default=None)
        # Of Rooms without owners each is half of the failure; which came last is chance.
        halves = [last] if isinstance(last, r.RoleChanged) else self._began.values()
        chains = sorted({" ← ".join(self._chain(half)) for half in halves})
        parts = [" and ".join(chains)] if chains else []
        if last is None or last.n != self._finding.record:
            parts.append(self._chain(self._trace.records[self._finding.record])[0])
        return Mechanism("; then ".join(parts), tuple(sorted(set(self._circumstances(last)))))

    def _circumstances(self, last: r.Record | None) -> Iterator[str]:
        for window, since in self._since.items():
            part = (
                "world"
                if window == WORLD
                else "last"
                if last is not None and window == last.where
                else "other"
            )
            for what in since.values():
                yield f"{part}: {what}"

    def _follow(self) -> None:
        owned = False
        for record in self._trace.records[: self._finding.record + 1]:
            if record.where not in self._windows and record.where != WORLD:
                continue
            match record:
                case r.RoleChanged(role=r.Role.OWNER):
                    if not owned:
                        self._began.clear()
                    owned = True
                    self._begin(record)
                case r.RoomChanged(state=r.RoomState.OPENING) if not owned:
                    self._begin(record)
                case _:
                    self._happen(record)

    def _begin(self, record: r.Record) -> None:
        self._began[record.where] = record
        self._since.pop(record.where, None)

    def _happen(self, record: r.Record) -> None:
        since = self._since.setdefault(record.where, {})
        match record:
            case r.RoomChanged(state=r.RoomState.ENDED):
                since["room"] = f"room ended, {_word(r.Reason(record.reason))}"
            case r.LifeChanged() if record.life in r.BEGUN:
                since.clear()
                self._began.pop(record.where, None)
            case r.LifeChanged() if record.life in (*r.PAUSED, *r.GONE):
                since[_word(record.life)] = _word(record.life)
            case r.LifeChanged() if record.life in r.UNPAUSED:
                # A pause that is over may still be why a window believes what is old.
                paused = _word(r.PAUSED[r.UNPAUSED.index(record.life)])
                if paused in since:
                    since[paused] = f"was {paused}"
            case r.FaultChanged():
                fault = self._trace.names[record.fault]
                if record.on and fault not in _OF_PAUSES:
                    since[f"fault {fault}"] = f"fault {fault}"
                else:
                    since.pop(f"fault {fault}", None)
            case r.ClockStepped():
                since["clock"] = "clock stepped"
            case r.InstanceShared():
                since["instance"] = "instance shared"

    def _chain(self, record: r.Record) -> Sequence[str]:
        """The causes of `record` in kinds, itself first; no further than to its window's birth."""
        kinds: list[str] = []
        for cause in reversed(causes(self._trace, record.n)):
            kind = self._kind(cause) or (_name(type(cause)) if cause is record else "")
            if kind and kind not in kinds:
                kinds.append(kind)
            if isinstance(cause, r.LifeChanged) or len(kinds) == _LINKS:
                break
        return kinds

    def _kind(self, record: r.Record) -> str:
        """The kind of a record; "" for one that only passes a cause on."""
        names = self._trace.names
        match record:
            case r.RoleChanged():
                return "" if record.role == r.Role.FOLLOWER else _word(record.role)
            case r.RoomChanged():
                return f"room {_word(record.state)}"
            case r.LockChanged():
                asked = record.change == r.LockChange.REQUESTED
                return "" if asked else f"lock {_word(record.change)}"
            case r.TimerRan():
                return f"timer {Timer(record.timer).name.lower()}"
            case r.PolicyTimerRan():
                return f"timer {names[record.name]}"
            case r.MessageDelivered():
                return f"heard {_word(record.kind)}"
            case r.LifeChanged():
                return _word(record.life)
            case r.FaultChanged():
                return f"fault {names[record.fault]}"
        return _KINDS.get(type(record), "")


_KINDS: dict[type[r.Record], str] = {
    r.TurnRan: "turn after a pause",
    r.StorageHeard: "storage event",
    r.UserActed: "user",
}
# Faults that a record of the window's life tells as well.
_OF_PAUSES = ("freeze", "stall", "stop", "sleep")


def _name(kind: type[r.Record]) -> str:
    """`message posted` for MessagePosted."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def _word(member: r.Life | r.Role | r.RoomState | r.LockChange | r.MessageKind | r.Reason) -> str:
    return member.name.lower().replace("_", " ")
