"""Each check is vacuous in a run in which what it guards never happened, and in no other.

The line `Vacuous:` of a check's file is taken at its word: each of its clauses has a run here that
comes as near as it can to what is guarded, and the check must say that it had nothing to guard.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import oneroom.checks
from oneroom.checks.check import Check
from oneroom.checks.registry import CHECKS, NAMES
from oneroom.checks.verdict import Verdict
from oneroom.trace.chat_records import ChatSocketState
from oneroom.trace.records import (
    CommandVerb,
    ConnectionState,
    Life,
    Presence,
    Reason,
    Role,
    RoomState,
    Source,
)
from tests.checks.judged import judged
from tests.histories import History

FOLDER = Path(oneroom.checks.__path__[0])
KIND: dict[str, type[Check]] = {kind.name: kind for kind in CHECKS}


class Run(NamedTuple):
    """What happened before the run settled, and what the judge is told of the scenario."""

    history: Callable[[], History]
    may_own: str = "any"
    terms: bool = True

    def verdict(self, check: str) -> Verdict:
        """What the check makes of it."""
        history = self.history().settles()
        return judged(KIND[check], history, may_own=self.may_own, terms=self.terms).verdict()


def alone() -> History:
    """A main window that nobody else is beside."""
    return History("main")


def closed() -> History:
    """A call of a window that was closed in good order, the last one."""
    history = (
        alone()
        .owner("main")
        .applies("main", CommandVerb.CONNECT)
        .call("main")
        .renders("main", 1, 1)
    )
    history.captures("main", on=False).room("main", RoomState.ENDED).leaves("main")
    return history.life("main", Life.CLOSED)


def kicked() -> History:
    """A call that a moderator ended."""
    history = (
        History().owner("main").applies("main", CommandVerb.CONNECT).opens("main").joins("main")
    )
    return history.leaves("main", reason=Reason.PARTICIPANT_REMOVED)


def overlay_alone() -> History:
    """The main window was in a call and is gone; the overlay is left."""
    history = History().owner("main").applies("main", CommandVerb.CONNECT).call("main")
    return history.life("main", Life.CRASHED).leaves("main")


def evicted(by: str, ghost: bool = False) -> History:
    """A session is replaced by one of `by`."""
    history = History().joins("main", "PA_1")
    if ghost:
        history.session("main", Presence.GHOST, "PA_1")
    return history.leaves("main", "PA_1", Reason.DUPLICATE_IDENTITY).joins(by, "PA_2")


# check -> clause of its `Vacuous:` -> runs of which that is true, and nearly not.
NOTHING: dict[str, dict[str, list[Run]]] = {
    "single_room": {
        "no window ever opened a Room": [Run(lambda: History().owner("main").joins("main"))]
    },
    "single_participant": {
        "the SFU never listed a session of the user": [
            Run(lambda: History().owner("main").opens("main"))
        ]
    },
    "single_publication": {
        "the user never published anything": [Run(lambda: History().opens("main").joins("main"))]
    },
    "one_owner_per_term": {
        "no window ever became owner": [Run(lambda: History().role("main", Role.CANDIDATE))],
        "the policy has no terms": [
            Run(lambda: History().owner("main").owner("overlay"), terms=False)
        ],
    },
    "fenced_actions": {
        "no ownership ever followed another under a higher term": [
            Run(lambda: History().owner("main").opens("main")),
            Run(lambda: History().owner("main").owner("overlay").opens("main")),
            Run(lambda: History().owner("main", 2).role("overlay", Role.CANDIDATE, 3)),
        ],
        "the policy has no terms (the trace numbers its ownerships, but no window of it knows those"
        " numbers)": [Run(lambda: History().owner("main", 2).owner("main", 1), terms=False)],
    },
    "follower_never_connects": {
        "no window ever opened a Room": [
            Run(lambda: History().owner("main").room("main", RoomState.RECONNECTING).closes("main"))
        ]
    },
    "command_effect_once": {
        "no command was ever applied": [
            Run(lambda: History().issues("main", 1, CommandVerb.CONNECT))
        ]
    },
    "snapshot_monotonic": {
        "no follower ever drew after it had drawn before": [
            Run(lambda: History().owner("main").renders("main", 1, 1).renders("main", 1, 2)),
            Run(lambda: History().owner("main").renders("main", 1, 1).renders("overlay", 1, 1)),
        ]
    },
    "mute_is_sticky": {
        "no mute was ever applied, by the user or by others": [
            Run(lambda: History().call("main").issues("main", 1, CommandVerb.TOGGLE_MUTE, True)),
            Run(lambda: History().call("main").applies("main", CommandVerb.TOGGLE_MUTE, False)),
        ]
    },
    "user_leave_wins": {
        "the user never asked to leave": [
            Run(lambda: History().issues("main", 1, CommandVerb.CONNECT).call("main"))
        ]
    },
    "removal_is_final": {
        "no window was ever told that somebody ended its call": [
            Run(lambda: evicted(by="overlay")),
            Run(
                lambda: (
                    History()
                    .opens("main")
                    .joins("main")
                    .leaves("main", reason=Reason.PARTICIPANT_REMOVED)
                )
            ),
        ]
    },
    "no_eviction_loop": {
        "no running window was ever pushed out": [
            Run(lambda: evicted(by="main")),
            Run(lambda: evicted(by="overlay", ghost=True)),
            Run(
                lambda: (
                    History()
                    .life("main", Life.FROZEN)
                    .joins("main")
                    .leaves("main")
                    .joins("overlay")
                )
            ),
        ]
    },
    "no_expired_token": {
        "no window ever opened a Room": [
            Run(lambda: History().owner("main").room("main", RoomState.RECONNECTING).closes("main"))
        ]
    },
    "no_ghost_capture": {
        "nothing was ever captured": [
            Run(lambda: History().owner("main").opens("main").prompts("main"))
        ]
    },
    "share_needs_gesture": {
        "no screen picker was ever opened": [
            Run(lambda: History().owner("main").acts("main").prompts("main"))
        ]
    },
    "single_prompt": {
        "no prompt was ever shown": [Run(lambda: History().captures("main").captures("overlay"))]
    },
    "single_chat_socket": {
        "no window ever opened a chat socket": [Run(lambda: History().stores(1))]
    },
    "chat_once": {
        "no window ever showed a message, and nothing that a window wrote was stored": [
            Run(lambda: History().chats("main").stores(1).writes("main", 1))
        ]
    },
    "chat_in_order": {
        "no window ever showed two messages of one channel": [
            Run(
                lambda: (
                    History()
                    .chats("main")
                    .shows("main", 1)
                    .shows("main", 2, channel="other")
                    .shows("overlay", 2)
                )
            )
        ]
    },
    "owner_elected": {
        "no window is open": [Run(closed)],
        "no window ever stood or owned": [Run(lambda: History().role("main", Role.RETIRED))],
        "only a main window may own and none is open": [Run(overlay_alone, may_own="main")],
    },
    "mirrors_converge": {
        "fewer than two windows run, where one of them might own": [
            Run(lambda: alone().owner("main").renders("main", 1, 1)),
            Run(lambda: History().owner("main").renders("main", 1, 1).life("overlay", Life.FROZEN)),
        ],
        "no open window ever drew anything": [
            Run(History),
            Run(
                lambda: (
                    History("main", "overlay", "tab").renders("tab", 1, 1).life("tab", Life.CRASHED)
                )
            ),
        ],
    },
    "roster_converges": {
        "no window that draws itself connected runs": [
            Run(
                lambda: (
                    History("main")
                    .remote("grace")
                    .renders("main", 1, 1, connection=ConnectionState.CONNECTING)
                )
            ),
            Run(
                lambda: (
                    History("main").remote("grace").renders("main", 1, 1).life("main", Life.FROZEN)
                )
            ),
        ],
        "nobody else was ever in a call": [
            Run(lambda: alone().owner("main").call("main").renders("main", 1, 1))
        ],
    },
    "intent_restored": {
        "the user never asked for a call": [
            Run(lambda: History().owner("main").applies("main", CommandVerb.DISCONNECT)),
            Run(
                lambda: (
                    History()
                    .issues("main", 1, CommandVerb.CONNECT)
                    .issues("main", 2, CommandVerb.DISCONNECT)
                )
            ),
        ],
        "somebody other than the app's own server removed the user or the room since": [
            Run(kicked)
        ],
        "no window is open": [Run(closed)],
        "only a main window may own and none is open": [Run(overlay_alone, may_own="main")],
    },
    "commands_resolve": {
        "no command was ever issued": [Run(lambda: History().applies("main", CommandVerb.CONNECT))]
    },
    "no_orphan_participant": {
        "the SFU never listed a session of the user": [Run(lambda: History().opens("main"))]
    },
    "chat_complete": {
        "nothing was stored or written while a window with a chat was open": [
            Run(lambda: History().chats("main").life("main", Life.CRASHED).stores(1)),
            Run(lambda: History().stores(1).chats("main")),
        ]
    },
}

# check -> a run in which what it guards did happen, no more than that.
SOMETHING: dict[str, Run] = {
    "single_room": Run(lambda: History().opens("main")),
    "single_participant": Run(lambda: History().joins("main")),
    "single_publication": Run(lambda: History().call("main")),
    "one_owner_per_term": Run(lambda: History().owner("main")),
    "fenced_actions": Run(lambda: History().owner("main").owner("main", 2)),
    "follower_never_connects": Run(lambda: History().owner("main").opens("main")),
    "command_effect_once": Run(lambda: History().applies("main", CommandVerb.CONNECT)),
    "snapshot_monotonic": Run(lambda: History().renders("overlay", 1, 1).renders("overlay", 1, 2)),
    "mute_is_sticky": Run(lambda: History().applies("main", CommandVerb.TOGGLE_MUTE, True)),
    "user_leave_wins": Run(lambda: History().issues("main", 1, CommandVerb.DISCONNECT)),
    "removal_is_final": Run(
        lambda: (
            History().opens("main").room("main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED)
        )
    ),
    "no_eviction_loop": Run(lambda: evicted(by="overlay")),
    "no_expired_token": Run(lambda: History().opens("main")),
    "no_ghost_capture": Run(lambda: History().owner("main").opens("main").captures("main")),
    "share_needs_gesture": Run(
        lambda: History().owner("main").acts("main").prompts("main", source=Source.SCREEN_SHARE)
    ),
    "single_prompt": Run(lambda: History().prompts("main")),
    "single_chat_socket": Run(lambda: History().chat_socket("main", ChatSocketState.OPENING)),
    "chat_once": Run(lambda: History().chats("main").writes("main", 1).stores(1, "main", 1)),
    "chat_in_order": Run(lambda: History().chats("main").shows("main", 1, 2)),
    "owner_elected": Run(lambda: History().owner("main")),
    "mirrors_converge": Run(
        lambda: History().owner("main").renders("main", 1, 1).renders("overlay", 1, 1)
    ),
    "roster_converges": Run(
        lambda: alone().remote("grace").renders("main", 1, 1).draws("main", "grace")
    ),
    "intent_restored": Run(
        lambda: History().owner("main").applies("main", CommandVerb.CONNECT).call("main")
    ),
    "commands_resolve": Run(
        lambda: History().issues("main", 1, CommandVerb.CONNECT).resolves("main", 1)
    ),
    "no_orphan_participant": Run(lambda: History().opens("main").joins("main")),
    "chat_complete": Run(lambda: History().chats("main").stores(1).shows("main", 1)),
}

CLAUSES = [(check, clause) for check, clauses in NOTHING.items() for clause in clauses]


def clauses_of(check: str) -> list[str]:
    """What the file of a check says about when it is vacuous, clause by clause."""
    text = ast.get_docstring(ast.parse((FOLDER / f"{check}.py").read_text("utf-8"))) or ""
    told = " ".join(text.partition("\nVacuous:")[2].partition("\n\n")[0].split())
    return told.rstrip(".").split("; ")


def test_every_check_is_here() -> None:
    assert tuple(NOTHING) == tuple(SOMETHING) == NAMES


@pytest.mark.parametrize("check", NAMES)
def test_the_file_says_when_it_is_vacuous(check: str) -> None:
    assert clauses_of(check) == list(NOTHING[check])


@pytest.mark.parametrize(("check", "clause"), CLAUSES)
def test_where_it_had_nothing_to_guard_it_is_vacuous(check: str, clause: str) -> None:
    for run in NOTHING[check][clause]:
        assert run.verdict(check) is Verdict.VACUOUS


@pytest.mark.parametrize("check", NAMES)
def test_where_it_had_something_to_guard_it_held(check: str) -> None:
    assert SOMETHING[check].verdict(check) is Verdict.HELD
