"""The budget of a run: how much may happen in it before it is given up, so that every run ends.

Virtual time need not get on: a window that answers a message with a message on a bus without delay
does so for ever in one instant, and so does a timer that is armed again for now. Rules: the limits
count what happens and look at no clock, so the same run is given up at the same point everywhere;
they are checked once for many turns, and cost nothing.
"""

from __future__ import annotations

from collections import deque

from oneroom.driver.endless import Endless

# So many turns of the kernel go by before anybody looks.
STRIDE = 4_096
# A hundred windows that open in one instant make 24,000 under the recommended policy.
MOST_IN_A_SECOND = 64 * STRIDE
# A week of an idle call of four windows takes about five million.
MOST = 8_192 * STRIDE
_SECOND_US = 1_000_000


class Budget:
    """Of one run. The limits are in turns of the kernel, multiples of STRIDE."""

    def __init__(self, most: int = 0, most_in_a_second: int = 0) -> None:
        self.most = most or MOST
        self.spent = 0
        self._strides: deque[int] = deque(
            maxlen=1 + (most_in_a_second or MOST_IN_A_SECOND) // STRIDE
        )

    def stride(self, now_us: int) -> None:
        """Another STRIDE turns are over. Raises Endless."""
        self.spent += STRIDE
        strides = self._strides
        strides.append(now_us)
        if len(strides) == strides.maxlen and now_us - strides[0] < _SECOND_US:
            turns = (len(strides) - 1) * STRIDE
            span_us = now_us - strides[0]
            where = "in that instant" if span_us == 0 else f"within {span_us / 1_000:.3f} ms"
            raise Endless(
                f"time stands still at {now_us / 1_000_000:.3f} s: {turns:,} turns {where}"
            )
        if self.spent >= self.most:
            raise Endless(
                f"no end in sight: {self.spent:,} turns, and only {now_us / 1_000_000:,.0f} s are "
                "over"
            )
