"""Own tracks: the microphone, camera and share of the user in the owner's Room.

Rules: what is published follows the intent; what others switch off changes it (`moderation`).
A Room that is not connected is told nothing: what is decided earlier is said when it is.
"""

from __future__ import annotations

from typing import ClassVar

from oneroom.core import devices, moderation, session
from oneroom.core.actions import Action, Publish, SetMuted, Unpublish, UserNotice
from oneroom.core.commands import intend
from oneroom.core.messages import CommandVerb
from oneroom.core.outbox import Outbox
from oneroom.core.session import Session
from oneroom.core.state import Intent, Source


class OwnTracks:
    """Base of an ownership: the part of it that is about tracks. `permitted` is what the Room may
    publish.
    """

    share_class: ClassVar[type[devices.ScreenShare]] = devices.ScreenShare

    # How the microphone is published; what the user wants of it is said once its capture runs.
    # A muted user is never heard, not for one packet.
    starts_muted: ClassVar[bool] = True

    def __init__(self, out: Outbox, own_session: Session) -> None:
        self.out = out
        self.session = own_session
        self.share = self.share_class()
        self.term = 0
        self.intent = Intent()
        self.error = ""
        self.missing = False  # a microphone or a camera
        # sources whose capture is under way -> whether the devices have changed since it began
        self.asked: dict[Source, bool] = {}
        self.permitted = moderation.ALL_SOURCES
        # what others switched off in the Room of which ownership, heard while this window did not
        # own
        self.silenced: list[tuple[Source, int]] = []
        self.clicked: set[CommandVerb] = set()  # by the user, in this ownership
        self.dirty = False

    def _write_ahead(self) -> None:
        """Write the intent to storage."""
        raise NotImplementedError

    def _publish_devices(self) -> None:
        """The microphone goes out muted until its capture is confirmed."""
        self.error = ""
        self.asked = {}
        self._switch(Source.MICROPHONE, True, muted=self.starts_muted)
        self._restore_camera()

    def _restore_camera(self) -> None:
        """A camera that was on is on in the next Room, too."""
        if self.intent.camera:
            self._switch(Source.CAMERA, True)

    def captured(self, source: Source) -> None:
        """A capture runs. The microphone now becomes what the user wants at this moment, not what
        was wanted before.
        """
        self.asked.pop(source, None)
        if source is Source.MICROPHONE:
            if self.intent.muted is not self.starts_muted:
                self._to_room(SetMuted(self.session.epoch, self.term, self.intent.muted))
        elif source is Source.SCREEN_SHARE:
            self.share.move(devices.On.STARTED)

    def devices_changed(self, *, owns: bool) -> None:
        """Ask again for what was lost, or was not there to begin with; else speak into the
        microphone that is the default one now.
        """
        if owns and self.missing:
            self.missing = False
            self.dirty = True
            self._publish_devices()
        elif owns:
            self._follow_default()
            self.asked = dict.fromkeys(self.asked, True)

    def _follow_default(self) -> None:
        """A user who plugs a headset in speaks into that: neither Chromium nor livekit-client moves
        a capture that runs (Room.ts selectDefaultDevices, element-call#1646).
        """
        self._switch(Source.MICROPHONE, True, muted=self.starts_muted)

    def capture_ended(self, source: Source, error: str) -> None:
        """Refused, unplugged, or "stop sharing" in the browser's own bar."""
        if self._overtaken(source):
            self._publish_devices()
            return
        self.error = error
        self.missing = self.missing or source is not Source.SCREEN_SHARE
        if source is Source.SCREEN_SHARE and self.share.move(devices.On.STOP):
            self.intent = intend(self.intent, CommandVerb.TOGGLE_SCREEN_SHARE, False, "")

    def _overtaken(self, source: Source) -> bool:
        """Return whether the devices have changed while the capture that has failed was under way:
        what it was refused may be there by now, and no other event will say so.
        """
        return self.asked.pop(source, False)

    def _share(self, wanted: bool, now_us: int, *, here: bool) -> None:
        if not wanted:
            if self.share.move(devices.On.STOP):
                self._switch(Source.SCREEN_SHARE, False)
        elif Source.SCREEN_SHARE not in self.permitted:
            self._silence(Source.SCREEN_SHARE)
        elif self.share.want(now_us, here=here):
            self._switch(Source.SCREEN_SHARE, True)
        else:
            self.out.add(UserNotice("click in the main window to start sharing"))

    def gestured(self, now_us: int) -> None:
        """The user clicked in this window: a waiting share may open its picker."""
        if self.share.gestured(now_us):
            self._switch(Source.SCREEN_SHARE, True)

    # -- what others do: see `moderation` ---------------------------------------------------------

    def _muted_by_others(self, source: Source, muted: bool) -> None:
        if muted:
            self._silence(source)
            if source is not Source.MICROPHONE:
                self._switch(source, False)
        elif source is Source.MICROPHONE and self.intent.muted:
            self._to_room(SetMuted(self.session.epoch, self.term, True))

    def _permitted(self, sources: tuple[Source, ...]) -> None:
        before, self.permitted = self.permitted, sources
        for source in before:
            if source not in sources:
                self._silence(source)
                self._switch(source, False)
        if Source.MICROPHONE in sources and Source.MICROPHONE not in before:
            self._switch(Source.MICROPHONE, True, muted=self.starts_muted)
        if Source.CAMERA in sources and Source.CAMERA not in before and self.intent.camera:
            self._switch(Source.CAMERA, True)

    def _silence(self, source: Source) -> None:
        """Take `source` as switched off by the user: somebody else has done it."""
        before, self.intent = self.intent, moderation.silenced(self.intent, source)
        if source is Source.SCREEN_SHARE:
            self.share.move(devices.On.STOP)
        if self.intent != before:
            self._write_ahead()
            self.out.add(UserNotice(moderation.notice(source)))

    # -- small change -----------------------------------------------------------------------------

    def _switch(self, source: Source, on: bool, *, muted: bool = False) -> None:
        if not on:
            self._to_room(Unpublish(self.session.epoch, self.term, source))
        elif source in self.permitted:
            if source is not Source.SCREEN_SHARE:
                self.asked[source] = False
            self._to_room(Publish(self.session.epoch, self.term, source, muted))

    def _to_room(self, action: Action) -> None:
        """Only a Room that is connected, or healing, can be told anything; what is decided earlier
        is said at `connected`.
        """
        if self.session.state in (session.State.OPEN, session.State.HEALING):
            self.out.add(action)
