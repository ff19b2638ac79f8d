"""The owner machine of `oneroom-core` as what runs in the windows of a run."""

from __future__ import annotations

from functools import lru_cache, partial

from oneroom.core.config import Config
from oneroom.driver.machines import ChatMachine, OwnerMachine
from oneroom.javascript.typescript_core import (
    TypeScriptChat,
    TypeScriptCoordinator,
    TypeScriptCore,
)
from oneroom.scenario.bundle import Bundle
from oneroom.sim.browser import Browser
from oneroom.sim.chat import Chats
from oneroom.sim.coordinators import Coordinators, CoordinatorsFactory
from oneroom.sim.environment import Environment


class TypeScriptCoordinators(Coordinators):
    """As `Coordinators`, in the engine of `core`. It has no safeguard that could be left out."""

    def __init__(
        self,
        environment: Environment,
        browser: Browser,
        chats: Chats | None,
        core: TypeScriptCore,
    ) -> None:
        super().__init__(environment, browser, chats)
        self._core = core

    def _coordinator(self, knows: Config) -> OwnerMachine:
        return TypeScriptCoordinator(self._core, knows, self._environment.policy)

    def _chat(self, knows: Config) -> ChatMachine:
        return TypeScriptChat(self._core, knows)


@lru_cache(maxsize=2)
def typescript_coordinators(core: Bundle) -> CoordinatorsFactory:
    """The factory of the owner machines of `core`, which have one engine in this process."""
    return partial(TypeScriptCoordinators, core=TypeScriptCore(core.source))
