"""Annotations: an app tells of itself with the module `oneroom`, in records that checks read.

Without a word of it the checks of roles and mirrors have nothing to judge.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from oneroom.core.actions import CommandOutcome, Rendered, Role
from oneroom.core.state import ConnectionState, Intent, Participant, Share, VoiceState
from oneroom.driver.rendering import Drawing
from oneroom.driver.script import VERBS
from oneroom.trace import records
from oneroom.trace.trace import Trace

_ROLES = {
    "owner": Role.OWNER,
    "follower": Role.FOLLOWER,
    "candidate": Role.CANDIDATE,
    "handingOver": Role.HANDING_OVER,
}
# What tells of the user's commands.
COMMANDS = ("issued", "applied", "resolved")
_Verb = Literal["connect", "disconnect", "toggleMute", "toggleCamera", "toggleScreenShare"]


class _Role(msgspec.Struct, array_like=True):
    term: int = 0


class _Participant(msgspec.Struct):
    identity: str
    speaking: bool = False
    muted: bool = False
    camera: bool = False
    screen: bool = False


class _Drawn(msgspec.Struct):
    """`draws(state)`: what the window shows."""

    channel: str
    connection: Literal["idle", "connecting", "connected", "reconnecting"]
    muted: bool
    sharing: bool = False
    participants: list[_Participant] = []
    error: str = ""
    term: int = 0
    number: int = 0


class _Draws(msgspec.Struct, array_like=True):
    state: _Drawn


class _Issued(msgspec.Struct, array_like=True):
    number: int
    verb: _Verb
    value: bool = False


class _Applied(msgspec.Struct, array_like=True):
    issuer: str
    number: int
    verb: _Verb
    value: bool = False
    term: int = 0
    snapshot: int = 0


class _Resolved(msgspec.Struct, array_like=True):
    number: int
    outcome: Literal["applied", "expired", "refused"]


class _Told(msgspec.Struct, array_like=True):
    text: str


class Annotations:
    """Of one window. `term` is the one in which it says that it owns, 0 for none."""

    def __init__(self, trace: Trace, place: int, drawing: Drawing) -> None:
        self.term = 0
        self._trace = trace
        self._place = place
        self._drawing = drawing

    def tell(self, what: str, arguments: list[object]) -> str:
        """Record what the app tells. Returns what is wrong with it, "" if nothing is."""
        try:
            if what in _ROLES:
                self._became(_ROLES[what], msgspec.convert(arguments, _Role).term)
            elif what == "draws":
                self._draw(msgspec.convert(arguments, _Draws).state)
            elif what == "issued":
                self._issue(msgspec.convert(arguments, _Issued))
            elif what == "applied":
                self._apply(msgspec.convert(arguments, _Applied))
            elif what == "resolved":
                self._resolve(msgspec.convert(arguments, _Resolved))
            elif what == "told":
                self._tell_user(msgspec.convert(arguments, _Told).text)
            else:
                return f"there is nothing of that name to tell: {what}"
        except msgspec.ValidationError as error:
            return str(error)
        return ""

    def _became(self, role: Role, term: int) -> None:
        t = self._trace
        self.term = term
        t.act_on(records.RoleChanged(t.n, t.now_us, self._place, t.cause, role, term, 0, 0))

    def _draw(self, drawn: _Drawn) -> None:
        people = tuple(
            Participant(one.identity, one.speaking, one.muted, one.camera, one.screen)
            for one in drawn.participants
        )
        state = VoiceState(
            Intent(drawn.channel, drawn.muted),
            ConnectionState[drawn.connection.upper()],
            people,
            Share.ON if drawn.sharing else Share.OFF,
            drawn.error,
        )
        self._drawing.draw(Rendered(drawn.term, drawn.number, state))

    def _issue(self, one: _Issued) -> None:
        t = self._trace
        what = one.number, VERBS[one.verb], one.value
        t.act_on(records.CommandIssued(t.n, t.now_us, self._place, t.cause, *what))

    def _apply(self, one: _Applied) -> None:
        t = self._trace
        what = t.intern(one.issuer), one.number, VERBS[one.verb], one.value, one.term, one.snapshot
        t.act_on(records.CommandApplied(t.n, t.now_us, self._place, t.cause, *what))

    def _resolve(self, one: _Resolved) -> None:
        t = self._trace
        outcome = CommandOutcome[one.outcome.upper()]
        t.append(records.CommandResolved(t.n, t.now_us, self._place, t.cause, one.number, outcome))

    def _tell_user(self, text: str) -> None:
        t = self._trace
        t.append(records.UserNotified(t.n, t.now_us, self._place, t.cause, t.intern(text)))
