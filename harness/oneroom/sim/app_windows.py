"""An app's own JavaScript as what runs in the windows of a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.driver.window import Window
from oneroom.javascript.app import App, app_of
from oneroom.javascript.inferred_commands import InferredCommands
from oneroom.javascript.runtime import open_runtime
from oneroom.javascript.script_error import Isolation
from oneroom.javascript.window import JavaScriptWindow, OpenRuntime
from oneroom.javascript.window_ports import JavaScriptPorts
from oneroom.scenario.bundle import Bundle
from oneroom.scenario.model import Scenario
from oneroom.sim.app_channels import AppChannels
from oneroom.sim.app_databases import AppDatabases
from oneroom.sim.app_devices import AppDevices
from oneroom.sim.app_locks import AppLocks
from oneroom.sim.app_policy import AppPolicy
from oneroom.sim.app_relatives import AppRelatives
from oneroom.sim.app_rooms import AppRooms
from oneroom.sim.app_servers import AppServers
from oneroom.sim.app_sockets import AppSockets
from oneroom.sim.app_storage import AppStorage
from oneroom.sim.app_tauri import AppTauri
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.runtimes import Opening
from oneroom.sim.socket_handlers import SocketHandlers
from oneroom.sim.windows import Windows
from oneroom.sim.world import World
from oneroom.trace.trace import Trace

SEEDS = 1 << 31
URL = "https://app.example/"


class AppWindows:
    """See `oneroom.sim.runtimes.Runtimes`. Whoever makes it sets `windows`, and `crash`, `reload`
    and `close`, which a page can do to its window, by the name of that.
    """

    windows: Windows
    crash: Callable[[str], None]
    reload: Callable[[str], None]
    close: Callable[[str], None]

    def __init__(
        self, app: App, isolation: Isolation, environment: Environment, browser: Browser
    ) -> None:
        self._open = opener(app, isolation)
        self._environment = environment
        self._browser = browser
        self._pages: dict[str, AppRelatives] = {}
        self._handlers = SocketHandlers(environment)
        known = not any(step.name == "do" for step in environment.scenario.steps)
        self._commands = InferredCommands(environment.trace, infers=known)
        environment.trace.add_listener(self._commands)

    def make(self, opening: Opening) -> JavaScriptWindow:
        """See the seam."""
        environment, browser, name = self._environment, self._browser, opening.window
        seed = environment.choices.draw(Label.DOCUMENT_SEED, SEEDS)
        window = environment.scenario.windows[name]
        boot: dict[str, object] = {
            "seed": [seed, 1, 2, 3],
            "name": name,
            "kind": window.kind,
            "target": name,
            "url": URL,
            "discarded": opening.was_discarded,
            "opener": window.opener is not None,
            "locks": environment.scenario.locks_of(name) == "web-locks",
        }
        return JavaScriptWindow(
            environment.kernel,
            environment.trace,
            browser.grid,
            name,
            self._open,
            boot,
            partial(self._soon, self._crash, name),
            self._commands,
            bus_runs_frozen=browser.bus_runs_frozen,
        )

    def plug_in(self, handle: WindowHandle) -> None:
        """See the seam."""
        window, environment = handle.window, self._environment
        assert isinstance(window, JavaScriptWindow), "made by this factory"
        partition = self._browser.partition(window.name)
        channels = handle.ends["broadcast-channel"] = AppChannels(window, partition.buses)
        tauri = handle.ends["tauri-event"] = AppTauri(window, partition.buses)
        devices = AppDevices(window, self._browser.devices, handle.rooms.capture_ended)
        handle.capture_ended = devices.capture_ended
        window.plug_in(
            JavaScriptPorts(
                channels=channels,
                locks=AppLocks(window, handle.locks, environment.recorder),
                storage=AppStorage(window, handle.area),
                session=handle.session,
                server=AppServers(window, self._browser, environment),
                sockets=AppSockets(window, self._browser, environment, self._handlers),
                rooms=AppRooms(window, handle.rooms),
                tauri=tauri,
                databases=AppDatabases(window, partition.databases),
                devices=devices,
                relatives=AppRelatives(window, environment, self._pages, lambda: self.windows),
                beside=partial(self._beside, window.name),
                navigate=partial(self._navigate, window.name),
                close=partial(self._soon, self._close, window.name),
            )
        )

    def _soon(self, what: Callable[[str], None], window: str) -> None:
        """Not in the middle of a task of the page."""
        self._environment.kernel.at(self._environment.kernel.now_us, what, window)

    def _beside(self, window: str) -> list[Window]:
        of_process = self.windows.process_of(window)
        return [handle.window for handle in of_process if handle.window.name != window]

    def _crash(self, window: str) -> None:
        self.crash(window)

    def _close(self, window: str) -> None:
        self.close(window)

    def _navigate(self, window: str, to: str) -> None:
        self._soon(self._reload, window)

    def _reload(self, window: str) -> None:
        self.reload(window)


def opener(app: App, isolation: Isolation) -> OpenRuntime:
    """The opener of an app's documents, on its engine."""
    if app.command:
        from oneroom.javascript.program import ProgramRuntime

        return partial(ProgramRuntime, app.command, isolation)
    if app.engine == "node":
        from oneroom.javascript.node import NodeRuntime

        return partial(NodeRuntime, app)
    return partial(open_runtime, app, isolation)


def app_world(
    scenario: Scenario, bundle: Bundle, isolation: Isolation, choices: Choices, trace: Trace
) -> World:
    """The world of a run in whose windows an app runs."""
    made: list[AppWindows] = []

    def make(environment: Environment, browser: Browser) -> AppWindows:
        made.append(AppWindows(app_of(bundle), isolation, environment, browser))
        return made[0]

    world = World(scenario, AppPolicy, choices, trace, make)
    made[0].windows = world.windows
    made[0].crash, made[0].reload = world.windows.crash, world.tabs.reload
    made[0].close = partial(world.windows.close, by="script")
    return world
