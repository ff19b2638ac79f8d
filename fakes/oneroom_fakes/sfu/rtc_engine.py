"""One SDK client: one `Room` object of the SDK, from `connect()` to `Disconnected` (client-sdk-js,
RTCEngine.ts and Room.ts).

It reconnects by itself; only `disconnect` stops it. Before it tries, it says `RoomLost` and lets
the page run: whoever closes it in that turn has stopped it before anything reached the server. Its
states are in `states`, its end is in `ending`; here is what an attempt is, and when it has failed.

Rules: everything but `died` and `run_media` is called in a task of the page. Whatever was started
(a signal, a peer connection, an attempt's timer) is compared with the present one when it reports,
and ignored if it is an older one.
"""

from __future__ import annotations

from typing import Any

from oneroom.choices.labels import Label
from oneroom.core.events import RoomConnected, RoomHealed, RoomLost, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.devices import Devices
from oneroom.ports.page import TaskSource
from oneroom_fakes.sfu import retry
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.ending import Ending
from oneroom_fakes.sfu.local_tracks import LocalTracks
from oneroom_fakes.sfu.pc_transport import PCTransport
from oneroom_fakes.sfu.refresh import refreshed
from oneroom_fakes.sfu.roster import Roster
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.sfu.signal_client import SignalClient
from oneroom_fakes.sfu.signal_messages import (
    JoinRequest,
    JoinResponse,
    LeaveAction,
    LeaveRequest,
    MuteTrackRequest,
    ParticipantUpdate,
    ReconnectResponse,
    ResumeRequest,
    SdpAnswer,
    SimulateScenario,
    SpeakersChanged,
    TrackPublishedResponse,
    TrackUnpublishedResponse,
)
from oneroom_fakes.sfu.states import On, State, following
from oneroom_fakes.tokens import parse

# What `mute()` and `unpublish()` report comes by synchronous emits, so in the turn of the call,
# frozen page or not (Chromium 156 with livekit-client 2.23.0, seen of a mute). The bus is the task
# source that shares this.
IN_THE_SAME_TURN = TaskSource.BUS


class RTCEngine(Ending):
    """See the top of this file."""

    def __init__(
        self, context: ClientContext, sfu: Sfu, devices: Devices, epoch: int, token: str
    ) -> None:
        super().__init__(
            context, epoch, LocalTracks(context.page, epoch, devices, self._tracks_changed)
        )
        self._sfu = sfu
        self._token = token
        self._identity = parse(token).identity
        self._sid = ""
        self._joined_at_us = 0
        self._roster = Roster()
        self._attempt = 0  # numbers attempts, so that a timer of an older one is void
        self._answered = -1  # the attempt that the server has answered last
        self._joins = 0
        self._failures = 0  # failed tries since the loss
        # a simulated fault: the next resume comes to nothing once it is answered
        self._fails_next = False
        self._waited = False  # this reconnect has lasted long enough to be called done
        self._said = State.CONNECTED  # the kind of reconnecting that the page was last told about

    # What the window asks for.

    def connect(self) -> None:
        """`room.connect()`."""
        self._dial_join()

    def publish(self, source: Source, muted: bool) -> None:
        """Capture and publish; a source that is published or asked for already is not asked for
        again.
        """
        if not self._hung_up():
            self._tracks.capture(source, muted)

    def unpublish(self, source: Source) -> None:
        """Stop the capture at once; the server hears of it when signalling lets it."""
        self._tracks.release(source, self._signal)
        self._show_roster(IN_THE_SAME_TURN)

    def set_muted(self, muted: bool) -> None:
        """Mute at once; the server hears of it when signalling lets it."""
        self._tracks.mute(Source.MICROPHONE, muted, self._signal)
        self._show_roster(IN_THE_SAME_TURN)

    def capture_ended(self, source: Source) -> None:
        """A capture ended from outside (`ended` of its MediaStreamTrack)."""
        self._tracks.ended(source, self._signal)
        self._show_roster(IN_THE_SAME_TURN)

    def simulate(self, scenario: str) -> None:
        """`room.simulateScenario()`: some the server plays, some the SDK (RTCEngine.ts,
        Room.ts).
        """
        if self._signal is None or self._state is not State.CONNECTED:
            return
        if scenario == "FULL_RECONNECT":
            self._lose(On.RESTART)
        elif scenario in ("SIGNAL_RECONNECT", "RESUME_RECONNECT"):
            self._fails_next = scenario == "RESUME_RECONNECT"
            self._signal.close()
            self._lose(On.LOST)
        else:
            self._signal.send(SimulateScenario(scenario))
            if scenario.startswith("DISCONNECT_SIGNAL_ON_RESUME"):
                self._signal.close()
                self._lose(On.LOST)

    # What signalling says: see `oneroom_fakes.sfu.signal_client.SignalUser`.

    def answered(self, signal: SignalClient, response: JoinResponse | ReconnectResponse) -> None:
        """The connection stands. From here on an attempt waits for media."""
        if signal is not self._signal:
            return
        if isinstance(response, JoinResponse):
            self._sid, self._joined_at_us = response.sid, self._context.scheduler.now_us
            self._roster.begin(response.others, self._identity)
            signal.send(SdpAnswer())
        else:
            self._roster.replace(response.participants, self._identity)
            self._tracks.resync(response.participants, signal)
        timers = self._context.timers
        if self._state is State.CONNECTING:
            self._context.page.after(timers.media_connect_us, self._media_due, self._attempt)
            return
        self._waited = False
        self._answered = self._attempt
        self._context.page.after(timers.reconnect_wait_us, self._waited_enough, self._attempt)
        self._context.page.after(
            timers.reconnect_wait_us + timers.media_connect_us, self._media_due, self._attempt
        )
        self._tracks.announce(signal)
        self._show_roster()
        if self._fails_next:
            self._fails_next = False
            self._attempt_failed(On.RESTART)

    def refused(self, signal: SignalClient) -> None:
        """The token has expired: no further try. connect() says so; a reconnect ends with no reason
        at all.
        """
        if signal is self._signal:
            self._end(Reason.JOIN_FAILURE if self._state is State.CONNECTING else Reason.UNKNOWN)

    def unreachable(self, signal: SignalClient) -> None:
        """No answer to this attempt."""
        if signal is self._signal:
            self._attempt_failed(On.LOST)

    def severed(self, signal: SignalClient) -> None:
        """Connected: reconnect. While resuming three things were seen, which decide how soon a
        zombie evicts: the attempt goes on and fails when it has waited for media (RTCEngine.ts,
        attemptReconnect; 15.4 s seen with livekit 1.2.1), it fails when it has settled (3.2 s), or
        the SDK restarts at once (0.2 s).
        """
        if signal is not self._signal:
            return
        if self._state is State.CONNECTED:
            self._lose(On.LOST)
        elif self._state is State.RESUMING and self._answered == self._attempt:
            way = self._context.choices.draw(Label.SEVERED, 3)
            if way == 1:
                self._context.page.after(
                    self._context.timers.reconnect_wait_us, self._media_due, self._attempt
                )
            elif way == 2:
                self._attempt_failed(On.RESTART)

    def received(self, signal: SignalClient, message: Any) -> None:
        """Anything else that the server says."""
        if signal is not self._signal:
            return
        match message:
            case LeaveRequest():
                self._told_to_leave(signal, message)
            case ParticipantUpdate() | SpeakersChanged():
                self._roster.hear(message, self._sid)
            case TrackPublishedResponse():
                self._tracks.named(message, signal)
            case MuteTrackRequest():
                self._tracks.muted_by_server(message.sid, message.muted, signal)
            case TrackUnpublishedResponse():
                self._tracks.unpublished_by_server(message.sid)
        self._show_roster()

    def _told_to_leave(self, signal: SignalClient, leave: LeaveRequest) -> None:
        if self._state is State.CONNECTING:
            # Not heard: connect() waits for media, and joins again when that does not come (livekit
            # 1.2.1, seen).
            return
        if leave.action is LeaveAction.DISCONNECT:
            self._end(leave.reason)
            return
        on = On.RESTART if leave.action is LeaveAction.RECONNECT else On.LOST
        if self._state is State.CONNECTED:
            self._lose(on)
        elif not signal.is_open():
            self._attempt_failed(on)
        # Else an attempt is going on, uninterrupted (seen: a mismatch is mostly ignored for 15 s).

    # What media says: see `oneroom_fakes.sfu.pc_transport.PeerUser`.

    def media_connected(self, transport: PCTransport) -> None:
        """connect() resolves here, a reconnect may."""
        if transport is not self._transport or self._hung_up():
            return
        if self._state is State.CONNECTING:
            self._up(RoomConnected(self._epoch, self._sid))
            if self._signal is not None and not self._signal.is_open():
                # its signalling broke while it waited for media, and the server has not noticed
                self._lose(On.LOST)
        elif self._state is not State.CONNECTED:
            self._try_to_heal()

    def media_failed(self, transport: PCTransport) -> None:
        """While it reconnects anyway, this is no news."""
        if transport is self._transport and self._state is State.CONNECTED:
            self._lose(On.LOST)

    # Attempts.

    def _lose(self, on: On) -> None:
        self._failures = 0
        self._try_later(on)

    def _attempt_failed(self, on: On) -> None:
        if self._state is State.CONNECTING:
            self._join_again()
            return
        if self._signal is not None and not self._signal.is_open():
            # Refused by a Leave in the place of an answer: what else comes on this connection is no
            # second failure.
            self._signal.close()
        self._failures += 1
        self._try_later(on)

    def _try_later(self, on: On) -> None:
        self._attempt += 1
        self._state = following(self._state, on)
        delay_us = retry.delay_us(self._context.timers, self._context.choices, self._failures)
        if delay_us is None:
            self._end(Reason.UNKNOWN)
        elif delay_us == 0:
            self._try(self._attempt)
        else:
            self._context.page.after(delay_us, self._try, self._attempt)

    def _try(self, attempt: int) -> None:
        if attempt != self._attempt or self._hung_up():
            return
        if self._said is not self._state:
            self._said = self._state
            self._emit(RoomLost(self._epoch))
        # A task of its own: the page handles `RoomLost` first, and may close this client there.
        self._context.page.run(TaskSource.NETWORK, self._dial_again, attempt)

    def _dial_again(self, attempt: int) -> None:
        if attempt != self._attempt or self._hung_up():
            return
        if self._signal is not None:
            self._token = refreshed(
                self._token, self._joined_at_us, self._signal.heard_until_us(), self._context.timers
            )
        if self._state is State.RESUMING:
            self._dial_resume()
        else:
            # A restart says goodbye to the old session if it still can (seen: others see
            # CLIENT_INITIATED).
            if self._signal is not None and self._transport is not None and self._signal.leave():
                self._transport.peer_connection.client_gone(leave_under_way=True)
            self._dial_join()

    def _dial_join(self) -> None:
        self._attempt += 1
        self._joins += 1
        if self._transport is not None:
            self._transport.peer_connection.close_client()
        self._transport = PCTransport(self._context, self)
        self._peer_connections = [
            peer_connection
            for peer_connection in self._peer_connections
            if peer_connection.server_open
        ]
        self._peer_connections.append(self._transport.peer_connection)
        self._tracks.forget_names()
        request = JoinRequest(self._context.page.name, self._token, self._transport.peer_connection)
        self._signal = SignalClient(self._context, self, self._sfu.accept, request)

    def _dial_resume(self) -> None:
        if self._signal is not None:
            self._signal.close()
        if self._transport is not None:
            request = ResumeRequest(
                self._context.page.name, self._token, self._sid, self._transport.peer_connection
            )
            self._signal = SignalClient(self._context, self, self._sfu.accept, request)

    def _join_again(self) -> None:
        """connect() joins anew, without a Leave for the join before (seen)."""
        if self._joins < self._context.timers.join_attempts:
            self._dial_join()
        else:
            self._end(Reason.JOIN_FAILURE)

    def _media_due(self, attempt: int) -> None:
        if attempt == self._attempt and not self._hung_up():
            self._attempt_failed(On.RESTART)

    def _waited_enough(self, attempt: int) -> None:
        if attempt == self._attempt and not self._hung_up():
            self._waited = True
            self._try_to_heal()

    def _try_to_heal(self) -> None:
        if (
            self._signal is None
            or self._transport is None
            or not self._waited
            or not self._transport.is_connected()
        ):
            return
        if self._signal.is_open():
            self._up(RoomHealed(self._epoch, self._sid))
        else:
            self._attempt_failed(On.LOST)

    def _up(self, event: RoomConnected | RoomHealed) -> None:
        self._attempt += 1
        self._waited = False
        self._state = following(self._state, On.UP)
        self._said = State.CONNECTED
        self._emit(event)
        self._tracks_changed()

    # What the page is told.

    def _tracks_changed(self) -> None:
        if self._signal is not None and self._state is not State.CONNECTING:
            self._tracks.announce(self._signal)
        self._show_roster()

    def _show_roster(self, source: TaskSource = TaskSource.NETWORK) -> None:
        if self._state is State.CONNECTING or self._hung_up():
            return
        participants = self._roster.changed(
            self._tracks.participant(self._identity, self._roster.speaks(self._sid))
        )
        if participants is not None:
            self._emit(RosterChanged(self._epoch, participants), source)
