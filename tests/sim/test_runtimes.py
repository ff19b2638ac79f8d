"""Windows in which something else than a coordinator runs: the world is the same for them."""

from __future__ import annotations

from oneroom.choices.seeded import Seeded
from oneroom.driver.window import Window
from oneroom.policies.web_lock import WebLock
from oneroom.ports.page_event import PageEvent
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.runtimes import Opening
from oneroom.sim.world import World
from oneroom.trace.trace import Trace
from tests.sim.played import steps
from tests.units import MILLISECOND, SECOND


class Listener(Window):
    """Notes the events of its page."""

    told: list[str]

    def begin(self) -> None:
        self.told = ["began"]

    def dispatch(self, event: PageEvent) -> None:
        self.told.append(event.value)

    def act(self, action: str, channel: str) -> None:
        self.told.append(action)


class Listeners:
    """A `Listener` in every window. `made` are all of them."""

    def __init__(self, environment: Environment, browser: Browser) -> None:
        self._environment = environment
        self._browser = browser
        self.made: list[tuple[Opening, Listener]] = []

    def make(self, opening: Opening) -> Listener:
        kernel, trace = self._environment.kernel, self._environment.trace
        grid, name = self._browser.grid, opening.window
        window = Listener(kernel, trace, grid, name, bus_runs_frozen=True)
        self.made.append((opening, window))
        return window

    def plug_in(self, handle: WindowHandle) -> None:
        """It uses nothing of the browser."""


def played(*lines: str, until_us: int = 20 * SECOND) -> tuple[World, Listeners]:
    runtimes: list[Listeners] = []

    def runs(environment: Environment, browser: Browser) -> Listeners:
        runtimes.append(Listeners(environment, browser))
        return runtimes[0]

    world = World(steps(*lines), WebLock, Seeded(1), Trace(), runs)
    world.begin()
    world.kernel.run(until_us)
    return world, runtimes[0]


def told(listeners: Listeners, window: str) -> list[list[str]]:
    """What each document of a window has noted, without its beginning."""
    documents = [page.told for opening, page in listeners.made if opening.window == window]
    assert all(document[:2] == ["began", "pageshow"] for document in documents)
    return [document[2:] for document in documents]


def test_a_page_hears_what_the_user_does_to_its_window() -> None:
    _, listeners = played(
        "at: 2s, focus: {window: main}",
        "at: 3s, focus: {window: overlay}",
        "at: 4s, hide: {window: overlay}",
        "at: 5s, show: {window: overlay}",
        "at: 6s, freeze: {window: overlay}",
        "at: 7s, show: {window: overlay}",
        "at: 8s, toggle_mute: {window: main}",
        "at: 9s, close: {window: overlay}",
        "at: 9s, close: {window: main, by: script}",
    )
    assert told(listeners, "main") == [
        ["focus", "blur", "toggleMute", "beforeunload", "visibilitychange to hidden"]
    ]
    assert told(listeners, "overlay") == [
        [
            "focus",
            *("visibilitychange to hidden", "blur", "visibilitychange to visible"),
            *("visibilitychange to hidden", "freeze", "resume", "visibilitychange to visible"),
            *("beforeunload", "pagehide", "visibilitychange to hidden", "unload"),
        ]
    ]


def test_a_page_hears_of_a_device_and_of_the_network_when_it_runs_again() -> None:
    _, listeners = played(
        "at: 5s, stall: {window: main, lasts: 3s}",
        "at: 6s, offline: {}",
        "at: 7s, unplug: {device: camera}",
        until_us=7_900 * MILLISECOND,
    )
    assert told(listeners, "main") == [[]]
    assert told(listeners, "overlay") == [["offline", "devicechange"]]


def test_the_documents_of_a_tab_follow_each_other() -> None:
    world, listeners = played("at: 1s, gesture: {window: overlay}", until_us=2 * SECOND)
    world.tabs.navigate("main")
    world.kernel.run(4 * SECOND)
    world.tabs.go_back("main")
    world.kernel.run(6 * SECOND)
    cached = ["beforeunload", "pagehide persisted", "visibilitychange to hidden", "freeze"]
    back = ["resume", "visibilitychange to visible", "pageshow persisted"]
    assert told(listeners, "main") == [[*cached, *back], cached]
    world.tabs.reload("main")
    world.kernel.run(8 * SECOND)
    world.tabs.discard("main")
    world.windows.open("main")
    assert [opening.was_discarded for opening, _ in listeners.made if opening.window == "main"] == [
        *(False, False, False),
        True,
    ]
