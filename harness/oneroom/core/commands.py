"""Commands: from a click in any window to one effect in the owner, across losses, repeats and
changes of owner.

A sender numbers its commands from 1 and repeats those without an answer, in order. An owner applies
a sender's numbers in order, each once, and publishes the highest one in every snapshot: that is the
answer, and what the next owner inherits. A toggle carries what the user meant (`value`), so that
applying it can be repeated by an owner that could not know.
"""

from __future__ import annotations

import enum

from oneroom.core.actions import Arm, CommandIssued, CommandOutcome, CommandResolved, Post
from oneroom.core.events import Timer
from oneroom.core.messages import Command, CommandVerb
from oneroom.core.outbox import Outbox
from oneroom.core.state import Applied, Intent
from oneroom.core.timings import Timings


class On(enum.IntEnum):
    """Events that end a command for the window that issued it."""

    ANSWERED = 1  # a snapshot says that it was applied
    TIMED_OUT = 2
    NO_OWNER = 3  # there is no owner and there will be none


# A command waits until the first of these; after that it is gone from the sender's list, and
# nothing moves it any more.
TRANSITIONS: dict[On, CommandOutcome] = {
    On.ANSWERED: CommandOutcome.APPLIED,
    On.TIMED_OUT: CommandOutcome.EXPIRED,
    On.NO_OWNER: CommandOutcome.REFUSED,
}


class Waiting:
    """A command that its sender still repeats."""

    def __init__(
        self, number: int, verb: CommandVerb, value: bool, channel: str, issued_us: int
    ) -> None:
        self.number = number
        self.verb = verb
        self.value = value
        self.channel = channel
        self.issued_us = issued_us


class Sender:
    """The issuing side, one for each window. `waiting` is what has no answer, `addressed` to which
    owner of which term it was sent last.
    """

    def __init__(self, instance_id: str, out: Outbox, timings: Timings) -> None:
        self.instance_id = instance_id
        self.out = out
        self.timings = timings
        self.number = 0
        self.waiting: list[Waiting] = []
        self.addressed = ("", 0)

    def issue(self, verb: CommandVerb, value: bool, channel: str, now_us: int) -> Waiting:
        """A click becomes a command."""
        self.number += 1
        command = Waiting(self.number, verb, value, channel, now_us)
        self.waiting.append(command)
        self.out.add(CommandIssued(self.number, verb, value))
        return command

    def message(self, command: Waiting, term: int) -> Command:
        """The bus message for a waiting command."""
        after = 0
        for earlier in self.waiting:
            if earlier.number < command.number:
                after = earlier.number
        seq = self.out.next_seq()
        return Command(
            self.instance_id,
            term,
            seq,
            command.number,
            after,
            command.verb,
            command.value,
            command.channel,
        )

    def send(self, owner: str, term: int, now_us: int) -> None:
        """Send what is unanswered, in order, to an `owner` that is known; look again after
        `resend_us`.
        """
        if owner:
            self.addressed = (owner, term)
            for command in self.waiting:
                self.out.add(Post(self.message(command, term)))
        self.out.add(Arm(Timer.RESEND, now_us + self.timings.resend_us))

    def send_again(self, owner: str, term: int, now_us: int) -> None:
        """Repeat what has no answer: the command may be lost, or the answer."""
        self.send(owner, term, now_us)

    def answered(self, applied: tuple[Applied, ...]) -> None:
        """A snapshot says what was applied, of each sender."""
        for entry in applied:
            if entry.instance_id == self.instance_id:
                self.resolve_up_to(entry.number)

    def resolve_up_to(self, number: int) -> None:
        """The owner has applied everything up to `number`."""
        while self.waiting and self.waiting[0].number <= number:
            self._resolve(self.waiting.pop(0), On.ANSWERED)

    def expire(self, now_us: int) -> None:
        """Tell the user about what did not get through."""
        kept: list[Waiting] = []
        for command in self.waiting:
            late = now_us - command.issued_us >= self.timings.command_ttl_us
            if late and not self._endless(command):
                self._resolve(command, On.TIMED_OUT)
            else:
                kept.append(command)
        self.waiting = kept

    def _endless(self, command: Waiting) -> bool:
        """Return whether `command` is never given up: a disconnect is repeated until it is
        answered, however long that takes.
        """
        return command.verb is CommandVerb.DISCONNECT

    def refuse_all(self) -> None:
        """There is no owner and there will be none: say so at once."""
        for command in self.waiting:
            self._resolve(command, On.NO_OWNER)
        self.waiting = []

    def foresee(self, intent: Intent) -> Intent:
        """The intent as the user of this window sees it: the owner's, with the own clicks on top
        that are on their way.
        """
        for command in self.waiting:
            intent = intend(intent, command.verb, command.value, command.channel)
        return intent

    def _resolve(self, command: Waiting, on: On) -> None:
        self.out.add(CommandResolved(command.number, TRANSITIONS[on]))


class Applier:
    """The owner's side: the highest number applied, for each sender."""

    def __init__(self) -> None:
        self.highest: dict[str, int] = {}

    def inherit(self, applied: tuple[Applied, ...]) -> None:
        """Start from what the previous owner had applied."""
        self.highest = {entry.instance_id: entry.number for entry in applied}

    def accepts(self, instance_id: str, number: int, after: int) -> bool:
        """True if this command is new and nothing of its sender must come before it.

        Lost commands are repeated first.
        """
        return after <= self.highest.get(instance_id, 0) < number

    def note(self, instance_id: str, number: int) -> None:
        """`number` of this sender has taken effect."""
        self.highest[instance_id] = max(number, self.highest.get(instance_id, 0))

    def applied(self) -> tuple[Applied, ...]:
        """For the snapshot, in the order in which senders were first heard."""
        return tuple(Applied(instance_id, number) for instance_id, number in self.highest.items())


def toggled(intent: Intent, verb: CommandVerb) -> bool:
    """The value that a click on a toggle asks for, given the `intent` its user sees.

    False for a verb that is no toggle.
    """
    if verb is CommandVerb.TOGGLE_MUTE:
        return not intent.muted
    if verb is CommandVerb.TOGGLE_CAMERA:
        return not intent.camera
    return verb is CommandVerb.TOGGLE_SCREEN_SHARE and not intent.share


def intend(intent: Intent, verb: CommandVerb, value: bool, channel: str) -> Intent:
    """The intent after a command. Leaving a call keeps the mute: a user who muted is not unmuted by
    joining again.
    """
    if verb is CommandVerb.CONNECT:
        return Intent(channel, intent.muted, intent.camera, intent.share)
    if verb is CommandVerb.DISCONNECT:
        return Intent("", intent.muted, False, False)
    if verb is CommandVerb.TOGGLE_MUTE:
        return Intent(intent.channel, value, intent.camera, intent.share)
    if verb is CommandVerb.TOGGLE_CAMERA:
        return Intent(intent.channel, intent.muted, value, intent.share)
    return Intent(intent.channel, intent.muted, intent.camera, value)
