"""The messages between the windows of one user.

Every message carries (`instance_id`, `term`, `seq`): who says it, under which ownership, and its
place among that window's messages. `VOICE_OWNER_HEARTBEAT`, `VOICE_COMMAND` and
`VOICE_STATE_SNAPSHOT` are the plan's own; the next three are what a safe hand-over needs;
`VOICE_REMOVED` keeps a removed user out, `VOICE_SILENCED` a silenced one silent. The others are
what elections say to each other, and only policies read them. Rules: values only;
nothing secret may be a field of a message (`no_secret_on_bus`).
"""

from __future__ import annotations

import enum
from typing import TypeAlias

import msgspec

from oneroom.core.reasons import Reason
from oneroom.core.state import Source, VoiceState


class CommandVerb(enum.IntEnum):
    """The request of a command."""

    CONNECT = 1
    DISCONNECT = 2
    TOGGLE_MUTE = 3
    TOGGLE_CAMERA = 4
    TOGGLE_SCREEN_SHARE = 5


class Message(msgspec.Struct, frozen=True, gc=False, tag_field="type"):
    """Common head. `term` is the highest ownership the sender knows of; `seq` counts the sender's
    messages from 1.

    `number` says which command or snapshot a message is about, 0 if about none.
    """

    instance_id: str
    term: int
    seq: int
    number: int


class Heartbeat(Message, frozen=True, gc=False, tag="VOICE_OWNER_HEARTBEAT"):
    """VOICE_OWNER_HEARTBEAT: "I am the owner of `term`".

    `number` is its newest snapshot's, so that a mirror notices when it missed one; `preferred` says
    that nobody need ask it to hand over.
    """

    preferred: bool


class Command(Message, frozen=True, gc=False, tag="VOICE_COMMAND"):
    """VOICE_COMMAND: follower to owner.

    `number` counts the sender's commands from 1 and is the command's id together with
    `instance_id`; `after` is the sender's command before this one that is still unanswered, 0 for
    none. A toggle carries in `value` what the user saw and meant: two windows that both click
    "mute" want silence, not silence and noise again.
    """

    after: int
    verb: CommandVerb
    value: bool = False
    channel: str = ""


class Snapshot(Message, frozen=True, gc=False, tag="VOICE_STATE_SNAPSHOT"):
    """VOICE_STATE_SNAPSHOT: owner to followers. Ordered by (`term`, `number`), `number` from 1 in
    each term.
    """

    state: VoiceState


class Probe(Message, frozen=True, gc=False, tag="VOICE_OWNER_PROBE"):
    """VOICE_OWNER_PROBE: "is there an owner?" Answered at once with a heartbeat, and with a
    snapshot if `snapshot` is set.

    A silent owner is asked before it is deposed: a frozen Chromium page answers within milliseconds
    although its timers are dead (seen with Chromium 156). After a long silence a frozen owner asks
    back first, and answers when it hears a probe whose `number` is the `seq` of its own (see
    `doubt.py`).
    """

    snapshot: bool


class HandoffRequest(Message, frozen=True, gc=False, tag="VOICE_OWNER_HANDOFF_REQUEST"):
    """VOICE_OWNER_HANDOFF_REQUEST: "please hand over to me". Sent by a window that the policy
    prefers, again until it owns.
    """


class Resign(Message, frozen=True, gc=False, tag="VOICE_OWNER_RESIGN"):
    """VOICE_OWNER_RESIGN: the owner of `term` has left its Room. `successor` is the window it hands
    over to, "" for anybody.
    """

    successor: str


class Claim(Message, frozen=True, gc=False, tag="VOICE_OWNER_CLAIM"):
    """VOICE_OWNER_CLAIM: "`candidate` wants to own", called apply, campaign or claim elsewhere.

    Whether anybody answers, and how long a claim waits for that, differs from election to election.
    `candidate` "" asks whoever is entitled to claim (tab-election's "election").
    """

    candidate: str


class Gossip(Message, frozen=True, gc=False, tag="VOICE_WINDOW_GOSSIP"):
    """VOICE_WINDOW_GOSSIP: what a window knows of the others, called ping, pong, tell, gossip or
    close elsewhere.

    `known` are the windows that the sender counts with, `owner` who it believes owns ("" for
    nobody), `gone` a window that it holds for dead ("" for none). `number` is the `seq` of the
    gossip that this one answers, 0 for none.
    """

    known: tuple[str, ...]
    owner: str
    gone: str


class Removed(Message, frozen=True, gc=False, tag="VOICE_REMOVED"):
    """VOICE_REMOVED: a window that does not own (any more) was told that somebody ended the call
    which the owner of `room_term` had: whoever is about to take that call over leaves it at that.
    """

    reason: Reason
    room_term: int


class Silenced(Message, frozen=True, gc=False, tag="VOICE_SILENCED"):
    """VOICE_SILENCED: a window that does not own (any more) was told that somebody else has
    switched `sources` off in the Room of `room_term`: whoever takes that call over keeps them off.
    """

    sources: tuple[Source, ...]
    room_term: int


class PolicyMessage(Message, frozen=True, gc=False, tag="VOICE_POLICY_MESSAGE"):
    """VOICE_POLICY_MESSAGE: a message of one policy's own, under a name of its own.

    `payload` is JSON text, so that no window shares an object with another.
    """

    name: str
    payload: str


AnyMessage: TypeAlias = (
    Heartbeat
    | Command
    | Snapshot
    | Probe
    | HandoffRequest
    | Resign
    | Claim
    | Gossip
    | Removed
    | Silenced
    | PolicyMessage
)

# Messages that have an effect whatever term their sender knows of.
OF_ANY_TERM = (Probe, HandoffRequest, Claim, Gossip, PolicyMessage, Removed, Silenced)
# What a window tells the next owner of a call that others have changed.
MODERATION = (Removed, Silenced)
