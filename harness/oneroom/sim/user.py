"""Actions of the user in a window."""

from __future__ import annotations

from oneroom.core.events import UserCommand, UserGesture
from oneroom.driver.script import VERBS
from oneroom.ports.page import TaskSource
from oneroom.sim.environment import Environment
from oneroom.trace.records import Life, UserActed


class User(Environment):
    """The part of the stage on which the user acts."""

    def act(self, window: str, action: str, channel: str = "") -> None:
        """See the stage. Every click is also fresh user activation."""
        plugs = self.plugs.get(window)
        if plugs is None:
            return
        trace, page = self.trace, plugs.window
        what = (trace.intern(action), trace.intern(channel))
        trace.act_on(UserActed(trace.n, trace.now_us, page.place, trace.cause, *what))
        if action == "navigate":
            self.lived(page, Life.NAVIGATED)
            return
        self.devices.click(window)
        page.deliver(TaskSource.INPUT, UserGesture())
        verb = VERBS.get(action)
        if verb is not None:
            page.deliver(TaskSource.INPUT, UserCommand(verb, channel))
