"""Participant updates of one room: which participants are told what about whom, and when.

Source: LiveKit v1.13.5 rtc/room.go, PushAndDequeueUpdates, SendParticipantUpdates,
IsCloseNotifySkippable. An update about a participant who publishes goes out at once; every other
one waits for a ticker of 3 s. Clients of signalling protocol 12 and later, so all of today's, are
never told that a duplicate was disconnected: they see a new sid under the same identity.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from oneroom.choices.labels import Label
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.signal_messages import ParticipantInfo


class PendingUpdate(msgspec.Struct, frozen=True):
    """One update. A `skippable` one is dropped instead of sent (protocol 12 and later)."""

    info: ParticipantInfo
    skippable: bool


class Updates:
    """The outgoing updates of one room, which `send` takes in the order in which they happened.

    The ticker's phase is a draw; it is scheduled only while an update waits.
    """

    def __init__(
        self, context: ServerContext, send: Callable[[tuple[ParticipantInfo, ...]], None]
    ) -> None:
        self._context = context
        self._send_to_room: Callable[[tuple[ParticipantInfo, ...]], None] | None = send
        self._queued: dict[str, PendingUpdate] = {}
        self._scheduled = False
        interval_us = context.timers.update_batch_us
        self._phase_us = (
            context.scheduler.now_us + context.choices.draw(Label.PHASE, interval_us)
        ) % interval_us

    def push(self, info: ParticipantInfo, skippable: bool = False, at_once: bool = False) -> None:
        """Send `info` now or with the next tick; drop it if an update about a newer session of that
        identity waits.
        """
        at_once = at_once or info.is_publisher
        queued = self._queued.get(info.identity)
        if queued is not None and queued.info.sid != info.sid:
            if info.serial < queued.info.serial:
                return
            # An update about the older session still waits. A DISCONNECTED update takes its place,
            # which no client is sent (see above). What remains of LiveKit's rule is that the newer
            # session is announced at once.
            at_once = True
        if at_once:
            self._queued.pop(info.identity, None)
            self._send([PendingUpdate(info, skippable)])
        else:
            self._queued[info.identity] = PendingUpdate(info, skippable)
            self._schedule()

    def end(self) -> None:
        """The room or the run is over: no more updates are sent."""
        self._send_to_room = None
        self._queued.clear()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            scheduler = self._context.scheduler
            delay_us = (self._phase_us - scheduler.now_us) % self._context.timers.update_batch_us
            scheduler.after(delay_us, self._tick, None)

    def _tick(self, _: None) -> None:
        self._scheduled = False
        queued = list(self._queued.values())
        self._queued.clear()
        self._send(queued)

    def _send(self, updates: list[PendingUpdate]) -> None:
        infos = tuple(update.info for update in updates if not update.skippable)
        if infos and self._send_to_room is not None:
            self._send_to_room(infos)
