"""Liveness check: in the end all windows show the same call.

Promise: when the run has settled, every running window draws the owner's newest state: the same
         term and number, channel, connection, mute and share. Where there is not exactly one owner,
         all running windows draw the same channel, connection and mute; a window that never drew
         anything shows no call, unmuted. Where only a main window may own and none is open, they
         draw no call.
Vacuous: fewer than two windows run, where one of them might own; no open window ever drew anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import (
    ConnectionState,
    Healed,
    LifeChanged,
    Record,
    Rendered,
    Role,
    RoleChanged,
    Settled,
)

_NOTHING, _OLDER, _CHANNEL, _CONNECTION, _MUTE, _SHARE, _GONE, _SAME = range(8)
_TEXTS = (
    "nothing, unlike",
    "another snapshot than",
    "another channel than",
    "another connection than",
    "another mute than",
    "another share than",
    "a call that is gone",
)

_OWNER = Role.OWNER  # bound once, see window_lifecycle


class MirrorsConverge(LivenessCheck):
    """Follows what each window draws.

    `windows` of a violation: the window that differs, and the one that it differs from. `details`:
    the differing part.
    """

    name = "mirrors_converge"
    promise = "after healing every window shows the owner's state"
    reads: tuple[type[Record], ...] = (Rendered, RoleChanged, LifeChanged, Healed, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.owners: dict[int, bool] = {}
        self.drawn: dict[int, Rendered] = {}

    def follow(self, record: Record) -> None:
        match record:
            case Rendered(where=window):
                self.drawn[window] = record
            case RoleChanged(where=window, role=role):
                if role == _OWNER:
                    self.owners[window] = True
                else:
                    self.owners.pop(window, None)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.owners.pop(window, None)
                    self.drawn.pop(window, None)

    def settle(self, record: Settled) -> None:
        running = [window for window in self.lifecycle.open if self.lifecycle.runs(window)]
        if self.setting.may_own == "main" and not self.lifecycle.main_open():
            self._no_call(record, running)
            return
        if len(running) < 2 or not self.drawn:
            return
        self.seen = True
        if len(self.owners) == 1:
            owner = next(iter(self.owners))
            for window in running:
                self._compare(
                    record,
                    window,
                    owner,
                    _difference_from_owner(self.drawn.get(window), self.drawn.get(owner)),
                )
            return
        for window in running[1:]:
            self._compare(
                record,
                window,
                running[0],
                _difference_between_peers(self.drawn.get(window), self.drawn.get(running[0])),
            )

    def _no_call(self, record: Settled, running: Sequence[int]) -> None:
        for window in running:
            self.seen = self.seen or window in self.drawn
            self._compare(
                record,
                window,
                window,
                _SAME
                if _difference_between_peers(self.drawn.get(window), None) == _SAME
                else _GONE,
            )

    def _compare(self, record: Settled, window: int, model: int, what: int) -> None:
        if what != _SAME:
            self.violate(record, (window, model), (what,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        window, model = violation.windows
        unlike = "" if window == model else f" {names[model]}"
        return f"after healing {names[window]} shows {_TEXTS[violation.details[0]]}{unlike}"


def _difference_from_owner(mirror: Rendered | None, owner: Rendered | None) -> int:
    """The part in which a mirror differs from the owner's newest state, 0 for none."""
    if mirror is None or owner is None:
        return _NOTHING if mirror is not owner else _SAME
    if mirror.term != owner.term or mirror.number != owner.number:
        return _OLDER
    shown = _difference_between_peers(mirror, owner)
    return _SHARE if shown == _SAME and mirror.share != owner.share else shown


def _difference_between_peers(left: Rendered | None, right: Rendered | None) -> int:
    """The part in which two windows differ that owe each other no snapshot, 0 for none."""
    left_connection = ConnectionState.IDLE if left is None else left.connection
    right_connection = ConnectionState.IDLE if right is None else right.connection
    if left_connection != right_connection:
        return _CONNECTION
    if left is not None and right is not None and left.channel != right.channel:
        return _CHANNEL
    if (left is not None and left.muted) != (right is not None and right.muted):
        return _MUTE
    return _SAME
