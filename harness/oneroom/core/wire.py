"""Messages as JSON text, for a bus that carries text alone: storage events, Tauri events, sockets.

The field `type` says which message it is, by the plan's own names. Rules: what comes in is somebody
else's text, so whatever is no message is None and never an error.
"""

from __future__ import annotations

import msgspec

from oneroom.core.messages import AnyMessage, Message

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[AnyMessage] = msgspec.json.Decoder(AnyMessage)


def encode(message: Message) -> str:
    """The text of a message."""
    return _ENCODER.encode(message).decode()


def decode(text: str) -> Message | None:
    """The message that `text` is, if it is one."""
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError):
        return None
