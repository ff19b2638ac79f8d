"""Policies that keep a run from its end: one class each, endless in exactly one way."""

from __future__ import annotations

from oneroom.core.events import Timer
from oneroom.core.messages import Gossip
from oneroom.core.policy import Policy


class Echo(Policy):
    """Answers each message with a message. On a bus without delay time hardly gets on."""

    name = "echo"
    needs_storage = True

    def started(self, now_us: int) -> None:
        self.tell(known=("echo",))

    def told(self, message: Gossip, now_us: int) -> None:
        self.tell(known=("echo",))


class Impatient(Policy):
    """Arms its timer for this very instant, whenever it rings."""

    name = "impatient"

    def started(self, now_us: int) -> None:
        self.arm(Timer.WATCH, now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        self.arm(Timer.WATCH, now_us)


class Restless(Policy):
    """Does the same once in a microsecond: time gets on, and no run comes to its end."""

    name = "restless"

    def started(self, now_us: int) -> None:
        self.arm(Timer.WATCH, now_us + 1)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        self.arm(Timer.WATCH, now_us + 1)


class BothOwn(Policy):
    """Every window owns the same term, and then nothing comes to an end."""

    name = "both-own"

    def started(self, now_us: int) -> None:
        self.election.win(now_us, 1)
        self.arm(Timer.WATCH, now_us + 1_500_000)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        self.arm(Timer.WATCH, now_us)
