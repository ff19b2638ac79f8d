"""Actions of the other people in a call."""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom.scenario.duration import Range
from oneroom.sim.environment import Environment

_SOURCES = {
    "microphone": Source.MICROPHONE,
    "camera": Source.CAMERA,
    "screen_share": Source.SCREEN_SHARE,
}


class RemoteParticipants(Environment):
    """The part of the stage on which remote participants act."""

    def remote_joins(self, identity: str, channel: str, microphone: str) -> None:
        """See the stage."""
        self.sfu.remotes.joins(identity, channel, microphone == "open")

    def remote_leaves(self, identity: str) -> None:
        """See the stage."""
        self.sfu.remotes.leaves(identity)

    def remote_speaks(self, identity: str, lasts: Range) -> None:
        """See the stage."""
        self.sfu.remotes.talks(identity, self.busy_for(lasts))

    def remote_publishes(self, identity: str, source: str, muted: bool) -> None:
        """See the stage."""
        self.sfu.remotes.publishes(identity, _SOURCES[source], muted)

    def remote_unpublishes(self, identity: str, source: str) -> None:
        """See the stage."""
        self.sfu.remotes.unpublishes(identity, _SOURCES[source])
