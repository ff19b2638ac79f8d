"""One SDK client: one `Room` object of the SDK, from `connect()` to `Disconnected` (client-sdk-js,
RTCEngine.ts and Room.ts; rust-sdks, rtc_engine/mod.rs).

The client reconnects by itself; only `disconnect` stops it. Before each reconnect it emits
`RoomLost` and lets the page run, so a page that closes the Room in that task stops the attempt
before anything reaches the server. The states and transitions are in `states`, what differs between
SDKs in `sdk`; this file says what an attempt is and when it has failed.

Rules: everything but `died` and `run_media` is called in a task of the page. A signal client, a
transport or an attempt's timer that reports after it was replaced is ignored. A client that ends
closes its signalling first and does nothing by itself afterwards. The page is told of the end, and
captures stop, at once; only `disconnect()` waits for its WebSocket (Room.ts disconnect,
handleDisconnect).
"""

from __future__ import annotations

from typing import Any

from oneroom.core.events import Event, RoomConnected, RoomEnded, RoomHealed, RoomLost, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.devices import Devices
from oneroom.ports.page import TaskSource
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.local_tracks import LocalTracks
from oneroom_fakes.sfu.pc_transport import PCTransport
from oneroom_fakes.sfu.peer_connection import PeerConnection
from oneroom_fakes.sfu.refreshed_token import refreshed_token
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
    PermissionUpdate,
    ReconnectResponse,
    ResumeRequest,
    SdpAnswer,
    SimulateScenario,
    SpeakersChanged,
    TrackPublishedResponse,
    TrackUnpublishedResponse,
)
from oneroom_fakes.sfu.states import On, State, following
from oneroom_fakes.tokens import parse, with_sources

# `mute()` and `unpublish()` report by synchronous emits, so in the task of the call, even in a
# frozen page (Chromium 156 with livekit-client 2.23.0, seen for a mute). The bus is the task source
# that behaves like this.
IN_THE_SAME_TURN = TaskSource.BUS


class RTCEngine:
    """See the top of this file. It is idle until `connect`."""

    def __init__(
        self, context: ClientContext, sfu: Sfu, devices: Devices, epoch: int, token: str
    ) -> None:
        self._context = context
        self._sdk = context.sdk
        self._sfu = sfu
        self._epoch = epoch
        self._token = token
        self._identity = parse(token).identity
        self._sid = ""
        self._joined_at_us = 0
        self._state = State.CONNECTING
        self._reported = State.CONNECTED  # the kind of reconnect last reported to the page
        self._is_closed = False  # it has ended, and the page has been told
        self._signal: SignalClient | None = None
        self._transport: PCTransport | None = None
        # includes older ones while their sessions may still be listed
        self._peer_connections: list[PeerConnection] = []
        self._tracks = LocalTracks(context.page, epoch, devices, self._tracks_changed)
        self._roster = Roster()
        self._attempt = 0  # numbers the attempts: a timer of an older attempt is void
        self._joins = 0
        self._failures = 0  # failed tries since the loss
        self._fails_next = False  # simulated fault: the next resume fails once it is answered
        self._settled = False  # this attempt was answered and has lasted as long as it must
        self._rejoined = False  # the join of this attempt was answered
        self._restarts_next = False  # the server asked for a restart during this attempt
        self._was_offline = False

    # Calls of the window.

    def connect(self) -> None:
        """`room.connect()`."""
        self._dial_join()

    def disconnect(self) -> None:
        """`room.disconnect()`, in any state. The Leave is sent and media stops at once; the rest
        follows when the WebSocket is closed, or after 250 ms (client-sdk-js, Room.ts disconnect,
        SignalClient.ts teardownTransport).
        """
        if self._has_ended():
            return
        waits = self._signal is not None and self._signal.is_open()
        self._hang_up(Reason.CLIENT_INITIATED)
        if waits:
            self._context.page.after(self._sdk.close_us, self._close, Reason.CLIENT_INITIATED)
        else:
            self._close(Reason.CLIENT_INITIATED)

    def publish(self, source: Source, muted: bool) -> None:
        """Capture and publish `source`; does nothing if that was asked for already."""
        if not self._has_ended():
            self._tracks.capture(source, muted, self._signal)

    def unpublish(self, source: Source) -> None:
        """Stop the capture at once; the server is told as soon as signalling permits."""
        self._tracks.release(source, self._signal)
        self._report_roster(IN_THE_SAME_TURN)

    def set_muted(self, muted: bool) -> None:
        """Mute at once; the server is told at once, or when a reconnect is over."""
        signal = self._signal if self._state is State.CONNECTED else None
        self._tracks.mute(Source.MICROPHONE, muted, signal)
        self._report_roster(IN_THE_SAME_TURN)

    def simulate(self, scenario: str) -> None:
        """`room.simulateScenario()`: the server plays some scenarios, the SDK the others
        (RTCEngine.ts, Room.ts).
        """
        if self._signal is None or self._state is not State.CONNECTED:
            return
        if scenario == "FULL_RECONNECT":
            if self._sdk.restarts_without_leave:
                self._signal.close()
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

    # The window's life.

    def capture_ended(self, source: Source) -> None:
        """A capture ended from outside (`ended` of its MediaStreamTrack)."""
        self._tracks.ended(source, self._signal)
        self._report_roster(IN_THE_SAME_TURN)

    def set_online(self, online: bool) -> None:
        """The events `online` and `offline`. A client that has noticed nothing resumes when it is
        online again; one that waits for its next try goes on waiting (handleBrowserOnLine).
        """
        if online and self._was_offline and self._state is State.CONNECTED:
            self._failures = 0
            self._begin(On.LOST)
            self._try(self._attempt)
        self._was_offline = self._sdk.hears_online and not online

    def run_media(self, running: bool) -> None:
        """The page's process was stopped or continued."""
        for peer_connection in self._peer_connections:
            peer_connection.run_client(running)

    def died(self) -> None:
        """The page's process is gone: no script runs, and the kernel closes sockets and devices."""
        if not self._has_ended():
            self._state = State.ENDED
            if self._signal is not None:
                self._signal.killed()
            self._close_peer_connections(leave_under_way=False)
        self._is_closed = True
        self._tracks.release_all()
        self.let_go()

    def is_closed(self) -> bool:
        """True once it has ended and the page was told: it never acts again."""
        return self._is_closed

    def let_go(self) -> None:
        """Drop every reference to and from this client, which never acts again."""
        if self._transport is not None:
            self._transport.peer_connection.detach_client()
        self._signal = None
        self._transport = None
        self._peer_connections = []
        self._tracks.let_go()

    # Reports of the signal client: see `oneroom_fakes.sfu.signal_client.SignalListener`.

    def answered(self, signal: SignalClient, response: JoinResponse | ReconnectResponse) -> None:
        """The connection stands. From here on an attempt waits for media."""
        if signal is not self._signal or self._transport is None:
            return
        if isinstance(response, JoinResponse):
            self._rejoined = True
            self._sid, self._joined_at_us = response.sid, self._context.scheduler.now_us
            self._roster.begin(response.others, self._identity)
            signal.send(SdpAnswer())
            settle_us = self._sdk.restart_settle_us
            media_us = settle_us + self._sdk.join_media_us
        else:
            self._roster.replace(response.participants, self._identity)
            if self._tracks.owes_offer and self._sdk.restarts_after_unpublish:
                self._attempt_failed(On.RESTART)
                return
            self._tracks.resync(response.participants, signal, self._sdk.offers_all_tracks)
            self._transport.restart_ice()
            settle_us, media_us = self._sdk.resume_settle_us, self._sdk.resume_media_us
        if self._state is State.CONNECTING:
            self._context.page.after(self._sdk.join_media_us, self._media_due, self._attempt)
            return
        self._context.page.after(settle_us, self._settle, self._attempt)
        self._context.page.after(media_us, self._media_due, self._attempt)
        self._tracks.announce(signal)
        self._report_roster()
        if self._fails_next:
            self._fails_next = False
            self._attempt_failed(On.RESTART)

    def refused(self, signal: SignalClient) -> None:
        """The token has expired: there is no further try."""
        if signal is self._signal:
            connecting = self._state is State.CONNECTING
            self._end(self._sdk.join_refused if connecting else self._sdk.reconnect_refused)

    def unreachable(self, signal: SignalClient, timed_out: bool) -> None:
        """This attempt got no answer."""
        if signal is self._signal:
            self._attempt_failed(On.LOST, timed_out)

    def severed(self, signal: SignalClient) -> None:
        """Signalling broke. A connected client reconnects. An attempt goes on, and fails when it
        has settled, or when media is due (RTCEngine.ts resumeConnection, mod.rs resume_finalize;
        seen).
        """
        if signal is self._signal and self._state is State.CONNECTED:
            self._lose(On.LOST)

    def received(self, signal: SignalClient, message: Any) -> None:
        """Any other message of the server."""
        if signal is not self._signal:
            return
        match message:
            case LeaveRequest():
                self._leave_received(signal, message)
            case ParticipantUpdate() | SpeakersChanged():
                self._roster.hear(message, self._sid)
            case TrackPublishedResponse():
                self._tracks.named(message, signal)
                self._finish_reconnect()
            case MuteTrackRequest():
                self._tracks.muted_by_server(message.sid, message.muted, signal)
            case TrackUnpublishedResponse() if self._sdk.obeys_unpublish:
                self._tracks.unpublished_by_server(message.sid)
            case PermissionUpdate():
                self._token = with_sources(self._token, message.sources)
                self._tracks.permitted(message.sources)
        self._report_roster()

    def _leave_received(self, signal: SignalClient, leave: LeaveRequest) -> None:
        if self._state is State.CONNECTING and not self._sdk.obeys_leave_while_connecting:
            return
        if leave.action is LeaveAction.DISCONNECT:
            self._end(leave.reason)
            return
        on = On.RESTART if leave.action is LeaveAction.RECONNECT else On.LOST
        if self._state is State.CONNECTED:
            self._lose(on)
        elif not signal.is_open():
            self._attempt_failed(on)
        else:
            # The attempt goes on (both seen).
            self._restarts_next = self._restarts_next or on is On.RESTART

    # Reports of the transport: see `oneroom_fakes.sfu.pc_transport.TransportListener`.

    def media_connected(self, transport: PCTransport) -> None:
        """Media is connected: a pending connect() resolves, a reconnect may be over."""
        if transport is not self._transport or self._has_ended():
            return
        if self._state is State.CONNECTING:
            self._up(RoomConnected(self._epoch, self._sid))
            if self._signal is not None and not self._signal.is_open():
                # Signalling broke during the wait for media, and the server has not noticed.
                self._lose(On.LOST)
        elif self._state is not State.CONNECTED:
            self._finish_reconnect()

    def media_failed(self, transport: PCTransport) -> None:
        """Media has failed. An attempt goes on; if it has no signalling either, the network counts
        as lost (RTCEngine.ts, EngineEvent.Offline; seen).
        """
        if transport is not self._transport or self._signal is None:
            return
        if self._state is State.CONNECTED:
            self._lose(On.LOST)
        elif self._state is State.RESUMING and not self._signal.is_open():
            self._report_loss(State.RESTARTING)

    # Attempts.

    def _lose(self, on: On) -> None:
        self._failures = 0
        self._try_later(on)

    def _attempt_failed(self, on: On, timed_out: bool = False) -> None:
        if self._state is State.CONNECTING:
            self._join_again(timed_out)
            return
        if self._signal is not None and not self._signal.is_open():
            # Refused by a Leave in the place of an answer: whatever else this connection reports is
            # not a second failure.
            self._signal.close()
        self._failures += 1
        self._try_later(on if self._sdk.resumes_again else On.RESTART)

    def _begin(self, on: On) -> None:
        self._attempt += 1
        self._settled = self._rejoined = self._restarts_next = False
        self._state = following(self._state, on)

    def _try_later(self, on: On) -> None:
        self._begin(on)
        delay_us = self._sdk.retry_delay_us(self._failures, self._context.choices)
        if delay_us is None:
            self._end(Reason.UNKNOWN)
        elif delay_us == 0:
            self._try(self._attempt)
        else:
            self._context.page.after(delay_us, self._try, self._attempt)

    def _try(self, attempt: int) -> None:
        if attempt != self._attempt or self._has_ended():
            return
        self._report_loss(self._state)
        # A task of its own: the page handles `RoomLost` first, and may close this client there.
        self._context.page.run(TaskSource.NETWORK, self._dial_again, attempt)

    def _report_loss(self, mode: State) -> None:
        """Report that the Room is being resumed or restarted, unless the page knows that."""
        is_new = self._reported is State.CONNECTED or self._sdk.reports_each_mode
        if mode is self._reported or not is_new:
            return
        self._reported = mode
        self._emit(RoomLost(self._epoch))

    def _dial_again(self, attempt: int) -> None:
        if attempt != self._attempt or self._has_ended():
            return
        if self._signal is not None:
            self._token = refreshed_token(
                self._token, self._joined_at_us, self._signal.heard_until_us(), self._sdk
            )
        if self._state is State.RESUMING:
            self._dial_resume()
        else:
            # A restart sends a Leave for the old session if it still can (seen: others see
            # CLIENT_INITIATED).
            if self._signal is not None and self._transport is not None and self._signal.leave():
                self._transport.peer_connection.client_gone(leave_under_way=True)
            self._roster.show(False)
            self._report_roster()
            self._dial_join()

    def _dial_join(self) -> None:
        self._attempt += 1
        self._joins += 1
        if self._transport is not None:
            self._transport.peer_connection.close_client()
        self._transport = PCTransport(self._context, self)
        self._peer_connections = [one for one in self._peer_connections if one.server_open]
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

    def _join_again(self, timed_out: bool) -> None:
        """Another join of a pending connect(), without a Leave for the join before (seen)."""
        if self._joins < self._sdk.join_attempts:
            self._dial_join()
        else:
            self._end(self._sdk.join_timed_out if timed_out else Reason.JOIN_FAILURE)

    def _media_due(self, attempt: int) -> None:
        if attempt == self._attempt and not self._has_ended():
            self._attempt_failed(On.RESTART, timed_out=True)

    def _settle(self, attempt: int) -> None:
        if attempt == self._attempt and not self._has_ended():
            self._settled = True
            self._finish_reconnect()

    def _finish_reconnect(self) -> None:
        """Report the reconnect as done, if it has settled and media is connected."""
        if self._signal is None or self._transport is None or self._state is State.CONNECTED:
            return
        if not self._transport.is_connected() or not (self._settled or self._is_republished()):
            return
        if self._restarts_next:
            self._attempt_failed(On.RESTART)
        elif self._signal.is_open():
            self._up(RoomHealed(self._epoch, self._sid))
        else:
            self._attempt_failed(On.LOST)

    def _is_republished(self) -> bool:
        restarted = self._state is State.RESTARTING and self._rejoined
        return restarted and self._sdk.republishes_first and self._tracks.are_named()

    def _up(self, event: RoomConnected | RoomHealed) -> None:
        self._begin(On.UP)
        self._reported = State.CONNECTED
        self._roster.show(True)
        self._emit(event)
        if self._signal is not None:
            self._tracks.catch_up(self._signal)
        self._tracks_changed()

    def restarts(self) -> bool:
        """The Room is being joined anew."""
        return self._state is State.RESTARTING

    # The end.

    def _has_ended(self) -> bool:
        return self._state is State.ENDED

    def _end(self, reason: Reason) -> None:
        self._hang_up(reason)
        self._close(reason)

    def _hang_up(self, reason: Reason) -> None:
        """Close signalling and media; a Leave is sent for CLIENT_INITIATED alone."""
        self._state = following(self._state, On.OVER)
        leave_under_way = False
        close_arrives = self._context.path.carries_signal
        if self._signal is not None:
            close_arrives = self._signal.close_arrives()
            if reason is Reason.CLIENT_INITIATED:
                leave_under_way = self._signal.leave(self._close)
            else:
                self._signal.close()
        if self._transport is not None and not self._transport.peer_connection.connected:
            # The server ends a session that never had media with its connection, so closing the
            # connection is as good as a Leave.
            leave_under_way = close_arrives
        self._close_peer_connections(leave_under_way)

    def _close(self, reason: Reason) -> None:
        """Release the captures and tell the page that the Room has ended."""
        if not self._is_closed:
            self._is_closed = True
            self._tracks.release_all()
            self.let_go()
            self._emit(RoomEnded(self._epoch, reason))

    def _close_peer_connections(self, leave_under_way: bool) -> None:
        current = None if self._transport is None else self._transport.peer_connection
        for peer_connection in self._peer_connections:
            peer_connection.close_client()
            peer_connection.client_gone(leave_under_way and peer_connection is current)

    # Reports to the page.

    def _tracks_changed(self) -> None:
        if self._signal is not None and self._state is not State.CONNECTING:
            self._tracks.announce(self._signal)
        self._report_roster()

    def _report_roster(self, source: TaskSource = TaskSource.NETWORK) -> None:
        if self._state is State.CONNECTING or self._has_ended():
            return
        participants = self._roster.changed(
            self._tracks.participant(self._identity, self._roster.speaks(self._sid))
        )
        if participants is not None:
            self._emit(RosterChanged(self._epoch, participants), source)

    def _emit(self, event: Event, source: TaskSource = TaskSource.NETWORK) -> None:
        self._context.page.deliver(source, event)
