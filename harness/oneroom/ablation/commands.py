"""Senders and appliers of commands without one of their protections."""

from __future__ import annotations

from oneroom.core.commands import Applier, Sender, Waiting
from oneroom.core.state import Applied


class SendsOnce(Sender):
    """A command that gets no answer is not sent again."""

    def send_again(self, owner: str, term: int, now_us: int) -> None:
        pass


class GivesUpLeave(Sender):
    """A disconnect is given up like any other command."""

    def _endless(self, command: Waiting) -> bool:
        return False


class AppliesAgain(Applier):
    """A command takes effect each time that it comes."""

    def accepts(self, instance_id: str, number: int, after: int) -> bool:
        return True


class AppliesOutOfOrder(Applier):
    """A command takes effect when it comes, whatever is still to come before it."""

    def accepts(self, instance_id: str, number: int, after: int) -> bool:
        return super().accepts(instance_id, number, 0)


class InheritsNothing(Applier):
    """An owner does not know which commands were applied before its ownership."""

    def inherit(self, applied: tuple[Applied, ...]) -> None:
        super().inherit(())
