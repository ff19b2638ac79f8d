"""Messages as text: what goes in comes out, under the plan's names, and a stranger's text is no
message.
"""

from __future__ import annotations

import json

import pytest

from oneroom.core.messages import (
    Claim,
    Command,
    CommandVerb,
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
from oneroom.core.state import (
    Applied,
    ConnectionState,
    Intent,
    Participant,
    Share,
    Source,
    VoiceState,
)
from oneroom.core.wire import decode, encode

STATE = VoiceState(
    Intent("lobby", True, True, False),
    ConnectionState.RECONNECTING,
    (Participant("ada", True, False, True, True),),
    Share.OFFERED_AGAIN,
    "kicked",
    (Applied("a", 1),),
)
MESSAGES: dict[str, Message] = {
    "VOICE_OWNER_HEARTBEAT": Heartbeat("a", 1, 2, 3, True),
    "VOICE_COMMAND": Command("a", 1, 2, 3, 2, CommandVerb.CONNECT, False, "ein Kanal – ä"),
    "VOICE_STATE_SNAPSHOT": Snapshot("a", 1, 2, 3, STATE),
    "VOICE_OWNER_PROBE": Probe("a", 1, 2, 3, True),
    "VOICE_OWNER_HANDOFF_REQUEST": HandoffRequest("a", 1, 2, 3),
    "VOICE_OWNER_RESIGN": Resign("a", 1, 2, 3, "b"),
    "VOICE_OWNER_CLAIM": Claim("a", 1, 2, 3, "b"),
    "VOICE_WINDOW_GOSSIP": Gossip("a", 1, 2, 3, ("a", "b"), "b", ""),
    "VOICE_REMOVED": Removed("a", 2, 3, 0, Reason.ROOM_DELETED, 1),
    "VOICE_SILENCED": Silenced("a", 2, 3, 0, (Source.CAMERA, Source.MICROPHONE), 1),
    "VOICE_POLICY_MESSAGE": PolicyMessage("a", 1, 2, 0, "hello", '{"age": 3}'),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_comes_out_as_it_went_in(name: str) -> None:
    message = MESSAGES[name]
    text = encode(message)
    assert json.loads(text)["type"] == name
    assert decode(text) == message
    assert type(decode(text)) is type(message)


def test_every_message_is_tried_here() -> None:
    ours = {kind for kind in Message.__subclasses__() if kind.__module__ == Message.__module__}
    assert {type(message) for message in MESSAGES.values()} == ours


NO_MESSAGES = [
    "",
    "null",
    "[]",
    "{",
    '{"type": "VOICE_OWNER_HANDOFF_REQUEST"}',
    '{"type": "CHAT", "instance_id": "a", "term": 1, "seq": 1, "number": 1}',
    '{"type": "VOICE_OWNER_HANDOFF_REQUEST", "instance_id": "a", "term": "1", '
    '"seq": 1, "number": 1}',
    "\ud800",
]


@pytest.mark.parametrize("text", NO_MESSAGES)
def test_what_is_no_message_is_none(text: str) -> None:
    assert decode(text) is None
