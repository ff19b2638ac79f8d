"""Commands that an app does not tell of, inferred: a click is one, and what an SDK is told is its
effect.

- `connect` is applied when a Room of any window is connected in that channel, at once if one is
  already. An app may name its rooms otherwise than its channels: a room whose name was never
  clicked as a channel may be any.
- `disconnect` is applied when a window closes a Room because of the click, as the causes of the
  trace have it; a Room that is closed for another reason, as in a handoff, says nothing. With
  nothing to close and no connect under way there is nothing to apply.
- `toggleMute` is relative to what the SFU has last seen: it wants an open microphone muted, and a
  muted one open. It is applied when an SDK is told so. Before a microphone is published, while two
  sessions differ, when it is clicked again before it was applied, or when an SDK is told the
  opposite, nobody can tell what it means.

A click expires when a later one takes its place, or when it is not understood. Cameras and shares
are not inferred: whether they come depends on prompts and pickers as well. From the first command
that the app tells of by itself nothing is inferred any more; nor is it where a step calls an action
of the app's own (`do`), for nobody knows what that one means.
"""

from __future__ import annotations

from oneroom.checks.rooms import HeldRooms
from oneroom.checks.sessions import Sessions
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.core.actions import CommandOutcome
from oneroom.core.messages import CommandVerb
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandResolved,
    LifeChanged,
    PresenceChanged,
    Record,
    RoomChanged,
    TrackChanged,
)
from oneroom.trace.trace import Trace

_CALL = (CommandVerb.CONNECT, CommandVerb.DISCONNECT)
_INFERRED = (*_CALL, CommandVerb.TOGGLE_MUTE)


class InferredCommands:
    """Of one run, shared by its windows. Its commands have numbers below 0.

    With `infers` false there are none.
    """

    reads: tuple[type[Record], ...] = (RoomChanged, LifeChanged, PresenceChanged, TrackChanged)

    def __init__(self, trace: Trace, *, infers: bool) -> None:
        self._trace = trace
        self._told = not infers
        self._lifecycle = WindowLifecycle()
        self._rooms = HeldRooms()
        self._sessions = Sessions()
        self._names: dict[tuple[int, int], str] = {}  # (window, epoch) -> the name of its room
        self._channels: set[str] = set()  # that were ever clicked
        self._open: list[tuple[CommandIssued, str]] = []  # with the channel of a connect
        self._number = 0

    def on(self, record: Record) -> None:
        """Follow what is there."""
        match record:
            case RoomChanged():
                self._rooms.on(record)
            case LifeChanged(where=window):
                if self._lifecycle.on(record):
                    self._rooms.gone(window)
            case PresenceChanged():
                self._sessions.presence(record)
            case TrackChanged():
                self._sessions.track(record)

    def told(self) -> None:
        """The app tells of its commands itself."""
        self._told = True
        while self._open:
            self._expire(self._open[0][0])

    def clicked(self, window: int, verb: CommandVerb, channel: str) -> None:
        """The user clicks; the turn of it has not been performed yet."""
        if self._told or verb not in _INFERRED:
            return
        # with another call all that was asked of this one is over
        rivals = _INFERRED if verb in _CALL else (verb,)
        replaced = [issued for issued, _ in self._open if issued.verb in rivals]
        for issued in replaced:
            self._expire(issued)
        opens = self._microphones()
        t, value = self._trace, verb == CommandVerb.TOGGLE_MUTE and True in opens
        self._number -= 1
        issued = CommandIssued(t.n, t.now_us, window, t.cause, self._number, verb, value)
        self._open.append((issued, channel))
        t.act_on(issued)
        if verb == CommandVerb.CONNECT:
            self._channels.add(channel)
            for holder in self._rooms.held:
                if self._rooms.connected(holder):
                    self._connected(holder)
        elif verb == CommandVerb.DISCONNECT:
            if not self._rooms.held and not replaced:
                self._expire(issued)
        elif len(opens) != 1 or replaced:
            self._expire(issued)

    def opened(self, window: int, epoch: int, room: str) -> None:
        """An SDK is told to open a Room."""
        self._names[window, epoch] = room

    def connected(self, window: int) -> None:
        """A Room of the window is connected."""
        self._connected(window)

    def _connected(self, window: int) -> None:
        names = [self._names.get((window, epoch), "") for epoch in self._rooms.held.get(window, {})]
        for issued, channel in list(self._open):
            if issued.verb == CommandVerb.CONNECT and any(
                name == channel or name not in self._channels for name in names
            ):
                self._apply(window, issued)

    def closes(self, window: int) -> None:
        """An SDK is told to close a Room, or to give up opening it."""
        for issued, _ in list(self._open):
            if issued.verb == CommandVerb.DISCONNECT and self._is_caused_by(issued.n):
                self._apply(window, issued)

    def muted(self, window: int, muted: bool) -> None:
        """An SDK is told to publish a microphone, muted or not, to unpublish it, to mute or unmute
        it.
        """
        for issued, _ in list(self._open):
            if issued.verb == CommandVerb.TOGGLE_MUTE:
                if issued.value == muted:
                    self._apply(window, issued)
                else:
                    self._expire(issued)

    def _microphones(self) -> set[bool]:
        """The states in which the SFU has the user's microphones: open or not."""
        return {
            session.open
            for session in self._sessions.listed.values()
            if session.microphone and not session.ghost
        }

    def _is_caused_by(self, n: int) -> bool:
        """Return whether what happens now follows from record `n`."""
        trace, cause = self._trace, self._trace.cause
        first = trace.n - len(trace.tail)
        while cause > n and cause >= first:
            cause = trace.tail[cause - first].cause
        return cause == n

    def _apply(self, window: int, issued: CommandIssued) -> None:
        t = self._trace
        what = issued.where, issued.number, issued.verb, issued.value, 0, 0
        t.append(CommandApplied(t.n, t.now_us, window, t.cause, *what))
        self._resolve(issued, CommandOutcome.APPLIED)

    def _expire(self, issued: CommandIssued) -> None:
        self._resolve(issued, CommandOutcome.EXPIRED)

    def _resolve(self, issued: CommandIssued, outcome: CommandOutcome) -> None:
        self._open = [pair for pair in self._open if pair[0] is not issued]
        t = self._trace
        if issued.where in self._lifecycle.open:
            what = issued.where, t.cause, issued.number, outcome
            t.append(CommandResolved(t.n, t.now_us, *what))
