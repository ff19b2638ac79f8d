"""The Room: LiveKit's client SDK as one window uses it."""

from __future__ import annotations

from typing import Protocol

from oneroom.core.state import Source


class Room(Protocol):
    """The Rooms of one window, told apart by the session's `epoch`.

    Results arrive as `RoomEvent`s with that epoch. The SDK retries by itself, before and without
    the owner machine; only `close` stops it.
    """

    def open(self, epoch: int, channel: str, token: str) -> None:
        """`room.connect()`: `RoomConnected`, or `RoomEnded` when the SDK has given up."""

    def close(self, epoch: int) -> None:
        """`room.disconnect()`, in any state.

        A Leave is sent if signalling is up, and `RoomEnded(CLIENT_INITIATED)` follows.
        """

    def publish(self, epoch: int, source: Source, muted: bool) -> None:
        """Capture and publish: `CaptureStarted` or `CaptureFailed`.

        A published source whose device is not the default any more is captured anew, and stays
        published.
        """

    def unpublish(self, epoch: int, source: Source) -> None:
        """Stop capturing `source` and unpublish it."""

    def set_muted(self, epoch: int, muted: bool) -> None:
        """Mute or unmute the published microphone."""
