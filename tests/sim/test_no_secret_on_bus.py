"""No access token reaches what windows share: the buses and storage.

This is a test and no check: a trace holds no contents of messages, so no check could see one, and
the types of messages have no place for a token. What is left to fear is a text field (an error, a
name) that one slips into.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.events import TokenFailed, TokenReady
from oneroom.core.ownership import Ownership
from oneroom.policies.registry import RECOMMENDED
from oneroom.sim.run import simulate
from oneroom_fakes import broadcast_channel, local_storage, storage_bus, tauri_event, tokens
from tests.explore.texts import scenario

STORY = """\
scenario: a token is minted, used, refused and minted again
why: a test
bus: {{kind: {bus}}}
windows:
  main:    {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 100ms}}
steps:
  - {{at: 2s, connect: {{window: overlay, channel: lobby}}}}
  - {{at: 4s, restart_server: {{}}}}
  - {{at: 9s, crash: {{window: main}}}}
"""
SENDERS: list[tuple[type, str]] = [
    (broadcast_channel.ChannelEndpoint, "post"),
    (storage_bus.StorageEndpoint, "post"),
    (tauri_event.TauriEndpoint, "post"),
    (local_storage.StorageArea, "set_item"),
]


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that windows send or store, as text."""
    seen: list[str] = []

    def listening(send: Callable[..., None]) -> Callable[..., None]:
        def sent(self: Any, *what: Any) -> None:
            seen.append(msgspec.json.encode(what).decode())
            send(self, *what)

        return sent

    for owner, name in SENDERS:
        monkeypatch.setattr(owner, name, listening(getattr(owner, name)))
    return seen


@pytest.fixture
def minted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token that the application's server gave out."""
    given: list[str] = []
    mint = tokens.mint

    def note(claims: tokens.Claims) -> str:
        given.append(mint(claims))
        return given[-1]

    monkeypatch.setattr(tokens, "mint", note)
    return given


def leaks(shared: list[str], minted: list[str]) -> list[str]:
    return [text for text in shared if any(token in text for token in minted)]


BUSES = ("broadcast-channel", "storage-event", "tauri-event")


@pytest.mark.parametrize("bus", BUSES)
def test_no_token_is_shared(shared: list[str], minted: list[str], bus: str) -> None:
    simulate(scenario(STORY.format(bus=bus)), RECOMMENDED, Seeded(1))
    assert len(minted) > 1
    assert len(shared) > 20
    assert leaks(shared, minted) == []


@pytest.mark.parametrize("bus", BUSES)
def test_a_token_in_an_error_would_be_seen(
    shared: list[str], minted: list[str], monkeypatch: pytest.MonkeyPatch, bus: str
) -> None:
    answered = Ownership.answered

    def careless(
        self: Ownership, event: TokenReady | TokenFailed, now_us: int, *, sure: bool
    ) -> None:
        answered(self, event, now_us, sure=sure)
        if isinstance(event, TokenReady):
            self.error, self.dirty = f"cannot join with {event.token}", True

    monkeypatch.setattr(Ownership, "answered", careless)
    simulate(scenario(STORY.format(bus=bus)), RECOMMENDED, Seeded(1))
    assert leaks(shared, minted)
