"""Records in words: the only place where a kind of record becomes prose.

Rules: `describe` gives what happened without the place (a column of the timeline shows that),
`sentence` gives both. Words are the words of the field and of the design. One line each, no full
stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from oneroom.core.actions import OWNER_LOCK
from oneroom.core.events import Timer
from oneroom.report import figures, words
from oneroom.report.app_words import APP_WORDS, numbered
from oneroom.scenario import VERBS, Verb, WindowVerb
from oneroom.scenario.diagnostic import printable
from oneroom.trace import chat_records as c
from oneroom.trace import people_records as p
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

# A message counts as late from this delay on; below it the figure would only be noise.
LATE_US = 100_000

Posted: TypeAlias = r.MessagePosted | r.PolicyMessagePosted


class Describer:
    """Describes the records of one trace. It needs all of them, because a delivery is described by
    the post that caused it.
    """

    def __init__(self, trace: Trace) -> None:
        self.records: Sequence[r.Record] = trace.records
        self._names: Sequence[str] = trace.names

    def place(self, record: r.Record) -> str:
        """Name of the window (or `world`, `sfu`, `witness`, `bus`) where the record happened."""
        return self._names[record.where]

    def describe(self, record: r.Record) -> str:
        """The event without its place.

        A kind that has no words yet shows its fields, so that a report never fails for it.
        """
        describe_kind = _DESCRIBERS.get(type(record))
        return describe_kind(self, record) if describe_kind is not None else repr(record)

    def sentence(self, record: r.Record) -> str:
        """The event with its place: `overlay opens its Room (t2)`."""
        place = self.place(record)
        match record:
            case r.UserActed():
                return f"user in {place}: {self._request(record)}"
            case r.LifeChanged() if record.life in r.PAUSED:
                return f"{place} {self.describe(record)}{self._lasting(record)}"
            case r.StorageRead():
                return f"{place} {self.describe(record)}{self._written_by(record)}"
            case r.MessagePosted() | r.PolicyMessagePosted():
                return f"{place} posts {self._message(record)}"
            case r.MessageDelivered():
                return f"{place} hears {self._from(record)}"
            case r.MessageLost():
                return f"{place} misses {self._from(record)} ({words.LOSS[record.why]})"
            case r.PresenceChanged() | r.TrackChanged():
                return f"SFU: {self.describe(record)}"
            case (
                r.WitnessSaw()
                | r.WitnessSawTrack()
                | r.WitnessSensed()
                | r.ServiceListed()
                | r.WebhookHeard()
            ):
                return f"witness: {self.describe(record)}"
            case c.ChatStored():
                return f"chat: {self.describe(record)}"
            case p.RemovalRequested():
                return self.describe(record)
            case r.StepTaken() | r.Healed() | r.Settled():
                return self.describe(record)
            case r.FaultChanged() if place == "world":
                return self.describe(record)
        return f"{place} {self.describe(record)}"

    def name(self, interned: int) -> str:
        """The text of an interned name."""
        return self._names[interned]

    def post_of(self, record: r.MessageDelivered | r.MessageLost) -> Posted | None:
        """The post that led to a delivery or a loss; None where the trace does not say."""
        cause = self.records[record.cause] if 0 <= record.cause < record.n else None
        return cause if isinstance(cause, Posted) else None

    def delay_us(self, record: r.MessageDelivered | r.MessageLost) -> int:
        """Time from its post to the arrival or loss of a message, 0 if the post is not known."""
        posted = self.post_of(record)
        return 0 if posted is None else record.at_us - posted.at_us

    def write_of(self, read: r.StorageRead) -> r.StorageWritten | None:
        """The newest write of the value that was read; None if there is none."""
        for n in range(read.n - 1, -1, -1):
            record = self.records[n]
            if (
                isinstance(record, r.StorageWritten)
                and record.key == read.key
                and record.value == read.value
            ):
                return record
        return None

    def pause_before(self, record: r.Record) -> r.LifeChanged | None:
        """The pause of the window after which `record` is made in its first turn, if it is."""
        for n in range(record.n - 1, -1, -1):
            before = self.records[n]
            if before.at_us < record.at_us:
                return None
            if isinstance(before, r.TurnRan) and before.where == record.where:
                return self._pause_that_ended(before)
        return None

    def _pause_that_ended(self, turn: r.TurnRan) -> r.LifeChanged | None:
        """The last pause of the window before `turn`; None while it lasts (a frozen page runs)."""
        ended = False
        for n in range(turn.n - 1, -1, -1):
            record = self.records[n]
            if isinstance(record, r.LifeChanged) and record.where == turn.where:
                if record.life in r.PAUSED:
                    return record if ended else None
                ended = ended or record.life in r.UNPAUSED
        return None

    def implied_by_lifecycle(self, record: r.FaultChanged) -> bool:
        """True if a lifecycle record says the same: `freezes`, `fault freeze begins`."""
        neighbours = self.records[max(0, record.n - 1) : record.n + 2]
        return any(
            isinstance(other, r.LifeChanged)
            and other.where == record.where
            and other.at_us == record.at_us
            for other in neighbours
        )

    def _lasting(self, paused: r.LifeChanged) -> str:
        """` for 83.2 s`; "" if the pause has no end in the trace."""
        for n in range(paused.n + 1, len(self.records)):
            record = self.records[n]
            if isinstance(record, r.LifeChanged) and record.where == paused.where:
                if record.life in r.UNPAUSED:
                    return f" for {figures.duration(record.at_us - paused.at_us)}"
                if record.life in r.GONE:
                    break
        return ""

    def _written_by(self, read: r.StorageRead) -> str:
        write = self.write_of(read)
        if write is None or write.where == read.where:
            return ""
        wrote = "wrote it" if self._names[write.value] else "removed it"
        return f", {figures.duration(read.at_us - write.at_us)} after {self.place(write)} {wrote}"

    def _message(self, posted: Posted) -> str:
        if isinstance(posted, r.PolicyMessagePosted):
            return f"{self.name(posted.name)} t{posted.term}"
        if posted.kind is r.MessageKind.APP:
            return "a message"  # what it says is the app's own affair
        kind = posted.kind.name.lower()
        if posted.kind is r.MessageKind.COMMAND:
            return f"command #{posted.number}"
        if posted.kind is r.MessageKind.SNAPSHOT:
            return f"snapshot t{posted.term}.{posted.number}"
        return f"{kind} t{posted.term}"

    def _from(self, record: r.MessageDelivered | r.MessageLost) -> str:
        posted = self.post_of(record)
        if posted is None:
            return record.kind.name.lower() if isinstance(record, r.MessageDelivered) else "message"
        late_us = self.delay_us(record)
        after = f", {figures.duration(late_us)} late" if late_us >= LATE_US else ""
        return f"{self._message(posted)} from {self.place(posted)}{after}"

    def _request(self, acted: r.UserActed) -> str:
        action, channel = self._names[acted.action], self._names[acted.channel]
        # No other action uses the channel.
        return f"{action} {channel}" if action in ("connect", "sendChat") and channel else action

    # One method for each kind, in the order of `records` and `chat_records`.

    def _life(self, record: r.LifeChanged) -> str:
        return words.LIFE[record.life]

    def _shared(self, record: r.InstanceShared) -> str:
        name = printable(self._names[record.instance])
        return f"has the instance id of {self._names[record.window]}: {name}"

    def _turn(self, record: r.TurnRan) -> str:
        return "runs a turn"

    def _posted(self, record: Posted) -> str:
        return f"{self._message(record)} →"

    def _delivered(self, record: r.MessageDelivered) -> str:
        return f"← {self._from(record)}"

    def _lost(self, record: r.MessageLost) -> str:
        return f"✗ {self._from(record)} ({words.LOSS[record.why]})"

    def _timer(self, record: r.TimerRan) -> str:
        return f"{Timer(record.timer).name.lower()} timer runs"

    def _policy_timer(self, record: r.PolicyTimerRan) -> str:
        return f"timer `{self.name(record.name)}` runs"

    def _draw(self, record: r.DrawMade) -> str:
        return f"draws {self.name(record.name)}: {record.value} of 0..{record.bound - 1}"

    def _acted(self, record: r.UserActed) -> str:
        return f"user: {self._request(record)}"

    def _issued(self, record: r.CommandIssued) -> str:
        what = numbered(record.number, "issues", "its click means:")
        return f"{what} {_verb(record.verb, record.value)}"

    def _applied(self, record: r.CommandApplied) -> str:
        whose = "its own" if record.issuer == record.where else f"{self._names[record.issuer]}'s"
        what = numbered(record.number, f"applies {whose}", f"gives effect to {whose}")
        return f"{what} {_verb(record.verb, record.value)}"

    def _resolved(self, record: r.CommandResolved) -> str:
        what = numbered(record.number, "is told:", "its click:")
        return f"{what} {words.OUTCOME[record.outcome]}"

    def _notified(self, record: r.UserNotified) -> str:
        return f"tells the user: {self._names[record.text]}"

    def _noted(self, record: r.Noted) -> str:
        return f"notes: {printable(self._names[record.text])}"

    def _role(self, record: r.RoleChanged) -> str:
        return f"{words.ROLE[record.role]} (t{record.term})"

    def _lease(self, record: r.LeaseWritten) -> str:
        return f"writes the lease (t{record.term}, counter {record.counter})"

    def _read(self, record: r.StorageRead) -> str:
        return f"reads {self._item(record)}"

    def _written(self, record: r.StorageWritten) -> str:
        if not self._names[record.value]:
            return f"removes {self._names[record.key]}"
        return f"writes {self._item(record)}"

    def _storage_heard(self, record: r.StorageHeard) -> str:
        return f"is told of {self._item(record)}"

    def _item(self, record: r.StorageRead | r.StorageWritten | r.StorageHeard) -> str:
        value = self._names[record.value]
        return f"{self._names[record.key]}: {printable(value) if value else 'none'}"

    def _lock(self, record: r.LockChanged) -> str:
        name = self._names[record.name]
        what = "the lock" if name == OWNER_LOCK else f"the lock `{name}`"
        return words.LOCK[record.change].replace("the lock", what)

    def _expired_token(self, record: r.ExpiredTokenTried) -> str:
        return "tries a token that has expired"

    def _token(self, record: r.TokenMinted) -> str:
        return "gets a token"

    def _room(self, record: r.RoomChanged) -> str:
        if record.state is r.RoomState.ENDED:
            return f"{words.ROOM[record.state]}: {record.reason.name}"
        return (
            f"{words.ROOM[record.state]} (t{record.term})"
            if record.state is r.RoomState.OPENING
            else words.ROOM[record.state]
        )

    def _capture(self, record: r.CaptureChanged) -> str:
        return f"{'captures' if record.on else 'stops'} the {words.SOURCE[record.source]}"

    def _prompt(self, record: r.PromptChanged) -> str:
        source = words.SOURCE[record.source]
        return f"prompts for the {source}" if record.up else f"closes the prompt for the {source}"

    def _devices(self, record: r.DevicesHeard) -> str:
        return "is told that its devices changed"

    def _rendered(self, record: r.Rendered) -> str:
        parts = [words.CONNECTION[record.connection]]
        if record.connection != r.ConnectionState.IDLE:
            parts.append("muted" if record.muted else "unmuted")
        if record.share != r.Share.OFF:
            parts.append("sharing" if record.share == r.Share.ON else "share offered again")
        if self._names[record.error]:
            parts.append(self._names[record.error])
        what = f"t{record.term}.{record.number}" if record.number else "no call"
        return f"draws {what}: {', '.join(parts)}"

    def _participant(self, record: p.ParticipantDrawn | p.RemoteChanged) -> str:
        who = self._names[record.identity]
        if not record.there:
            return f"− {who}"
        return ", ".join(
            (who, *(words for look, words in words.LOOKS.items() if record.looks & look))
        )

    def _drawn(self, record: p.ParticipantDrawn) -> str:
        return f"draws {self._participant(record)}"

    def _moderated(self, record: p.TrackMuted) -> str:
        how = "muted" if record.muted else "unmuted"
        return f"is told: {words.SOURCE[record.source]} {how} by others"

    def _permission(self, record: p.PermissionChanged) -> str:
        may = zip(r.Source, (record.camera, record.microphone, record.screen_share), strict=True)
        named = ", ".join(words.SOURCE[source] for source, permitted in may if permitted)
        return f"is told: may publish {named or 'nothing'}"

    def _room_joined(self, record: p.RoomJoined) -> str:
        return f"{self._names[record.sid]} is in {self._names[record.room]}"

    def _microphone(self, record: p.MicrophoneUsed) -> str:
        return f"captures the {self._names[record.device]}"

    def _default_microphone(self, record: p.DefaultMicrophoneChanged) -> str:
        return f"the default microphone is the {self._names[record.device]} now"

    def _removal(self, record: p.RemovalRequested) -> str:
        by = "the app's server" if record.by_app else "a moderator"
        return f"{by} removes the participant of {self._names[record.window]}"

    def _presence(self, record: r.PresenceChanged) -> str:
        window, presence = self._names[record.window], record.presence
        if presence is r.Presence.JOINED:
            return f"+ {window} as {self._names[record.identity]}"
        if presence is r.Presence.LEFT:
            return f"− {window}: {record.reason.name}"
        return (
            f"{window} is a ghost"
            if presence is r.Presence.GHOST
            else f"{window} {presence.name.lower()}"
        )

    def _track(self, record: r.TrackChanged) -> str:
        what = f"{words.SOURCE[record.source]} {words.TRACK[record.state]}"
        return f"{self._names[record.window]}'s {what}"

    def _media(self, record: r.MediaChanged) -> str:
        ways = {
            (True, True): "passes both ways again",
            (True, False): "passes to the SFU alone",
            (False, True): "passes from the SFU alone",
            (False, False): "passes no more",
        }
        return f"{self._names[record.window]}'s media {ways[record.uplink, record.downlink]}"

    def _saw(self, record: r.WitnessSaw) -> str:
        who, presence = (
            f"{self._names[record.identity]} {self._names[record.sid]}",
            record.presence,
        )
        if presence is r.Presence.JOINED:
            return f"w: + {who}"
        return f"w: − {who}" if presence is r.Presence.LEFT else f"w: {who} {presence.name.lower()}"

    def _saw_track(self, record: r.WitnessSawTrack) -> str:
        what = f"{words.SOURCE[record.source]} {words.TRACK[record.state]}"
        return f"w: {self._names[record.identity]}'s {what}"

    def _sensed(self, record: r.WitnessSensed) -> str:
        sense = "hears" if record.source == r.Source.MICROPHONE else "sees life in"
        no_longer = "" if record.alive else "no longer "
        return (
            f"w: {no_longer}{sense} {self._names[record.identity]}'s {words.SOURCE[record.source]}"
        )

    def _listed(self, record: r.ServiceListed) -> str:
        who = f"{self._names[record.identity]} {self._names[record.sid]}"
        return f"RoomService {'lists' if record.listed else 'no longer lists'} {who}"

    def _webhook(self, record: r.WebhookHeard) -> str:
        who = " ".join(
            name for name in (self._names[record.identity], self._names[record.sid]) if name
        )
        why = f" ({record.reason.name})" if record.reason else ""
        return f"webhook {self._names[record.event]}{f' of {who}' if who else ''}{why}"

    def _step(self, record: r.StepTaken) -> str:
        # The step itself belongs to the world; the window is that of its first effect.
        verb = self._names[record.verb]
        effect = self.records[record.n + 1] if record.n + 1 < len(self.records) else record
        of_window = issubclass(VERBS.get(verb, Verb), WindowVerb) and effect.cause == record.n
        return f"step {verb}{f' {self.place(effect)}' if of_window else ''} (line {record.line})"

    def _fault(self, record: r.FaultChanged) -> str:
        return f"fault {self._names[record.fault]} {'begins' if record.on else 'ends'}"

    def _clock(self, record: r.ClockStepped) -> str:
        way = "ahead" if record.by_us > 0 else "back"
        return f"sees the clock set {way} by {figures.duration(abs(record.by_us))}"

    def _healed(self, record: r.Healed) -> str:
        return (
            "all steps taken, no fault left"
            if record.faults == 0
            else f"all steps taken, {figures.plural(record.faults, 'fault')} left"
        )

    def _settled(self, record: r.Settled) -> str:
        return f"judged, {figures.duration(record.waited_us)} later"

    def _chat_socket(self, record: c.ChatSocketChanged) -> str:
        return f"{words.SOCKET[record.state]} ({record.epoch})"

    def _chat_written(self, record: c.ChatWritten) -> str:
        return f"shows chat message #{record.number} as not sent yet"

    def _chat_stored(self, record: c.ChatStored) -> str:
        whose = f", {self._names[record.sender]}'s #{record.number}" if record.number else ""
        return f"{self._names[record.channel]} {record.seq} is stored{whose}"

    def _chat_shown(self, record: c.ChatShown) -> str:
        return f"shows {self._names[record.channel]} {record.seq}"

    def _chat_confirmed(self, record: c.ChatConfirmed) -> str:
        return f"shows chat message #{record.number} as sent"


def _verb(verb: r.CommandVerb, value: bool) -> str:
    text = words.VERB[verb]
    return (
        text
        if verb in (r.CommandVerb.CONNECT, r.CommandVerb.DISCONNECT)
        else f"{text} {'on' if value else 'off'}"
    )


# The table is by type, so each method's parameter is the kind of its key, which mypy cannot see.
_DESCRIBERS: dict[type[r.Record], Callable[..., str]] = {
    r.LifeChanged: Describer._life,
    r.TurnRan: Describer._turn,
    r.InstanceShared: Describer._shared,
    r.MessagePosted: Describer._posted,
    r.PolicyMessagePosted: Describer._posted,
    r.MessageDelivered: Describer._delivered,
    r.MessageLost: Describer._lost,
    r.TimerRan: Describer._timer,
    r.PolicyTimerRan: Describer._policy_timer,
    r.DrawMade: Describer._draw,
    r.UserActed: Describer._acted,
    r.CommandIssued: Describer._issued,
    r.CommandApplied: Describer._applied,
    r.CommandResolved: Describer._resolved,
    r.UserNotified: Describer._notified,
    r.Noted: Describer._noted,
    r.RoleChanged: Describer._role,
    r.LeaseWritten: Describer._lease,
    r.LockChanged: Describer._lock,
    r.StorageRead: Describer._read,
    r.StorageWritten: Describer._written,
    r.StorageHeard: Describer._storage_heard,
    r.TokenMinted: Describer._token,
    r.ExpiredTokenTried: Describer._expired_token,
    r.RoomChanged: Describer._room,
    r.CaptureChanged: Describer._capture,
    r.PromptChanged: Describer._prompt,
    r.DevicesHeard: Describer._devices,
    r.Rendered: Describer._rendered,
    r.PresenceChanged: Describer._presence,
    r.MediaChanged: Describer._media,
    r.TrackChanged: Describer._track,
    p.ParticipantDrawn: Describer._drawn,
    p.RemoteChanged: Describer._participant,
    p.RemovalRequested: Describer._removal,
    p.RoomJoined: Describer._room_joined,
    p.MicrophoneUsed: Describer._microphone,
    p.DefaultMicrophoneChanged: Describer._default_microphone,
    p.TrackMuted: Describer._moderated,
    p.PermissionChanged: Describer._permission,
    r.WitnessSaw: Describer._saw,
    r.WitnessSawTrack: Describer._saw_track,
    r.WitnessSensed: Describer._sensed,
    r.ServiceListed: Describer._listed,
    r.WebhookHeard: Describer._webhook,
    r.StepTaken: Describer._step,
    r.FaultChanged: Describer._fault,
    r.ClockStepped: Describer._clock,
    r.Healed: Describer._healed,
    r.Settled: Describer._settled,
    c.ChatSocketChanged: Describer._chat_socket,
    c.ChatWritten: Describer._chat_written,
    c.ChatStored: Describer._chat_stored,
    c.ChatShown: Describer._chat_shown,
    c.ChatConfirmed: Describer._chat_confirmed,
    **APP_WORDS,
}

DESCRIBED: frozenset[type[r.Record]] = frozenset(_DESCRIBERS)
