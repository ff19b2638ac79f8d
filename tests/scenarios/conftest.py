"""Fixtures of the scenario tests: a small vocabulary, a good scenario, refusals of a bad one.

Rules: the vocabulary is fixed here, so that a new policy or check of the project changes no message
of these tests.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oneroom.scenario import ScenarioError, Timing, Vocabulary, parse

VOCABULARY = Vocabulary(
    policies=("naive", "main-only", "heartbeat", "web-lock", "web-lock-lease"),
    checks=("single_room", "single_participant", "owner_elected", "mirrors_converge"),
    safeguards=("fence_on_gap", "close_before_grant"),
    ledger=("no_owner_ms", "two_rooms_ms", "evictions"),
    timings={
        "heartbeat": Timing("How often it beats.", 1_000_000),
        "lease": Timing("How long it is believed in.", 3_000_000),
        "probe": Timing("How long it has to answer.", 500_000),
    },
    locked=("web-lock", "web-lock-lease"),
    buses={"main-only": ("broadcast-channel", "storage-event")},
)

GOOD = """\
# yaml-language-server: $schema=../schema.json
scenario: main crashes while it shares its screen
why: the share is lost, the call is not
policy: [web-lock-lease, web-lock]
identity: user
engine: chromium
bus: {kind: broadcast-channel, delay: 1ms..30ms, loss: 0.05, duplicate: 0}
network: {delay: 5ms..40ms}
tokens: {mint: 10ms..80ms, ttl: 6h}
microphone: granted
timings: {heartbeat: 1s, lease: 3s}
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}
  second:
    kind: overlay
    opens: later
steps:
  - {at: 1s, connect: {window: overlay, channel: lobby}}
  - {at: 3s, gesture: {window: main}}
  - {at: 3s, share_screen: {window: main}}
  - {at: 3500ms, open: {window: second}}
  - {at: 3600ms, partition: {window: second}}
  - at: 4s..6s
    crash:
      window: main
  - {at: 9s, heal: {}}
lasts: 20s
without: [fence_on_gap]
expect:
  no_owner_ms: "<= 1500"
  two_rooms_ms: 0
  evictions: ">=1"
  share: offered_again
  violated: [single_room]
  held: [owner_elected, mirrors_converge]
"""


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return VOCABULARY


@pytest.fixture(scope="session")
def good() -> str:
    """A scenario that uses every key."""
    return GOOD


@pytest.fixture(scope="session")
def refusal(vocabulary: Vocabulary) -> Callable[[str], str]:
    """How a text is refused, as the user reads it; `(accepted)` if it is not."""

    def refuse(text: str) -> str:
        try:
            parse(text, vocabulary, "bad.yaml")
        except ScenarioError as error:
            return str(error)
        return "(accepted)"

    return refuse
