"""Who in a room is told what about whom, and when: LiveKit's batching of participant updates.

Source: LiveKit v1.13.5 rtc/room.go, PushAndDequeueUpdates, SendParticipantUpdates,
IsCloseNotifySkippable. News about a participant who publishes goes out at once; everything else
waits for a 3 s ticker. Clients of signalling protocol 12 and later, so all of today's, are never
told that a duplicate was disconnected: they see a new sid under the same identity.
"""

from __future__ import annotations

import msgspec

from oneroom.choices.labels import Label
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.signal_messages import ParticipantInfo


class PendingUpdate(msgspec.Struct, frozen=True):
    """One update. A `skippable` one is swallowed on its way out (protocol 12 and later)."""

    info: ParticipantInfo
    skippable: bool


class Audience:
    """Who listens to a room's news."""

    def tell(self, infos: tuple[ParticipantInfo, ...]) -> None:
        """`infos` in the order in which they happened; one about the listener itself is not for
        it.
        """
        raise NotImplementedError


class Updates:
    """The outgoing updates of one room. The ticker's phase is a draw; it is scheduled only while
    something waits.
    """

    def __init__(self, context: ServerContext, audience: Audience) -> None:
        self._context = context
        self._audience: Audience | None = audience
        self._queued: dict[str, PendingUpdate] = {}
        self._scheduled = False
        interval_us = context.timers.update_batch_us
        self._phase_us = (
            context.scheduler.now_us + context.choices.draw(Label.PHASE, interval_us)
        ) % interval_us

    def push(self, info: ParticipantInfo, skippable: bool = False, at_once: bool = False) -> None:
        """`info` is new. It goes out now or with the next tick, or never if there is news of a
        newer session.
        """
        at_once = at_once or info.is_publisher
        queued = self._queued.get(info.identity)
        if queued is not None and queued.info.sid != info.sid:
            if info.serial < queued.info.serial:
                return
            # News of the older session still waits. Its place is taken by a farewell that nobody is
            # sent (see above); what remains of LiveKit's rule is that the newer session is
            # announced at once.
            at_once = True
        if at_once:
            self._queued.pop(info.identity, None)
            self._send([PendingUpdate(info, skippable)])
        else:
            self._queued[info.identity] = PendingUpdate(info, skippable)
            self._schedule()

    def end(self) -> None:
        """The room or the run is over: nobody is told anything any more."""
        self._audience = None
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

    def _send(self, news: list[PendingUpdate]) -> None:
        infos = tuple(one.info for one in news if not one.skippable)
        if infos and self._audience is not None:
            self._audience.tell(infos)
