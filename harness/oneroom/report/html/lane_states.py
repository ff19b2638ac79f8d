"""Lanes of a run as spans: what each window is, who holds the lock and the lease, who is listed.

Rules: read off the trace alone. Styles and tracks are names of looks; the page draws by them. A
window's tracks are `line` (part in the election, hidden, paused), `room`, `casing` (two Rooms at
once), `pause`, `mic`, `camera`, `screen`, `prompt`, `chat`, `fault…`; those of bands are `0`, `1`…
"""

from __future__ import annotations

from functools import singledispatchmethod

from oneroom.core.actions import OWNER_LOCK
from oneroom.report import words
from oneroom.report.describe import Describer
from oneroom.report.html.run_lanes import LanePlan
from oneroom.report.html.spans import Slots, Span, Spans
from oneroom.scenario.diagnostic import printable
from oneroom.trace import chat_records as c
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

_ROOM = {
    r.RoomState.OPENING: "opening",
    r.RoomState.CONNECTED: "connected",
    r.RoomState.RECONNECTING: "reconnecting",
    r.RoomState.HEALED: "connected",
}
_ROLE = {role: role.name.lower().replace("_", "-") for role in r.Role}
_CAPTURE = {r.Source.CAMERA: "camera", r.Source.MICROPHONE: "mic", r.Source.SCREEN_SHARE: "screen"}
_PRESENCE = {
    r.Presence.JOINED: "joined",
    r.Presence.ACTIVE: "active",
    r.Presence.RESUMED: "active",
    r.Presence.GHOST: "ghost",
}
_SESSIONS, _ITEMS, _FAULTS, _LOCKS = 4, 3, 3, 2  # side by side at most
_VALUE_CHARACTERS = 40


def lane_states(trace: Trace, lanes: LanePlan, describer: Describer) -> list[Span]:
    """The spans of all lanes, in the order in which they begin."""
    states = _States(trace, lanes, describer)
    for record in trace.records:
        states.follow(record)
    return states.spans.all


class _States:
    """Follows the records of a run."""

    def __init__(self, trace: Trace, lanes: LanePlan, describer: Describer) -> None:
        self.spans = Spans()
        self._names = trace.names
        self._lanes = lanes
        self._describer = describer
        self._role: dict[int, r.Role] = {}
        self._hidden: set[int] = set()
        self._paused: set[int] = set()
        self._muted: dict[int, bool] = {}
        self._holders: dict[int, int] = {}  # lock -> window
        self._term = 0
        self._slots: dict[int, Slots] = {}

    @singledispatchmethod
    def follow(self, record: r.Record) -> None:
        """Take the record, which comes next, into account; most kinds change no state."""

    @follow.register
    def _life(self, record: r.LifeChanged) -> None:
        window, lane, n = record.where, self._lanes.windows[record.where], record.n
        match record.life:
            case r.Life.OPENED:
                self._role[window] = r.Role.FOLLOWER
                self._hidden.discard(window)
                self._paused.discard(window)
            case r.Life.HIDDEN:
                self._hidden.add(window)
            case r.Life.SHOWN:
                self._hidden.discard(window)
        if record.life in r.GONE:
            self._gone(record)
        elif record.life in r.PAUSED:
            self._paused.add(window)
            self.spans.put(lane, "pause", "paused", n, words.LIFE[record.life])
        elif record.life in r.UNPAUSED:
            self._paused.discard(window)
            self.spans.end(lane, "pause", n)
        if record.life not in r.GONE and record.life is not r.Life.EVICTED:
            self._line(window, n)
        self._count(n)

    def _gone(self, record: r.LifeChanged) -> None:
        lane = self._lanes.windows[record.where]
        self.spans.end_lane(lane, record.n, keep=("fault0", "fault1", "fault2"))
        if record.life in r.RUNTIME_ENDED:
            for lock in [lock for lock, held in self._holders.items() if held == record.where]:
                self._release(lock, record.n)

    @follow.register
    def _role_changed(self, record: r.RoleChanged) -> None:
        self._role[record.where] = record.role
        self._line(record.where, record.n)
        # A policy that is refused for a term that is no number has left it in its last record.
        term: object = record.term
        if record.role in r.OWNING and isinstance(term, int) and term > self._term:
            self._term = term
            self.spans.put(self._lanes.term, "0", "term", record.n, f"t{record.term}")
        self._count(record.n)

    @follow.register
    def _room(self, record: r.RoomChanged) -> None:
        lane = self._lanes.windows.get(record.where, -1)
        if lane >= 0:
            self.spans.put(lane, "room", _ROOM.get(record.state, ""), record.n)
            self._count(record.n)

    @follow.register
    def _capture(self, record: r.CaptureChanged) -> None:
        track = _CAPTURE[record.source]
        muted = track == "mic" and self._muted.get(record.where, False)
        style = ("muted" if muted else "live") if record.on else ""
        self._put(record, track, style)

    @follow.register
    def _prompt(self, record: r.PromptChanged) -> None:
        self._put(record, "prompt", "prompt" if record.up else "")

    @follow.register
    def _rendered(self, record: r.Rendered) -> None:
        self._muted[record.where] = record.muted
        lane = self._lanes.windows.get(record.where, -1)
        if self.spans.style(lane, "mic"):
            self.spans.put(lane, "mic", "muted" if record.muted else "live", record.n)

    @follow.register
    def _chat_socket(self, record: c.ChatSocketChanged) -> None:
        held = {c.ChatSocketState.OPENING: "opening", c.ChatSocketState.OPEN: "open"}
        self._put(record, "chat", held.get(record.state, ""))

    @follow.register
    def _lock(self, record: r.LockChanged) -> None:
        if record.change is r.LockChange.GRANTED:
            name, window = self._names[record.name], self._names[record.where]
            label = window if name == OWNER_LOCK else f"{window}: {printable(name)}"
            track = self._slot(self._lanes.lock, _LOCKS).take(name)
            self._holders[record.name] = record.where
            self.spans.put(self._lanes.lock, track, "lock", record.n, label)
        elif (
            record.change in (r.LockChange.RELEASED, r.LockChange.STOLEN)
            and self._holders.get(record.name) == record.where
        ):
            self._release(record.name, record.n)

    def _release(self, lock: int, n: int) -> None:
        del self._holders[lock]
        track = self._slot(self._lanes.lock, _LOCKS).free(self._names[lock])
        self.spans.end(self._lanes.lock, track, n)

    @follow.register
    def _lease(self, record: r.LeaseWritten) -> None:
        label = f"{self._names[record.where]} t{record.term}"
        self.spans.put(self._lanes.lock, str(_LOCKS), "lease", record.n, label)

    @follow.register
    def _written(self, record: r.StorageWritten) -> None:
        key, value = self._names[record.key], self._names[record.value]
        slots = self._slot(self._lanes.storage, _ITEMS)
        if value:
            label = f"{printable(key)}: {printable(value)}"[:_VALUE_CHARACTERS]
            self.spans.put(self._lanes.storage, slots.take(key), "item", record.n, label)
        else:
            self.spans.end(self._lanes.storage, slots.free(key), record.n)

    @follow.register
    def _presence(self, record: r.PresenceChanged) -> None:
        style = _PRESENCE.get(record.presence, "")
        self._session(record, self._lanes.sfu, record.sid, style, self._names[record.window])

    @follow.register
    def _saw(self, record: r.WitnessSaw) -> None:
        style = "" if record.presence is r.Presence.LEFT else "seen"
        label = self._names[record.identity]
        self._session(record, self._lanes.witness, record.sid, style, label)

    def _session(self, record: r.Record, lane: int, sid: int, style: str, label: str) -> None:
        slots, name = self._slot(lane, _SESSIONS), self._names[sid]
        track = slots.take(name) if style else slots.free(name)
        self.spans.put(lane, track, style, record.n, label)

    @follow.register
    def _fault(self, record: r.FaultChanged) -> None:
        if self._describer.implied_by_lifecycle(record):
            return
        name, window = self._names[record.fault], self._names[record.where]
        lane = self._lanes.windows.get(record.where, self._lanes.world)
        track, label = "fault", name
        if self._lanes.is_bus_fault(record):
            lane, track, label = self._lanes.bus, "", f"{window}: {name}"
        slots, key = self._slot(lane, _FAULTS), f"{name} {window}"
        slot = slots.take(key) if record.on else slots.free(key)
        if slot:
            self.spans.put(lane, f"{track}{slot}", "fault" if record.on else "", record.n, label)

    def _put(self, record: r.Record, track: str, style: str) -> None:
        lane = self._lanes.windows.get(record.where, -1)
        if lane >= 0:
            self.spans.put(lane, track, style, record.n)

    def _slot(self, lane: int, most: int) -> Slots:
        return self._slots.setdefault(lane, Slots(most))

    def _line(self, window: int, n: int) -> None:
        """The lifeline: the part in the election, and the life that qualifies it."""
        looks = [_ROLE[self._role.get(window, r.Role.FOLLOWER)]]
        if window in self._hidden:
            looks.append("hidden")
        if window in self._paused:
            looks.append("paused")
        self.spans.put(self._lanes.windows[window], "line", " ".join(looks), n)

    def _count(self, n: int) -> None:
        """Count Rooms and owners, and those of windows that run."""
        lines = {
            w: lane for w, lane in self._lanes.windows.items() if self.spans.style(lane, "line")
        }
        holding = [w for w, lane in lines.items() if self.spans.style(lane, "room")]
        owning = [w for w in lines if self._role.get(w) in r.OWNING]
        for lane, counted in ((self._lanes.rooms, holding), (self._lanes.owners, owning)):
            style = ("none", "one")[len(counted)] if len(counted) < 2 else "several"
            if counted and self._paused.issuperset(counted):
                style += " paused"
            self.spans.put(lane, "0", style, n, str(len(counted)))
        for window in holding:
            casing = "several" if len(holding) > 1 else ""
            self.spans.put(self._lanes.windows[window], "casing", casing, n)
        for window, lane in lines.items():
            if window not in holding:
                self.spans.end(lane, "casing", n)
