"""Actions of the other people in a call."""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom.driver.busy import Busy
from oneroom.driver.script import identity
from oneroom.scenario.duration import Range
from oneroom.scenario.model import Scenario
from oneroom_fakes.sfu.server import Sfu

_SOURCES = {
    "microphone": Source.MICROPHONE,
    "camera": Source.CAMERA,
    "screen_share": Source.SCREEN_SHARE,
}


class RemoteParticipantSteps:
    """See `oneroom.scenario.stage.RemoteParticipantSteps`."""

    def __init__(self, scenario: Scenario, sfu: Sfu, busy: Busy) -> None:
        self._scenario = scenario
        self._sfu = sfu
        self._remotes = sfu.remotes
        self._busy = busy

    def join(self, identity: str, channel: str, microphone: str) -> None:
        """See the stage."""
        self._remotes.joins(identity, channel, microphone == "open")

    def leave(self, identity: str) -> None:
        """See the stage."""
        self._remotes.leaves(identity)

    def speak(self, identity: str, lasts: Range) -> None:
        """See the stage."""
        self._remotes.talks(identity, self._busy.draw(lasts))

    def publish(self, identity: str, source: str, muted: bool) -> None:
        """See the stage."""
        self._remotes.publishes(identity, _SOURCES[source], muted)

    def unpublish(self, identity: str, source: str) -> None:
        """See the stage."""
        self._remotes.unpublishes(identity, _SOURCES[source])

    def stop_forwarding(self, window: str) -> None:
        """See the stage."""
        self._sfu.stop_forwarding(identity(self._scenario, window))
