"""What happens at the SFU."""

from __future__ import annotations

from harness.driver.script import identity
from harness.sim.ground import Ground


class Servers(Ground):
    """The part of the stage on which the SFU acts."""

    def kick(self, window: str) -> None:
        """See the stage."""
        self.sfu.remove_participant(identity(self.scenario, window))

    def delete_room(self) -> None:
        """See the stage."""
        self.sfu.delete_room()

    def restart_server(self) -> None:
        """See the stage."""
        self.sfu.restart()
