"""The lock goes to the window that the user looks at (geobrowser/geogenesis: LiveKit debate rooms).

Pull requests #2102, #2110, #2180. No window waits in the queue (`ifAvailable`), and requests are
staggered by attention: a focused window at once, a visible one after 250 ms, a hidden one after 700
ms. A window that was refused asks the owner for it when it gets the focus; an owner that is in a
call refuses.

How it fails: a window that was refused is out until the user focuses it. When the owner closes or
crashes no window takes over, and before the stagger was there the first of many background tabs won
for ever, by microseconds.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import HandoffRequest, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy

VISIBLE_US = 250_000
HIDDEN_US = 700_000


class WebLockAttention(Policy):
    """geogenesis: owns by the lock, asked for as early as the user looks at the window."""

    name = "web-lock-attention"
    needs_lock = True
    keeps_call = True
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.waits = False
        self.refused = False

    def started(self, now_us: int) -> None:
        self.waits = True
        self.arm(
            Timer.CLAIM, now_us + (0 if self.focused else VISIBLE_US if self.visible else HIDDEN_US)
        )

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.CLAIM and self.waits:
            self._ask()

    def attention_changed(self, gained: bool, now_us: int) -> None:
        if not (gained and self.focused):
            return
        if self.waits:
            self._ask()  # the wait resolves early
        elif self.refused and self.election.role is Role.FOLLOWER:
            self.refused = False
            self.request_handoff(now_us)
            self._ask()  # the owner may be gone

    def lock_granted(self, now_us: int) -> None:
        self.election.win(now_us)

    def lock_busy(self, now_us: int) -> None:
        self.refused = True

    def lock_lost(self, now_us: int) -> None:
        self.election.move(On.OUTRANKED)

    def handoff_requested(self, message: HandoffRequest, now_us: int) -> None:
        if self.election.role is Role.OWNER:
            self.start_handoff(message.instance_id)

    def room_left(self, now_us: int) -> None:
        self.resign(self.successor)
        self.refused = True
        self.release_lock()
        self.election.move(On.LEFT)

    def resigned(self, message: Resign, now_us: int) -> None:
        if message.successor == self.config.instance_id:
            self._ask()

    def _ask(self) -> None:
        self.waits = False
        self.request_lock(if_available=True)
