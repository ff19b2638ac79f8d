"""The drawing of a record on the failure page: its mark, its rank, its group, the arrow that leads
to it.

Rules: the page draws by the names below and knows nothing of records. `RANKS`, `MARKS`, `ARROWS`
and `GROUPS` are what the data names by place.
"""

from __future__ import annotations

import re

from oneroom.report import timeline
from oneroom.report.describe import Describer
from oneroom.trace import app_records as a
from oneroom.trace import chat_records as c
from oneroom.trace import people_records as p
from oneroom.trace import records as r

# A landmark has words at every level of detail, a record of the story at the usual one, a detail
# only at the finest. A passing record only hands a cause on. Heartbeats are counted where nothing
# else happens.
RANKS = ("landmark", "story", "detail", "dot", "passing", "heartbeat")
LANDMARK, STORY, DETAIL, DOT, PASSING, HEARTBEAT = range(len(RANKS))

MARKS = ("dot", "user", "fault", "crash", "end", "lost", "step", "console", "error")

ARROWS = ("none", "message", "beat", "lost", "server", "effect")

GROUPS = (
    "steps and faults",
    "windows' lives",
    "user and commands",
    "election",
    "locks and storage",
    "bus",
    "Room and SFU",
    "capture",
    "what windows draw",
    "witness",
    "chat",
    "app",
    "timers",
)
_GROUP_OF: dict[type[r.Record], int] = {
    kind: group
    for group, kinds in enumerate(
        (
            (r.StepTaken, r.FaultChanged, r.Healed, r.Settled, r.ClockStepped),
            (r.LifeChanged, r.InstanceShared),
            (r.UserActed, r.CommandIssued, r.CommandApplied, r.CommandResolved, r.UserNotified),
            (r.RoleChanged, r.Noted, r.DrawMade),
            (r.LeaseWritten, r.LockChanged, r.StorageRead, r.StorageWritten, r.StorageHeard),
            (r.MessagePosted, r.PolicyMessagePosted, r.MessageDelivered, r.MessageLost),
            (
                *(r.TokenMinted, r.RoomChanged, r.ExpiredTokenTried, r.PresenceChanged),
                *(r.TrackChanged, r.MediaChanged, p.RemoteChanged, p.RemovalRequested),
                *(p.TrackMuted, p.PermissionChanged, p.RoomJoined),
            ),
            (
                *(r.CaptureChanged, r.PromptChanged, r.DevicesHeard),
                *(p.MicrophoneUsed, p.DefaultMicrophoneChanged),
            ),
            (r.Rendered, p.ParticipantDrawn),
            (r.WitnessSaw, r.WitnessSawTrack, r.WitnessSensed, r.ServiceListed, r.WebhookHeard),
            (
                *(c.ChatSocketChanged, c.ChatWritten, c.ChatStored, c.ChatShown),
                c.ChatConfirmed,
            ),
            (a.AppFailed, a.ConsoleWritten, a.ActionCalled),
            (r.TimerRan, r.PolicyTimerRan, r.TurnRan, a.AppTimerRan),
        )
    )
    for kind in kinds
}
GROUPED = frozenset(_GROUP_OF)

_LANDMARKS = (r.LifeChanged, r.RoomChanged, r.FaultChanged)
# They begin or end something; the others of their kind are sent all the time.
_DECISIVE = (
    r.MessageKind.COMMAND,
    r.MessageKind.YIELD,
    r.MessageKind.RESIGN,
    r.MessageKind.CLAIM,
)
_REPEATED = (r.MessageKind.HEARTBEAT, r.MessageKind.GOSSIP, r.MessageKind.SNAPSHOT)
_CRASHES = (r.Life.CRASHED, r.Life.DISCARDED, r.Life.EVICTED)
_DRAWN = (r.Rendered, p.ParticipantDrawn)
_AT_SERVER = (r.PresenceChanged, r.TrackChanged, r.MediaChanged, p.RemoteChanged, r.WitnessSaw)
_SERVER = (*_AT_SERVER, r.WitnessSawTrack, r.WitnessSensed, r.RoomChanged, c.ChatStored)


def group(kind: type[r.Record]) -> int:
    """The place in `GROUPS` of a kind of records; the last but one for a kind that has none."""
    return _GROUP_OF.get(kind, len(GROUPS) - 2)


class Ranking:
    """The rank of each record of a run."""

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._redundant = timeline.redundant(describer)

    def of(self, record: r.Record) -> int:
        """The place in `RANKS`."""
        if isinstance(record, timeline.PASSING):
            return PASSING
        if record.n in self._redundant:
            return DOT
        if isinstance(record, r.MessagePosted):
            if record.kind is r.MessageKind.HEARTBEAT:
                return HEARTBEAT
            return STORY if record.kind in _DECISIVE else DETAIL
        if self._is_said_elsewhere(record):
            return DETAIL
        if isinstance(record, r.UserNotified):
            return STORY
        priority = timeline.priority(self._describer, record)
        if priority > 4:
            return DOT if priority == timeline.NEVER else DETAIL
        return LANDMARK if isinstance(record, _LANDMARKS) else STORY

    def _is_said_elsewhere(self, record: r.Record) -> bool:
        """True of the second record of one click, command or message, which says nothing new."""
        records = self._describer.records
        before = records[record.cause] if 0 <= record.cause < record.n else None
        match record:
            case r.CommandIssued():
                return isinstance(before, r.UserActed)
            case r.CommandApplied():
                return record.issuer == record.where
            case r.MessageLost():
                return isinstance(before, r.MessagePosted) and before.kind not in _DECISIVE
            case r.LockChanged():
                return record.change is r.LockChange.REQUESTED
        return False


def mark(record: r.Record) -> str:
    """The name in `MARKS` of a record's mark."""
    match record:
        case r.UserActed():
            return "user"
        case r.FaultChanged():
            return "fault"
        case r.LifeChanged(life=life) if life in _CRASHES:
            return "crash"
        case r.LifeChanged(life=life) if life in r.PAUSED:
            return "fault"
        case r.LifeChanged(life=r.Life.CLOSED):
            return "end"
        case r.MessageLost():
            return "lost"
        case r.StepTaken() | r.Healed() | r.Settled():
            return "step"
        case a.ConsoleWritten() | r.Noted() | a.ActionCalled():
            return "console"
        case a.AppFailed():
            return "error"
    return "dot"


def arrow(record: r.Record, cause: r.Record, effects: list[r.Record]) -> str:
    """The name in `ARROWS` of the arrow from `cause`, which is in another lane, to `record`, of
    which `effects` came.
    """
    if isinstance(cause, r.StepTaken | r.Healed | r.LeaseWritten):
        return "none"
    if isinstance(record, r.MessageLost):
        return "lost"
    if isinstance(record, r.MessageDelivered):
        idle = all(isinstance(effect, _DRAWN) for effect in effects)
        return "beat" if record.kind in _REPEATED or idle else "message"
    if isinstance(record, _SERVER) or isinstance(cause, _AT_SERVER):
        return "server"
    return "effect"


# What a narrow lane says in place of the words, so that they stay on one line.
_SHORTER = (
    (re.compile(r"^(?:user|w): "), ""),
    (re.compile(r"^stands for owner"), "stands"),
    (re.compile(r"^becomes owner"), "owner"),
    (re.compile(r"^(opens|closes) its Room"), r"\1 Room"),
    (re.compile(r"^is out of its Room"), "out of Room"),
    (re.compile(r"^captures the (.*)"), r"\1 on"),
    (re.compile(r"^stops the (.*)"), r"\1 off"),
    (re.compile(r"^is ((?:re)?connect(?:ed|ing))"), r"\1"),
    (re.compile(r"^is granted the lock"), "has the lock"),
    (re.compile(r"^(?:applies|gives effect to) (.*)"), r"does \1"),
    (re.compile(r"^tells the user: "), "“"),
)


def label(words: str) -> str:
    """The words beside a mark, without what its shape and lane say already."""
    said = re.sub(r"^step (.*) \(line (\d+)\)$", r"\2: \1", words)
    return re.sub(r"^(?:user|w): ", "", said)


def short_label(words: str) -> str:
    """The words of a narrow lane."""
    said = label(words)
    for pattern, shorter in _SHORTER:
        said, changed = pattern.subn(shorter, said)
        if changed and shorter == "“":
            return f"{said}”"
    return said
