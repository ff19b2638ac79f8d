"""How long the SDK waits before which try (client-sdk-js, DefaultReconnectPolicy.ts)."""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom_fakes.sfu.timers import ClientTimers

# The first tries come without a random part: after a short cut the call should be back at once.
TRIES_WITHOUT_JITTER = 2


def delay_us(timers: ClientTimers, choices: Choices, tries: int) -> int | None:
    """The pause before the next try when `tries` have failed since the loss; None when the SDK
    gives up.
    """
    if tries >= len(timers.retry_delays_us):
        return None
    if tries < TRIES_WITHOUT_JITTER:
        return timers.retry_delays_us[tries]
    return timers.retry_delays_us[tries] + choices.draw(
        Label.RETRY_JITTER, timers.retry_jitter_us + 1
    )
