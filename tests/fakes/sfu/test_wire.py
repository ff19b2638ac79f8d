"""Rules of the server that a well-behaved client hides: what exactly goes over the wire, and in
which order.
"""

from __future__ import annotations

from typing import Any

import msgspec

from oneroom.core.events import RoomHealed, RoomLost
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.ports.observer import Presence
from oneroom_fakes.network import CLOSED_NORMALLY, Closed, NetworkPath, TcpConnection
from oneroom_fakes.sfu.peer_connection import PeerConnection
from oneroom_fakes.sfu.roster import Roster
from oneroom_fakes.sfu.sdk import JS
from oneroom_fakes.sfu.signal_messages import (
    JoinRequest,
    JoinResponse,
    LeaveAction,
    LeaveRequest,
    ParticipantInfo,
    ParticipantState,
    ReconnectResponse,
    ResumeRequest,
    SdpAnswer,
    TcpSyn,
    TcpSynAck,
    TrackInfo,
)
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.sfu.witness import Witness
from oneroom_fakes.tokens import Claims, mint
from tests.fakes.doubles import ObserverDouble
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, ROOM, TTL_US, Rig
from tests.units import SECOND
from tests.virtual_time import VirtualTime

SERVER = SfuTimers()
ROUND_US = 2 * DELAY_HIGH_US


class Wire:
    """One connection to the server, and everything that came down on it."""

    def __init__(self, rig: Rig, window: str = "wire", identity: str = "u1") -> None:
        self.heard: list[Any] = []
        self.path = NetworkPath(rig.scheduler, rig.choices, 1_000, DELAY_HIGH_US)
        self.link = PeerConnection(self.path)
        self._rig = rig
        self._window = window
        self._token = mint(Claims(identity, ROOM, TTL_US))
        self._connection = TcpConnection(self.path, self.heard.append)
        rig.sfu.accept(self._connection)
        self.say(TcpSyn())

    def say(self, message: Any) -> None:
        self._connection.send_up(message)
        self._rig.run_for(ROUND_US)

    def join(self) -> None:
        self.say(JoinRequest(self._window, self._token, self.link))

    def resume(self, sid: str) -> None:
        self.say(ResumeRequest(self._window, self._token, sid, self.link))


def test_16_s_after_the_last_packet_the_client_is_told_to_resume_and_its_connection_is_closed() -> (
    None
):
    rig = Rig()
    wire = Wire(rig)
    wire.join()
    wire.say(SdpAnswer())
    rig.run_for(SECOND)
    assert len(rig.times("wire", Presence.ACTIVE)) == 1
    wire.path.drop("media")
    rig.run_for(SERVER.media_failed_us - 1)
    assert isinstance(wire.heard[-1], JoinResponse)
    rig.run_for(ROUND_US)
    assert wire.heard[-2:] == [
        LeaveRequest(Reason.CONNECTION_TIMEOUT, LeaveAction.RESUME),
        Closed(CLOSED_NORMALLY),
    ]


def test_a_leave_is_echoed_before_the_connection_is_closed() -> None:
    rig = Rig()
    wire = Wire(rig)
    wire.join()
    wire.say(LeaveRequest(Reason.CLIENT_INITIATED))
    assert wire.heard[-2:] == [
        LeaveRequest(Reason.CLIENT_INITIATED, LeaveAction.DISCONNECT),
        Closed(CLOSED_NORMALLY),
    ]


def test_a_resume_into_nothing_gets_a_leave_that_says_reconnect_and_no_answer() -> None:
    rig = Rig()
    wire = Wire(rig)
    wire.resume("PA_9")
    assert wire.heard == [
        TcpSynAck(),
        LeaveRequest(Reason.STATE_MISMATCH, LeaveAction.RECONNECT),
        Closed(CLOSED_NORMALLY),
    ]


def test_a_bogus_sid_is_accepted_and_the_old_connection_closed_without_a_leave() -> None:
    rig = Rig()
    first, second = Wire(rig, "first"), Wire(rig, "second")
    first.join()
    first.say(SdpAnswer())
    rig.run_for(SECOND)
    second.resume("PA_bogus")
    assert isinstance(second.heard[-1], ReconnectResponse)
    assert first.heard[-1] == Closed(CLOSED_NORMALLY)
    assert not any(isinstance(message, LeaveRequest) for message in first.heard)
    assert rig.listed() == (("u1", "PA_1"),)


def test_a_foreign_resume_does_not_bring_failed_media_back() -> None:
    """The ICE restart is the newcomer's, whose peer connection is not the session's."""
    rig = Rig()
    first, second = Wire(rig, "first"), Wire(rig, "second")
    first.join()
    first.say(SdpAnswer())
    rig.run_for(SECOND)
    first.path.drop("media")
    rig.run_for(SERVER.media_failed_us + SECOND)
    second.resume("PA_1")
    resumed_us = rig.times("second", Presence.RESUMED)[0]
    first.path.heal()
    rig.run_for(60 * SECOND)
    assert (
        rig.left("first")[0][0]
        == resumed_us + SERVER.media_failed_us + SERVER.ghost_after_failure_us
    )


def test_a_session_that_is_taken_during_the_settling_time_is_taken_back_by_another_resume() -> None:
    rig = Rig()
    main = rig.settling("main")
    thief = Wire(rig, "thief")
    thief.resume("PA_1")
    rig.run_for(2 * JS.resume_settle_us + SECOND)
    assert len(rig.times("main", Presence.RESUMED)) == 2
    assert main.events[-1] == RoomHealed(1, "PA_1")
    assert len(main.at(RoomLost)) == 1


def participant(serial: int, state: ParticipantState) -> ParticipantInfo:
    return ParticipantInfo("u2", f"PA_{serial}", serial, state, is_publisher=False, tracks=())


def test_a_late_farewell_of_an_older_session_removes_the_newer_one_from_a_roster() -> None:
    roster = Roster()
    roster.update((participant(2, ParticipantState.ACTIVE),))
    assert roster.changed(Participant("u1")) == (Participant("u1"), Participant("u2"))
    roster.update((participant(1, ParticipantState.DISCONNECTED),))
    assert roster.changed(Participant("u1")) == (Participant("u1"),)
    assert roster.changed(Participant("u1")) is None


def test_a_late_farewell_of_an_older_session_is_taken_for_the_newer_ones_by_the_witness() -> None:
    observer = ObserverDouble(VirtualTime())
    witness = Witness(observer)
    witness.told(participant(2, ParticipantState.ACTIVE))
    witness.told(participant(1, ParticipantState.DISCONNECTED))
    assert [report[3:] for report in observer.reports] == [
        ("PA_2", Presence.JOINED),
        ("PA_2", Presence.ACTIVE),
        ("PA_2", Presence.LEFT),
    ]


def test_news_of_a_known_participants_track_comes_before_the_news_that_it_is_active() -> None:
    """One update carries both: a newcomer that was announced with a switch, and has published
    before the tick.
    """
    observer = ObserverDouble(VirtualTime())
    witness = Witness(observer)
    joined = participant(1, ParticipantState.JOINED)
    witness.told(joined)
    track = TrackInfo(Source.MICROPHONE, "TR_1", muted=False)
    witness.told(msgspec.structs.replace(joined, state=ParticipantState.ACTIVE, tracks=(track,)))
    assert [report[1] for report in observer.reports] == [
        "witness_saw",
        "witness_saw_track",
        "witness_saw",
    ]
    assert observer.reports[-1][4] is Presence.ACTIVE
