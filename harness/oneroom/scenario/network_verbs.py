"""Verbs of the network: the ways of one window, and the network of the machine.

A way that is cut swallows, and nobody is told; one that is refused says no at once.
"""

from typing import ClassVar, Literal

from oneroom.scenario.stage import Stage
from oneroom.scenario.verb import LiveVerb, Mark, WindowVerb

# The ways of one window.


class DropNetwork(LiveVerb, WindowVerb):
    """The window is cut off, and nobody is told: its signal path or its media path to the SFU, one
    direction of media (`uplink`: others do not hear the window; `downlink`: it does not hear them),
    the app's server, or (both) everything.
    """

    adds: ClassVar[tuple[Mark, ...]] = (Mark.CUT,)
    breaks: ClassVar[bool] = True

    path: Literal["both", "signal", "media", "app", "uplink", "downlink"] = "both"

    def play(self, stage: Stage) -> None:
        stage.network.drop(self.window, self.path)


class RefuseSignal(LiveVerb, WindowVerb):
    """Signalling of the window is reset and refused from now on, as by a proxy that answers 502;
    media lives.
    """

    adds: ClassVar[tuple[Mark, ...]] = (Mark.CUT,)
    breaks: ClassVar[bool] = True

    def play(self, stage: Stage) -> None:
        stage.network.refuse_signal(self.window)


class BreakSignal(LiveVerb, WindowVerb):
    """Every connection of the window to the SFU is reset, once; the next one works."""

    def play(self, stage: Stage) -> None:
        stage.network.break_signal(self.window)


class LoseSignal(LiveVerb, WindowVerb):
    """The server's end of the window's WebSocket is lost alone: the client is not told, and what it
    sends is swallowed. The next one works.
    """

    def play(self, stage: Stage) -> None:
        stage.network.lose_signal(self.window)


class HealNetwork(LiveVerb, WindowVerb):
    """The window reaches everything again, on all paths."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.CUT)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.CUT,)

    def play(self, stage: Stage) -> None:
        stage.network.heal(self.window)


# The network of the machine.


class Offline(LiveVerb):
    """The machine has no network: whatever is opened is refused at once (SFU, tokens, chat), what
    stands is silent, no media flows, and every page gets the event `offline`.
    """

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.OFFLINE,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.OFFLINE,)
    breaks: ClassVar[bool] = True

    def play(self, stage: Stage) -> None:
        stage.network.go_offline()


class Online(LiveVerb):
    """The machine has its network back, with the addresses it had; every page gets the event
    `online`.
    """

    requires: ClassVar[tuple[Mark, ...]] = (Mark.OFFLINE,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.OFFLINE,)

    def play(self, stage: Stage) -> None:
        stage.network.go_online()


class ChangeNetwork(LiveVerb):
    """The machine changes its network (Wi-Fi to VPN, a dock, after a sleep): all connections of
    signalling, media and chat die without a word; new ones work.
    """

    def play(self, stage: Stage) -> None:
        stage.network.change_network()
