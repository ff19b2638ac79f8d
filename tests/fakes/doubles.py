"""Stand-ins for the simulator around a fake: an observer and devices. Each does the least that its
port promises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.ports.observer import LockChange, Loss, Presence, TrackState
from oneroom.ports.scheduler import Scheduler


class ObserverDouble:
    """Keeps every report as a tuple: (time, kind, what was reported)."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.reports: list[tuple[Any, ...]] = []
        self._scheduler = scheduler

    def _keep(self, kind: str, *what: Any) -> None:
        self.reports.append((self._scheduler.now_us, kind, *what))

    def message_lost(self, receiver: str, why: Loss) -> None:
        self._keep("message_lost", receiver, why)

    def lock_changed(self, window: str, change: LockChange, name: str) -> None:
        self._keep("lock_changed", window, change)

    def lease_written(self, window: str, term: int, counter: int) -> None:
        self._keep("lease_written", window, term, counter)

    def token_minted(self, window: str, epoch: int) -> None:
        self._keep("token_minted", window, epoch)

    def expired_token_tried(self, window: str, epoch: int) -> None:
        self._keep("expired_token_tried", window, epoch)

    def presence(
        self, window: str, identity: str, sid: str, presence: Presence, reason: Reason
    ) -> None:
        self._keep("presence", window, identity, sid, presence, reason)

    def track(
        self, window: str, identity: str, sid: str, source: Source, state: TrackState
    ) -> None:
        self._keep("track", window, identity, sid, source, state)

    def media(self, window: str, identity: str, sid: str, uplink: bool, downlink: bool) -> None:
        self._keep("media", window, identity, sid, uplink, downlink)

    def remote(self, channel: str, participant: Participant, there: bool) -> None:
        self._keep("remote", channel, participant, there)

    def witness_saw(self, identity: str, sid: str, presence: Presence) -> None:
        self._keep("witness_saw", identity, sid, presence)

    def witness_saw_track(self, identity: str, sid: str, source: Source, state: TrackState) -> None:
        self._keep("witness_saw_track", identity, sid, source, state)

    def prompt(self, window: str, source: Source, up: bool) -> None:
        self._keep("prompt", window, source, up)

    def capture(self, window: str, source: Source, on: bool) -> None:
        self._keep("capture", window, source, on)

    def room_joined(self, sid: str, room: str) -> None:
        """Not kept: a rig has one room."""

    def microphone(self, window: str, device: str) -> None:
        self._keep("microphone", window, device)


class DevicesDouble:
    """Grants at once, unless told to refuse or to keep the user waiting."""

    def __init__(self, observer: ObserverDouble) -> None:
        self.refusing = False
        self.waiting = False
        self.asked: list[tuple[str, Source, Callable[[bool], None]]] = []
        self._observer = observer
        self._on: list[tuple[str, Source]] = []

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        if self.waiting:
            self.asked.append((window, source, done))
        else:
            self.answer(window, source, done)

    def answer(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        if not self.refusing:
            self._on.append((window, source))
            self._observer.capture(window, source, True)
        done(not self.refusing)

    def release(self, window: str, source: Source) -> None:
        self.asked = [one for one in self.asked if one[:2] != (window, source)]
        if (window, source) in self._on:
            self._on.remove((window, source))
            self._observer.capture(window, source, False)

    def is_default(self, window: str, source: Source) -> bool:
        return True

    def capturing(self, window: str) -> list[Source]:
        return [source for name, source in self._on if name == window]
