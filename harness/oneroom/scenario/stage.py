"""The stage: the primitives on which the steps of a scenario are played.

Rules of this file: Protocols alone, the primitives that verbs are made of, no behaviour. A stage is
made of parts, one Protocol each. `Stage` is what the simulator and the live arm both play, so
nothing in it may say whether time is virtual; `SimulatorStage` adds what the simulator alone plays.
A Range arrives undrawn: the stage draws from it, because every draw is labelled and belongs to the
run, not to the scenario.

The parser has made sure that a window is open when a step touches it, that a resumed window was
frozen, and that a network is cut before it is healed; a stage need not check it. Steps of one
instant are played in the order of the file, after the windows that open in that instant. Every
method takes effect at the present time of the run and returns at once.
"""

from __future__ import annotations

from typing import Protocol

from oneroom.scenario.duration import Range

# What both arms play.


class UserSteps(Protocol):
    """The actions of the user."""

    def act(self, window: str, action: str, channel: str = "") -> None:
        """The user does something in `window`.

        `action` is one of `connect` (with `channel`), `disconnect`, `toggleMute`, `toggleCamera`,
        `toggleScreenShare`, `gesture` (a click that does nothing but count as fresh user
        activation) and `navigate` (a route change inside the app: the page and its Room live on).
        """


class WindowSteps(Protocol):
    """The lives of windows."""

    def open(self, window: str) -> None:
        """Start a new runtime for a window that is declared but not open."""

    def focus(self, window: str) -> None:
        """Give the window the focus; the one that had it loses it."""

    def hide(self, window: str) -> None:
        """The page becomes hidden: its timers are aligned as the engine does it."""

    def show(self, window: str) -> None:
        """The page becomes visible again."""

    def close(self, window: str, by: str = "user") -> None:
        """Close the window: `pagehide` runs, then the runtime is gone; without `pagehide` if `by`
        is `script`.
        """

    def crash(self, window: str) -> None:
        """The renderer dies without warning: no `pagehide`, no Leave; its locks are freed."""

    def freeze(self, window: str) -> None:
        """The engine freezes the page: its timers stand still; other tasks follow its rules."""

    def resume(self, window: str) -> None:
        """A frozen page runs again; its backlog comes in the engine's order."""

    def stall(self, window: str, lasts: Range) -> None:
        """The main thread is busy for that long: nothing of the page runs, media goes on."""

    def stop(self, window: str, lasts: Range) -> None:
        """The process is stopped for that long: neither page nor media runs."""


class BusSteps(Protocol):
    """The buses of a window. `bus` names one of them; empty for all that it has."""

    def delay(self, window: str, delay: Range, bus: str = "") -> None:
        """Every bus message to or from the window takes that long from now on, a draw each."""

    def lose(self, window: str, loss_ratio: float, bus: str = "") -> None:
        """Every bus message to or from the window is lost with that probability (0..1)."""

    def partition(self, window: str, bus: str = "") -> None:
        """Cut the window off the bus, both ways; nobody is told."""

    def deafen(self, window: str, bus: str = "") -> None:
        """The window hears nothing from the bus, but is heard."""


class NetworkSteps(Protocol):
    """The network of a window, and of the machine."""

    def drop(self, window: str, path: str) -> None:
        """Cut the window off, and tell nobody. `path` is `signal` (WebSocket of the SFU), `media`
        (ICE), `uplink` or `downlink` (one direction of it), `app` (the application's own server:
        tokens and chat), or `both`: signal and media, and that as well.
        """

    def refuse_signal(self, window: str) -> None:
        """Every connection of the window to the SFU is reset, and new ones are refused at once,
        until `heal`; media is not affected.
        """

    def break_signal(self, window: str) -> None:
        """Every connection of the window to the SFU is reset, once.

        A proxy restarts, or an address changes.
        """

    def lose_signal(self, window: str) -> None:
        """The server's end of every connection of the window to the SFU is lost, once; the client
        is not told, and what it sends is swallowed.
        """

    def heal(self, window: str) -> None:
        """All network paths of the window work again."""

    def go_offline(self) -> None:
        """The machine has no network until it is online again or all heals: new connections are
        refused at once, those that stand are silent; pages get the event `offline`.
        """

    def go_online(self) -> None:
        """The machine has its network back; pages get the event `online`."""

    def change_network(self) -> None:
        """Every connection of the machine dies, and nobody is told; new ones work."""


class ServerSteps(Protocol):
    """The SFU."""

    def kick(self, window: str, by: str = "moderator") -> None:
        """RoomService.RemoveParticipant for the participant of the window, called by a `moderator`
        or by the `app`'s own server.
        """

    def mute(self, window: str, source: str, muted: bool) -> None:
        """RoomService.MutePublishedTrack for a track of the window's participant: `microphone`,
        `camera` or `screen_share`. A real server refuses to unmute.
        """

    def permit(self, window: str, source: str, publish: bool) -> None:
        """RoomService.UpdateParticipant: whether the window's participant may publish `source`, or
        anything if that is `all`.
        """

    def delete_room(self) -> None:
        """RoomService.DeleteRoom: everybody is sent out."""

    def restart(self, down: Range) -> None:
        """The SFU process is killed, and comes back after `down` with empty memory."""

    def stop(self) -> None:
        """The SFU process is killed and stays away until it is started or all heals."""

    def start(self) -> None:
        """A stopped SFU is back, with empty memory."""

    def unplug(self, lasts: Range) -> None:
        """The SFU is off its network for that long: connections break, new ones are refused.

        The process runs on.
        """

    def pause(self, lasts: Range) -> None:
        """The SFU process stands still for that long: no answers, no refusals, no media."""

    def drain(self) -> None:
        """SIGTERM for the SFU: it waits until everybody has left, and still accepts who comes."""

    def replace(self, grace: Range, down: Range) -> None:
        """SIGTERM for the SFU, and SIGKILL after `grace`; another one comes after `down`."""

    def shut_down(self, down: Range) -> None:
        """SIGTERM twice: everybody is told SERVER_SHUTDOWN; another SFU comes after `down`."""

    def simulate(self, window: str, fault: str) -> None:
        """`room.simulateScenario()` in the window, if its Room is connected.

        `fault` is LiveKit's own name, such as `node-failure`.
        """


class TokenSteps(Protocol):
    """The application's own server, which mints the tokens."""

    def fail(self) -> None:
        """The application's server mints no token from now on, and answers with an error."""

    def slow(self, takes: Range) -> None:
        """Minting a token takes that long from now on, a draw each."""


class Stage(Protocol):
    """The world of one run, in virtual or in real time."""

    @property
    def user(self) -> UserSteps:
        """The actions of the user."""

    @property
    def windows(self) -> WindowSteps:
        """The lives of windows."""

    @property
    def buses(self) -> BusSteps:
        """The buses of a window."""

    @property
    def network(self) -> NetworkSteps:
        """The network of a window, and of the machine."""

    @property
    def server(self) -> ServerSteps:
        """The SFU."""

    @property
    def tokens(self) -> TokenSteps:
        """The application's own server."""

    def heal(self) -> None:
        """Undo every fault: bus and network as in the scenario's head, frozen windows resume."""


# What the simulator alone plays.


class TabSteps(Protocol):
    """Documents that follow each other in one window."""

    def crash_reload(self, window: str, after: Range) -> None:
        """The renderer dies as in `crash`; after `after` the shell loads the session again."""

    def reload(self, window: str) -> None:
        """`pagehide` runs, the runtime is gone, and a new one of the session begins once loaded."""

    def leave_page(self, window: str) -> None:
        """The tab goes to another page: `pagehide` runs, and the runtime is cached, or gone if it
        may not be.
        """

    def come_back(self, window: str) -> None:
        """Go back to the page that the tab has left: the cached runtime, or a new one."""

    def discard(self, window: str) -> None:
        """The runtime is gone without an event; the session is kept for the next `open`."""

    def duplicate(self, window: str, of: str) -> None:
        """Start a runtime of `window` with a copy of the session of `of`."""


class MachineSteps(Protocol):
    """The machine that all windows run on."""

    def sleep(self, lasts: Range, clock: str) -> None:
        """All windows stand still for that long; the monotonic clock `stops` then, or `runs`."""

    def step_clock(self, by: Range, direction: str) -> None:
        """The wall clock of the machine jumps `ahead` or `back`."""


class DeviceSteps(Protocol):
    """Devices, and what the browser shows in front of them."""

    def refuse_prompt(self, window: str) -> None:
        """The user refuses the permission prompts that the window shows."""

    def stop_sharing(self, window: str) -> None:
        """The user stops the window's share from the browser's own bar."""

    def unplug(self, device: str) -> None:
        """`microphone`, `camera` or `headset` is gone: its captures end."""

    def plug_in(self, device: str) -> None:
        """The device is there, and the default of its kind; windows are told."""

    def make_default(self, device: str) -> None:
        """`microphone` or `headset` is the default one, if it is there; windows are told."""


class RemoteParticipantSteps(Protocol):
    """The other people. `source` is `microphone`, `camera` or `screen_share`."""

    def join(self, identity: str, channel: str, microphone: str) -> None:
        """A remote participant joins, with a microphone that is `open`, or with `none`."""

    def leave(self, identity: str) -> None:
        """A remote participant leaves."""

    def speak(self, identity: str, lasts: Range) -> None:
        """A remote participant talks for that long."""

    def publish(self, identity: str, source: str, muted: bool) -> None:
        """A remote participant publishes `source`, or mutes and unmutes it."""

    def unpublish(self, identity: str, source: str) -> None:
        """A remote participant stops publishing `source`."""

    def stop_forwarding(self, window: str) -> None:
        """The SFU sends nothing of them to the session of `window`, until it joins anew."""


class ChatSteps(Protocol):
    """The chat. A scenario whose steps have none of it plays on a stage without one."""

    def send(self, window: str, channel: str, text: str) -> None:
        """The user writes a message in the window."""

    def arrive(self, channel: str, text: str, count: int) -> None:
        """Another person writes so many messages in one instant; the chat server stores them."""

    def lose(self, loss_ratio: float) -> None:
        """The chat server loses that part (0..1) of its pushes from now on, a draw each."""

    def slow(self, takes: Range) -> None:
        """The chat server takes that long from now on to store a user's message, a draw each."""

    def restart(self, down: Range) -> None:
        """The chat server ends and is back after `down` with all it stored; sockets break."""


class AppUserSteps(UserSteps, Protocol):
    """The actions of the user where an app's own code may run in the windows."""

    def do(self, window: str, action: str, argument: object) -> None:
        """The user calls an action that the app in `window` has registered; None for no
        argument.
        """


class SimulatorStage(Stage, Protocol):
    """The world of one run in virtual time."""

    @property
    def user(self) -> AppUserSteps:
        """The user in front of the windows."""

    @property
    def tabs(self) -> TabSteps:
        """Documents that follow each other in one window."""

    @property
    def machine(self) -> MachineSteps:
        """The machine that all windows run on."""

    @property
    def devices(self) -> DeviceSteps:
        """Devices, and what the browser shows in front of them."""

    @property
    def remote_participants(self) -> RemoteParticipantSteps:
        """The other people."""

    @property
    def chat(self) -> ChatSteps:
        """The chat."""
