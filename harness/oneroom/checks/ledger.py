"""The ledger: what the user felt, in milliseconds and in events.

The ledger judges nothing; scenarios put limits on it. Times run from the first connect that was
applied; "wants a call" means: a connect was applied, no disconnect since, and nobody but the app's
own server has removed the user since. The time in which the machine sleeps is nobody's: it counts
for nothing that begins with "wants a call". Milliseconds are rounded up, so that 0 means never.

- `no_owner_ms`    wants a call, and no window is owner that could obey (running, or frozen: it
  still answers on the bus)
- `no_room_ms`     wants a call, and no window has a connected Room, as its own SDK has it; a
  stopped process has none
- `two_rooms_ms`   two or more windows hold a Room, those that `single_room` exempts included
- `silent_ms`      wants a call, is not muted, and the SFU has no open microphone of an active
  session whose process runs
- `unheard_ms`     in a call (a window has a connected Room, and its process runs), not muted, and
  no packets arrive at the SFU of any session with an open microphone
- `deaf_ms`        in a call in which somebody else is, and the SFU's packets arrive in no session
- `calls_torn_down` times that a call was torn down and came back, while the user wanted to stay
  (`torn_calls`)
- `torn_down_ms`   wants a call, and it is torn down
- `chat_late_ms`   the longest time from the storing of a chat message to its showing in a window
  (`chat_lateness`)
- `evictions`      running windows that were pushed out of the call by another window
- `flaps`          times that the witness saw the user gone and then back, while the user wanted to
  stay
- `prompts`        permission prompts shown
- `expired_tokens` tries to open a Room with a token that had expired
- `commands_lost`  commands that expired or were refused, or were never answered in a window that is
  still open at the end
- `ghosts`         sessions that became ghosts
- `ghost_ms`       at least one ghost is listed
- `listed_twice_ms` the SFU lists two sessions of the user, ghosts included: others see the user in
  two rooms, or twice in one
- `handoffs`       planned handoffs begun
- `elections`      ownerships begun
"""

from __future__ import annotations

from oneroom.checks.chat_lateness import ChatLateness
from oneroom.checks.evictions import Evictions
from oneroom.checks.removals import Removals
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.sessions import Sessions
from oneroom.checks.torn_calls import TornCalls
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.checks.wishes import Wishes
from oneroom.trace.chat_records import ChatShown, ChatSocketChanged, ChatStored
from oneroom.trace.people_records import (
    PermissionChanged,
    RemoteChanged,
    RemovalRequested,
    TrackMuted,
)
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandOutcome,
    CommandResolved,
    CommandVerb,
    ExpiredTokenTried,
    LifeChanged,
    MediaChanged,
    Presence,
    PresenceChanged,
    PromptChanged,
    Record,
    Rendered,
    Role,
    RoleChanged,
    RoomChanged,
    Settled,
    Source,
    TrackChanged,
    WebhookHeard,
    WitnessSaw,
)

KEYS: tuple[str, ...] = (
    "no_owner_ms",
    "no_room_ms",
    "two_rooms_ms",
    "silent_ms",
    "unheard_ms",
    "deaf_ms",
    "calls_torn_down",
    "torn_down_ms",
    "chat_late_ms",
    "evictions",
    "flaps",
    "prompts",
    "expired_tokens",
    "commands_lost",
    "ghosts",
    "ghost_ms",
    "listed_twice_ms",
    "handoffs",
    "elections",
)

# The keys whose clocks run while a state lasts, in the order of `Ledger.states`.
CLOCKS: tuple[str, ...] = (
    "no_owner_ms",
    "no_room_ms",
    "two_rooms_ms",
    "silent_ms",
    "unheard_ms",
    "deaf_ms",
    "torn_down_ms",
    "ghost_ms",
    "listed_twice_ms",
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
        TrackMuted,
        PermissionChanged,
        TrackChanged,
        MediaChanged,
        RemoteChanged,
        Rendered,
        PromptChanged,
        ExpiredTokenTried,
        WitnessSaw,
        WebhookHeard,
        ChatStored,
        ChatShown,
        ChatSocketChanged,
        Settled,
    )

    def __init__(self) -> None:
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        self.sessions = Sessions()
        self.removals = Removals()
        self.evicted = Evictions()
        self.owners: dict[int, bool] = {}
        self.elects = False  # a window has told its part in an election
        self.handing_over: dict[int, bool] = {}
        self.waiting: dict[int, dict[int, bool]] = {}
        self.identities: dict[int, bool] = {}
        self.witnessed: dict[int, bool] = {}  # the user's sids that the witness sees
        self.gone = False  # the witness saw the user disappear although the user wanted to stay
        self.torn_calls = TornCalls()
        self.chat = ChatLateness()
        self.others: dict[int, dict[int, bool]] = {}  # channel -> identities of other people
        self.channel = -1  # that the owner draws
        self.wants = False
        self.wishes = Wishes()
        self.now_us = 0
        self.states = (False,) * len(CLOCKS)
        self.spans_us = [0] * len(CLOCKS)
        self.began = [-1] * len(CLOCKS)  # the records with which the states began
        self.counts = dict.fromkeys(KEYS, 0)

    def on(self, record: Record) -> None:
        """Follow one record of a kind in `reads`."""
        if type(record) is Rendered and not self._channel_drawn(record):
            return  # most of what windows draw
        elapsed_us = record.at_us - self.now_us
        self.now_us = record.at_us
        if elapsed_us > 0 and True in self.states:
            for index, state in enumerate(self.states):
                if state:
                    self.spans_us[index] += elapsed_us
        self._follow(record)
        states = self._states()
        if states != self.states:
            for index, state in enumerate(states):
                if state and not self.states[index]:
                    self.began[index] = record.n
            self.states = states

    def totals(self) -> dict[str, int]:
        """The whole ledger, in the order of `KEYS`."""
        totals = dict(self.counts)
        for key, span_us in zip(CLOCKS, self.spans_us, strict=True):
            totals[key] = to_ms(span_us)
        totals["chat_late_ms"] = to_ms(self.chat.so_far(self.now_us)[0])
        totals["calls_torn_down"] = self.torn_calls.returns
        totals["commands_lost"] += sum([len(waiting) for waiting in self.waiting.values()])
        return totals

    def stands_still(self) -> bool:
        """Return whether no clock runs, every Room that a window holds is connected, no command
        waits for its answer, and no window lacks a chat message.
        """
        return (
            True not in self.states
            and all(self.rooms.connected(window) for window in self.rooms.held)
            and not any(self.waiting.values())
            and self.chat.complete()
        )

    def progress(self, key: str) -> tuple[int, int]:
        """The entry so far, in microseconds or events, and the record with which the time began to
        run, -1 for events. Commands that are still waited for do not count yet.
        """
        if key in CLOCKS:
            index = CLOCKS.index(key)
            return self.spans_us[index], self.began[index]
        if key == "chat_late_ms":
            return self.chat.so_far(self.now_us)
        count = self.torn_calls.returns if key == "calls_torn_down" else self.counts[key]
        return count, -1

    def _follow(self, record: Record) -> None:
        match record:
            case RoleChanged():
                self.sessions.owned(record)
                self._role(record)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.rooms.gone(window)
                    self.torn_calls.gone(window, record.at_us)
                    self.owners.pop(window, None)
                    self.handing_over.pop(window, None)
                    self.waiting.pop(window, None)
                self.chat.on(record)
            case RoomChanged():
                self.rooms.on(record)
                self.sessions.opened(record)
                self.torn_calls.on(record)
            case PresenceChanged():
                self._presence(record)
            case RemovalRequested():
                self.removals.on(record)
            case TrackMuted() if self.sessions.speaks_for(record.where):
                self.wishes.muted_by_others(record)
            case PermissionChanged() if self.sessions.speaks_for(record.where):
                self.wishes.permitted(record)
            case TrackChanged():
                self.sessions.track(record)
            case MediaChanged():
                self.sessions.media(record)
            case RemoteChanged():
                self._remote(record)
            case ChatStored() | ChatShown() | ChatSocketChanged():
                self.chat.on(record)
            case WitnessSaw():
                self._witness(record)
            case WebhookHeard():
                if self.evicted.on_webhook(record, self.lifecycle) >= 0:
                    self.counts["evictions"] += 1
            case CommandIssued(where=window, number=number):
                self.waiting.setdefault(window, {})[number] = True
                self._issued(record)
            case CommandApplied():
                self._applied(record)
            case CommandResolved(where=window, number=number):
                self.waiting.get(window, {}).pop(number, None)
                if record.outcome != CommandOutcome.APPLIED:
                    self.counts["commands_lost"] += 1
            case PromptChanged(up=True):
                self.counts["prompts"] += 1
            case ExpiredTokenTried():
                self.counts["expired_tokens"] += 1

    def _channel_drawn(self, record: Rendered) -> bool:
        """Return whether an owner draws another channel than before."""
        if record.where not in self.owners or record.channel == self.channel:
            return False
        self.channel = record.channel
        return True

    def _presence(self, record: PresenceChanged) -> None:
        self.identities[record.identity] = True
        self.sessions.presence(record)
        if self.evicted.on(record, self.lifecycle) >= 0:
            self.counts["evictions"] += 1
        if record.presence == Presence.GHOST:
            self.counts["ghosts"] += 1
        elif self.removals.decided(record):
            self.wants = False

    def _remote(self, record: RemoteChanged) -> None:
        others = self.others.setdefault(record.channel, {})
        if record.there:
            others[record.identity] = True
        else:
            others.pop(record.identity, None)

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
        self.elects = True
        self.owners.pop(window, None)
        if role == _OWNER:
            self.owners[window] = True
            self.counts["elections"] += 1
        if role != _HANDING_OVER:
            self.handing_over.pop(window, None)
        elif window not in self.handing_over:
            self.handing_over[window] = True
            self.counts["handoffs"] += 1

    def _issued(self, record: CommandIssued) -> None:
        self.wishes.issued(record)
        if record.number < 0 and record.verb == CommandVerb.DISCONNECT:
            self.wants = False  # it is inferred, and may be applied unseen
            self.gone = False

    def _applied(self, record: CommandApplied) -> None:
        self.wishes.applied(record)
        if record.verb == CommandVerb.CONNECT:
            self.wants = True
            self.torn_calls.decided(record.at_us)
        elif record.verb == CommandVerb.DISCONNECT:
            self.wants = False
            self.gone = False
            self.torn_calls.decided(record.at_us)

    def _states(self) -> tuple[bool, ...]:
        """The states of `CLOCKS` from here on."""
        wants = self.wants and not self.lifecycle.asleep()
        speaks = not self.wishes.muted and Source.MICROPHONE not in self.wishes.unknown
        connected = self._connected()
        in_call = wants and connected
        knows_owner = self.elects or not self.wishes.inferred
        open_microphone = heard = hears = haunted = False
        for session in self.sessions.listed.values():
            if session.ghost:
                haunted = True
            elif session.active and not self.lifecycle.stopped(session.window):
                open_microphone = open_microphone or session.open
                heard = heard or (session.open and session.uplink)
                hears = hears or session.downlink
        return (
            wants and knows_owner and not self._obeyed(),
            wants and not connected,
            len(self.rooms.held) > 1,
            wants and speaks and not open_microphone,
            in_call and speaks and not heard,
            in_call and not hears and bool(self.others.get(self.channel)),
            wants and self.torn_calls.torn and bool(self.lifecycle.open),
            haunted,
            len(self.sessions.listed) > 1,
        )

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


def to_ms(span_us: int) -> int:
    """Whole milliseconds, rounded up."""
    return -(-span_us // 1_000)
