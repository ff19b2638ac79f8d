"""The numbers in records mean the same on both sides: those who write them use core and ports,
checks use the trace.
"""

from __future__ import annotations

import enum

import pytest

from oneroom.core import actions, messages, reasons, state
from oneroom.ports import observer
from oneroom.trace import records


@pytest.mark.parametrize(
    ("mirror", "original"),
    [
        (records.Role, actions.Role),
        (records.CommandOutcome, actions.CommandOutcome),
        (records.Verb, messages.Verb),
        (records.ConnectionState, state.ConnectionState),
        (records.Source, state.Source),
        (records.Presence, observer.Presence),
        (records.TrackState, observer.TrackState),
    ],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_both_sides_have_the_same_members(
    mirror: type[enum.IntEnum], original: type[enum.IntEnum]
) -> None:
    assert {member.name: int(member) for member in mirror} == {
        member.name: int(member) for member in original
    }


def test_reasons_are_some_of_livekits() -> None:
    originals = {member.name: int(member) for member in reasons.Reason}
    assert {member.name: int(member) for member in records.Reason}.items() <= originals.items()
