"""Recorder: what fakes and windows report, as trace records."""

from __future__ import annotations

from oneroom.core.messages import (
    Claim,
    Command,
    Gossip,
    HandoffRequest,
    Heartbeat,
    Message,
    PolicyMessage,
    Probe,
    Removed,
    Resign,
    Silenced,
    Snapshot,
)
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.ports.observer import LockChange, Loss, Presence, TrackState
from oneroom.trace.chat_records import ChatStored
from oneroom.trace.people_records import (
    DefaultMicrophoneChanged,
    Looks,
    MicrophoneUsed,
    RemoteChanged,
    RemovalRequested,
    RoomJoined,
)
from oneroom.trace.records import (
    CaptureChanged,
    ExpiredTokenTried,
    InstanceShared,
    LeaseWritten,
    Life,
    LifeChanged,
    LockChanged,
    MediaChanged,
    MessageKind,
    MessageLost,
    PresenceChanged,
    PromptChanged,
    ServiceListed,
    TokenMinted,
    TrackChanged,
    UserActed,
    WebhookHeard,
    WitnessSaw,
    WitnessSawTrack,
    WitnessSensed,
)
from oneroom.trace.trace import SFU, WITNESS, WORLD, Trace

# The place of the chat server's records; no window can have this name.
CHAT_SERVER = "chat server"

# As integers: an `IntFlag` is slow to combine, and windows draw often.
_SPEAKING, _MUTED, _CAMERA, _SCREEN_SHARE = map(
    int, (Looks.SPEAKING, Looks.MUTED, Looks.CAMERA, Looks.SCREEN_SHARE)
)

KINDS: dict[type[Message], MessageKind] = {
    Heartbeat: MessageKind.HEARTBEAT,
    Command: MessageKind.COMMAND,
    Snapshot: MessageKind.SNAPSHOT,
    Probe: MessageKind.PROBE,
    HandoffRequest: MessageKind.YIELD,
    Resign: MessageKind.RESIGN,
    Removed: MessageKind.REMOVED,
    Silenced: MessageKind.SILENCED,
    Claim: MessageKind.CLAIM,
    Gossip: MessageKind.GOSSIP,
    PolicyMessage: MessageKind.POLICY,
}


def looks(participant: Participant) -> int:
    """The visible state of a participant, as the bit set that records keep (`Looks`)."""
    return (
        (_SPEAKING if participant.speaking else 0)
        | (_MUTED if participant.muted else 0)
        | (_CAMERA if participant.camera_track else 0)
        | (_SCREEN_SHARE if participant.screen_share_track else 0)
    )


class Recorder:
    """Implements `oneroom.ports.observer.Observer` on a trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def message_lost(self, receiver: str, why: Loss) -> None:
        """See the port."""
        t = self.trace
        t.append(MessageLost(t.n, t.now_us, t.intern(receiver), t.cause, why))

    def lock_changed(self, window: str, change: LockChange, name: str) -> None:
        """See the port."""
        t = self.trace
        t.act_on(LockChanged(t.n, t.now_us, t.intern(window), t.cause, change, t.intern(name)))

    def lease_written(self, window: str, term: int, counter: int) -> None:
        """See the port."""
        t = self.trace
        t.append(LeaseWritten(t.n, t.now_us, t.intern(window), t.cause, term, counter))

    def token_minted(self, window: str, epoch: int) -> None:
        """See the port."""
        t = self.trace
        t.append(TokenMinted(t.n, t.now_us, t.intern(window), t.cause, epoch))

    def expired_token_tried(self, window: str, epoch: int) -> None:
        """See the port."""
        t = self.trace
        t.append(ExpiredTokenTried(t.n, t.now_us, t.intern(window), t.cause, epoch))

    def presence(
        self, window: str, identity: str, sid: str, presence: Presence, reason: Reason
    ) -> None:
        """See the port."""
        t = self.trace
        window_id, identity_id, sid_id = t.intern(window), t.intern(identity), t.intern(sid)
        t.act_on(
            PresenceChanged(
                t.n, t.now_us, SFU, t.cause, window_id, identity_id, sid_id, presence, reason
            )
        )

    def room_joined(self, sid: str, room: str) -> None:
        """See the port."""
        t = self.trace
        t.append(RoomJoined(t.n, t.now_us, SFU, t.cause, t.intern(sid), t.intern(room)))

    def track(
        self, window: str, identity: str, sid: str, source: Source, state: TrackState
    ) -> None:
        """See the port."""
        t = self.trace
        window_id, identity_id, sid_id = t.intern(window), t.intern(identity), t.intern(sid)
        t.append(
            TrackChanged(t.n, t.now_us, SFU, t.cause, window_id, identity_id, sid_id, source, state)
        )

    def media(self, window: str, identity: str, sid: str, uplink: bool, downlink: bool) -> None:
        """See the port."""
        t = self.trace
        what = (t.intern(window), t.intern(identity), t.intern(sid), uplink, downlink)
        t.append(MediaChanged(t.n, t.now_us, SFU, t.cause, *what))

    def remote(self, channel: str, participant: Participant, there: bool) -> None:
        """See the port."""
        t = self.trace
        channel_id, identity_id = t.intern(channel), t.intern(participant.identity)
        t.act_on(
            RemoteChanged(
                t.n, t.now_us, SFU, t.cause, channel_id, identity_id, there, looks(participant)
            )
        )

    def witness_saw(self, identity: str, sid: str, presence: Presence) -> None:
        """See the port."""
        t = self.trace
        t.append(
            WitnessSaw(t.n, t.now_us, WITNESS, t.cause, t.intern(identity), t.intern(sid), presence)
        )

    def witness_saw_track(self, identity: str, sid: str, source: Source, state: TrackState) -> None:
        """See the port."""
        t = self.trace
        identity_id, sid_id = t.intern(identity), t.intern(sid)
        t.append(
            WitnessSawTrack(t.n, t.now_us, WITNESS, t.cause, identity_id, sid_id, source, state)
        )

    def witness_sensed(self, identity: str, sid: str, source: Source, alive: bool) -> None:
        """Record that the witness hears or sees a live track (`alive`), or no longer does."""
        t = self.trace
        identity_id, sid_id = t.intern(identity), t.intern(sid)
        t.append(WitnessSensed(t.n, t.now_us, WITNESS, t.cause, identity_id, sid_id, source, alive))

    def service_listed(self, identity: str, sid: str, listed: bool) -> None:
        """Record that RoomService lists a session (`listed`), or no longer does."""
        t = self.trace
        t.append(
            ServiceListed(
                t.n, t.now_us, WITNESS, t.cause, t.intern(identity), t.intern(sid), listed
            )
        )

    def webhook_heard(self, event: str, identity: str, sid: str, reason: Reason) -> None:
        """Record a webhook that the application's server received."""
        t = self.trace
        fields = (t.intern(event), t.intern(identity), t.intern(sid))
        t.append(WebhookHeard(t.n, t.now_us, WITNESS, t.cause, *fields, reason))

    def prompt(self, window: str, source: Source, up: bool) -> None:
        """See the port."""
        t = self.trace
        t.append(PromptChanged(t.n, t.now_us, t.intern(window), t.cause, source, up))

    def capture(self, window: str, source: Source, on: bool) -> None:
        """See the port."""
        t = self.trace
        t.append(CaptureChanged(t.n, t.now_us, t.intern(window), t.cause, source, on))

    def microphone(self, window: str, device: str) -> None:
        """See the port."""
        t = self.trace
        t.append(MicrophoneUsed(t.n, t.now_us, t.intern(window), t.cause, t.intern(device)))

    def record_default_microphone(self, device: str) -> None:
        """Another microphone is the default one."""
        t = self.trace
        t.act_on(DefaultMicrophoneChanged(t.n, t.now_us, WORLD, t.cause, t.intern(device)))

    def record_life(self, window: str, life: Life, *, main: bool) -> None:
        """Something happened to a window. `main` is true of a main window."""
        t = self.trace
        t.act_on(LifeChanged(t.n, t.now_us, t.intern(window), t.cause, life, main))

    def record_shared(self, window: str, instance_id: str, other: str) -> None:
        """`window` has the instance id of the open window `other`."""
        t = self.trace
        what = t.intern(instance_id), t.intern(other)
        t.append(InstanceShared(t.n, t.now_us, t.intern(window), t.cause, *what))

    def record_act(self, window: str, action: str, channel: str) -> None:
        """The user did something in a window."""
        t = self.trace
        what = (t.intern(action), t.intern(channel))
        t.act_on(UserActed(t.n, t.now_us, t.intern(window), t.cause, *what))

    def record_removal(self, window: str, *, by_app: bool) -> None:
        """RoomService was asked to remove the participant of a window."""
        t = self.trace
        t.act_on(RemovalRequested(t.n, t.now_us, WORLD, t.cause, t.intern(window), by_app))

    # See `oneroom.ports.chat.ChatObserver`.

    def chat_stored(self, channel: str, message: int, seq: int, sender: str, number: int) -> None:
        """See the port."""
        t = self.trace
        where, channel_id, sender_id = t.intern(CHAT_SERVER), t.intern(channel), t.intern(sender)
        t.act_on(
            ChatStored(t.n, t.now_us, where, t.cause, channel_id, message, seq, sender_id, number)
        )
