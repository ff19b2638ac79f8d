"""The ledger: what the user felt, in milliseconds and in events.

The ledger judges nothing; scenarios put limits on it. Times run from the first connect that was
applied; "wants a call" means: a connect was applied, no disconnect since, and nobody but the app's
own server has removed the user since. Milliseconds are rounded up, so that 0 means never.

- `no_owner_ms`    wants a call, and no window is owner that could obey (running, or frozen: it
  still answers on the bus)
- `no_room_ms`     wants a call, and no window has a connected Room, as its own SDK has it; a
  stopped process has none
- `two_rooms_ms`   two or more windows hold a Room, those that `single_room` exempts included
- `silent_ms`      wants a call, is not muted, and the SFU has no open microphone of an active
  session whose process runs
- `evictions`      running windows that were pushed out of the call by another window
- `flaps`          times that the witness saw the user gone and then back, while the user wanted to
  stay
- `prompts`        permission prompts shown
- `commands_lost`  commands that expired or were refused, or were never answered in a window that is
  still open at the end
- `ghosts`         sessions that became ghosts
- `ghost_ms`       at least one ghost is listed
- `handoffs`       planned handoffs begun
- `elections`      ownerships begun
"""

from __future__ import annotations

from oneroom.checks.evictions import Evictions
from oneroom.checks.removals import Removals
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.sessions import Sessions
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.people_records import RemovalRequested
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandOutcome,
    CommandResolved,
    CommandVerb,
    LifeChanged,
    Presence,
    PresenceChanged,
    PromptChanged,
    Record,
    Role,
    RoleChanged,
    RoomChanged,
    Settled,
    TrackChanged,
    WebhookHeard,
    WitnessSaw,
)

KEYS: tuple[str, ...] = (
    "no_owner_ms",
    "no_room_ms",
    "two_rooms_ms",
    "silent_ms",
    "evictions",
    "flaps",
    "prompts",
    "commands_lost",
    "ghosts",
    "ghost_ms",
    "handoffs",
    "elections",
)

_OWNER, _HANDING_OVER = Role.OWNER, Role.HANDING_OVER  # bound once, see window_lifecycle


class Ledger:
    """Listens like a check; `totals` after the run. Times inside are microseconds."""

    reads: tuple[type[Record], ...] = (
        LifeChanged,
        RoleChanged,
        RoomChanged,
        CommandIssued,
        CommandApplied,
        CommandResolved,
        PresenceChanged,
        RemovalRequested,
        TrackChanged,
        PromptChanged,
        WitnessSaw,
        WebhookHeard,
        Settled,
    )

    def __init__(self) -> None:
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        self.sessions = Sessions()
        self.removals = Removals()
        self.evicted = Evictions()
        self.owners: dict[int, bool] = {}
        self.handing_over: dict[int, bool] = {}
        self.waiting: dict[int, dict[int, bool]] = {}
        self.identities: dict[int, bool] = {}
        self.witnessed: dict[int, bool] = {}  # the user's sids that the witness sees
        self.gone = False  # the witness saw the user disappear although the user wanted to stay
        self.wants = False
        self.muted = False
        self.now_us = 0
        self.states = [False, False, False, False, False]
        self.spans_us = [0, 0, 0, 0, 0]
        self.counts = dict.fromkeys(KEYS, 0)

    def on(self, record: Record) -> None:
        """Follow one record of a kind in `reads`."""
        elapsed_us = record.at_us - self.now_us
        if elapsed_us > 0:
            self.now_us = record.at_us
            for index, state in enumerate(self.states):
                if state:
                    self.spans_us[index] += elapsed_us
        self._follow(record)
        self._update_clocks()

    def totals(self) -> dict[str, int]:
        """The whole ledger, in the order of `KEYS`."""
        totals = dict(self.counts)
        for index, key in enumerate(
            ("no_owner_ms", "no_room_ms", "two_rooms_ms", "silent_ms", "ghost_ms")
        ):
            totals[key] = -(-self.spans_us[index] // 1_000)
        totals["commands_lost"] += sum([len(waiting) for waiting in self.waiting.values()])
        return totals

    def _follow(self, record: Record) -> None:
        match record:
            case RoleChanged():
                self._role(record)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.rooms.gone(window)
                    self.owners.pop(window, None)
                    self.handing_over.pop(window, None)
                    self.waiting.pop(window, None)
            case RoomChanged():
                self.rooms.on(record)
            case PresenceChanged():
                self._presence(record)
            case RemovalRequested():
                self.removals.on(record)
            case TrackChanged():
                self.sessions.track(record)
            case WitnessSaw():
                self._witness(record)
            case WebhookHeard():
                if self.evicted.on_webhook(record, self.lifecycle) >= 0:
                    self.counts["evictions"] += 1
            case CommandIssued(where=window, number=number):
                self.waiting.setdefault(window, {})[number] = True
            case CommandApplied():
                self._applied(record)
            case CommandResolved(where=window, number=number):
                self.waiting.get(window, {}).pop(number, None)
                if record.outcome != CommandOutcome.APPLIED:
                    self.counts["commands_lost"] += 1
            case PromptChanged(up=True):
                self.counts["prompts"] += 1

    def _presence(self, record: PresenceChanged) -> None:
        self.identities[record.identity] = True
        self.sessions.presence(record)
        if self.evicted.on(record, self.lifecycle) >= 0:
            self.counts["evictions"] += 1
        if record.presence == Presence.GHOST:
            self.counts["ghosts"] += 1
        elif self.removals.decided(record):
            self.wants = False

    def _witness(self, record: WitnessSaw) -> None:
        if record.identity not in self.identities:
            return
        if record.presence == Presence.LEFT:
            self.witnessed.pop(record.sid, None)
            self.gone = self.wants and not self.witnessed
            return
        if self.gone and not self.witnessed:
            self.counts["flaps"] += 1
        self.gone = False
        self.witnessed[record.sid] = True

    def _role(self, record: RoleChanged) -> None:
        window, role = record.where, record.role
        self.owners.pop(window, None)
        if role == _OWNER:
            self.owners[window] = True
            self.counts["elections"] += 1
        if role != _HANDING_OVER:
            self.handing_over.pop(window, None)
        elif window not in self.handing_over:
            self.handing_over[window] = True
            self.counts["handoffs"] += 1

    def _applied(self, record: CommandApplied) -> None:
        if record.verb == CommandVerb.CONNECT:
            self.wants = True
        elif record.verb == CommandVerb.DISCONNECT:
            self.wants = False
            self.gone = False
        elif record.verb == CommandVerb.TOGGLE_MUTE:
            self.muted = record.value

    def _update_clocks(self) -> None:
        """Start and stop the five clocks by the state from here on."""
        wants = self.wants
        heard = haunted = False
        for session in self.sessions.listed.values():
            if session.ghost:
                haunted = True
            elif session.open and session.active and not self.lifecycle.stopped(session.window):
                heard = True
        self.states = [
            wants and not self._obeyed(),
            wants and not self._connected(),
            len(self.rooms.held) > 1,
            wants and not self.muted and not heard,
            haunted,
        ]

    def _obeyed(self) -> bool:
        obeyed = False
        for window in self.owners:
            if self.lifecycle.obeys(window):
                obeyed = True
        return obeyed

    def _connected(self) -> bool:
        connected = False
        for window in self.rooms.held:
            if self.rooms.connected(window) and not self.lifecycle.stopped(window):
                connected = True
        return connected
