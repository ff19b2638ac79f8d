"""A join of an identity that is in the room already (LiveKit v1.13.5 roommanager.go StartSession,
which keeps a map by identity: one participant for each, whatever the sids).

1. The older session is closed first: its client is told DUPLICATE_IDENTITY with the action
   DISCONNECT, before the newcomer is answered (`remove_older`).
2. The other participants are not told that the older one has left; they see a new sid under the
   same identity (`is_close_notify_skippable`).
3. A join within 7 ms after another one may lose a race inside the server and start over
   (`loses_race`).

A resume is no join: it is attached to whatever session has the identity (`room`, `SfuRoom.resume`).
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.labels import Label
from oneroom.core.reasons import Reason
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.participant_session import ParticipantSession
from oneroom_fakes.sfu.signal_messages import LeaveAction, ParticipantInfo, ParticipantState


def remove_older(older: ParticipantSession | None) -> None:
    """Close the session that has the identity of a newcomer, if there is one."""
    if older is not None:
        older.close(Reason.DUPLICATE_IDENTITY, LeaveAction.DISCONNECT)


def is_close_notify_skippable(reason: Reason) -> bool:
    """True if other participants are not notified of a session closed for `reason`.

    Source: LiveKit v1.13.5, IsCloseNotifySkippable. They find out by themselves.
    """
    return reason is Reason.DUPLICATE_IDENTITY


def loses_race(
    context: ServerContext,
    older: ParticipantSession | None,
    tell_others: Callable[[tuple[ParticipantInfo, ...]], None],
) -> bool:
    """True if a join loses a race with that of `older`, which was just before it.

    Inside the server such a join finds the identity taken, ends as `JOIN_FAILURE` under a sid that
    no client was told, and starts over after `rejoin_delay_us`. Its DISCONNECTED update may reach
    the others all the same, who take it for one about the session that is there, until they are
    told of the join that starts over (seen): `tell_others` is called with it.
    """
    timers = context.timers
    if older is None or context.scheduler.now_us > older.joined_us + timers.join_race_us:
        return False
    race = context.choices.draw(Label.JOIN_RACE, 4)
    if race == 3:
        update = ParticipantInfo(
            older.identity, "", older.serial, ParticipantState.DISCONNECTED, False, ()
        )
        tell_others((update,))
    return race >= 2


def rejoin_delay_us(context: ServerContext) -> int:
    """The time in microseconds after which a join that lost the race starts over."""
    timers = context.timers
    return context.choices.between(
        Label.LATENCY, timers.join_again_low_us, timers.join_again_high_us
    )
