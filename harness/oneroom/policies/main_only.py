"""The plan's simple mode: the main window owns while it is open; without it there is no RTC.

Overlays then say so.

How it fails: two main windows own both, because nothing but being "main" decides.
"""

from __future__ import annotations

from oneroom.core.actions import UserNotice
from oneroom.core.events import Timer
from oneroom.core.messages import Resign
from oneroom.core.policy import OPEN_THE_MAIN_APP, Policy


class MainOnly(Policy):
    """The main window owns; an overlay never does."""

    name = "main-only"
    needs_storage = True
    may_own = "main"

    def started(self, now_us: int) -> None:
        self.election.heard_us = now_us
        if self.config.main:
            self.election.win(now_us)
        else:
            self.probe(snapshot=True)
            self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def outranked(self, now_us: int) -> None:
        super().outranked(now_us)
        if self.config.main:
            # an overlay remembers a higher term of a main window that is gone
            self.election.win(now_us)

    def owner_found(self, now_us: int) -> None:
        self.abandoned = False

    def resigned(self, message: Resign, now_us: int) -> None:
        self._nobody()

    def timer(self, timer: Timer | str, now_us: int) -> None:
        """WATCH: check the main window, which may have crashed without a message."""
        if timer is not Timer.WATCH or self.config.main:
            return
        due_us = self.election.heard_us + self.timings.lease_us
        if due_us > now_us:
            self.arm(Timer.WATCH, due_us)
            return
        self._nobody()
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def _nobody(self) -> None:
        """Show that there is no call, whatever was heard last; the user is told once what to do."""
        if self.config.main:
            return
        self.election.forget_owner()
        if not self.abandoned:
            self.abandoned = True
            self.out.add(UserNotice(OPEN_THE_MAIN_APP))
