"""Observed runs: a run that a strategy learns from sends back what it covered, and its draws."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.results import Result
from oneroom.choices.draw import Draw
from oneroom.choices.seeded import Seeded
from oneroom.explore.strategies.transitions import transitions
from oneroom.trace.trace import Trace

_TAPE = msgspec.msgpack.Decoder(list[Draw])
# Draws of a run that are kept for later runs: many more than any run of a minute has.
_MOST_DRAWS = 50_000


class ObservedChoices(Seeded):
    """A source of draws that keeps all of them in `drawn`. Its `tape` is cut where the scenario is
    drawn and the run begins.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.drawn: list[Draw] = []


class ObservedResult(Result, frozen=True):
    """The result of an observed run: the `transitions` that it covered, and its draws."""

    transitions: tuple[int, ...] = ()
    tape: bytes = b""


def observed(result: Result, trace: Trace, drawn: Sequence[Draw]) -> ObservedResult:
    """`result` with what was observed of its run."""
    plain = {name: getattr(result, name) for name in Result.__struct_fields__}
    return ObservedResult(**plain, transitions=transitions(trace), tape=encode_tape(drawn))


def encode_tape(tape: Sequence[Draw]) -> bytes:
    """A tape as it crosses to another process."""
    return msgspec.msgpack.encode(tape[:_MOST_DRAWS])


def decode_tape(encoded: bytes) -> list[Draw]:
    """The tape that was encoded; no draws for b""."""
    return _TAPE.decode(encoded) if encoded else []
