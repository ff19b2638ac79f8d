"""Small scenarios that these tests run: what they come to does not depend on the shipped ones."""

from __future__ import annotations

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse

# Held under web-lock-lease: the overlay's command reaches main, main is the only one with a Room.
HELD = """\
scenario: an overlay joins through main
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 5s, gesture: {window: main}}
"""

# Violated under naive, in every seed: each window opens a Room of its own, each with an identity of
# its own.
TWO_ROOMS = """\
scenario: two windows join
why: a test
policy: naive
identity: window
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 3s, connect: {window: main, channel: lobby}}
  - {at: 5s, gesture: {window: main}}
"""

TWO_ROOMS_LINE = 10


def scenario(text: str, path: str = "test.yaml") -> Scenario:
    """The scenario that `text` is."""
    return parse(text, vocabulary(), path)


def expecting(text: str, *lines: str) -> str:
    """`text` with an `expect` of these lines."""
    return text + "expect:\n" + "".join(f"  {line}\n" for line in lines)
