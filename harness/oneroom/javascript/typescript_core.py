"""The machines of `oneroom-core`, in the place of Python's `Coordinator` and `Chat`.

The same events go in and the same actions come out, as JSON: the names of fields are the same in
both languages. A process has one engine for all machines of a bundle.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import msgspec

from oneroom.core import actions, chat_events
from oneroom.core.actions import Action
from oneroom.core.config import Config
from oneroom.core.election import Election
from oneroom.core.events import Event, Received, TimerFired
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.state import Lease
from oneroom.javascript.engine import Engine

# The policies that are there, by the names of Python's: `src/policies/registry.ts`.
POLICIES = ("main-only", "web-lock", "web-lock-lease")

# How many events are kept in the engine for their next receivers.
_KEPT = 256
_MEMORY_BYTES = 1 << 30

_NOTHING: list[Action] = []


def _every_action(module: Any) -> list[type[Action]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Action) and value is not Action
    ]


_ACTIONS: Any = reduce(or_, _every_action(actions) + _every_action(chat_events))
_decode: Any = msgspec.json.Decoder(list[_ACTIONS]).decode
_encode = msgspec.json.Encoder().encode


class Beliefs(msgspec.Struct, frozen=True):
    """The beliefs of a coordinator: see `look` in `core_door.ts`."""

    role: actions.Role
    term: int
    session_state: int
    epoch: int
    mirror_term: int
    mirror_number: int
    seq: int
    requests: int


class TypeScriptCore:
    """The engine with a bundle of `core_door.ts`. Raises ScriptError if that does not load."""

    def __init__(self, bundle: str) -> None:
        self.engine = Engine(memory_bytes=_MEMORY_BYTES)
        self.engine.evaluate(bundle, "oneroom-core.js")
        function = self.engine.function
        self.drop = function("drop")
        self.watch_us = function("watchUs")
        self.look = function("look")
        self.look_at_chat = function("lookAtChat")
        self._create_coordinator = function("createCoordinator")
        self._create_chat = function("createChat")
        self._keep = function("keep")
        self._handle = function("handle")
        self._handle_kept = function("handleKept")
        self._kept: dict[int, tuple[Event, float]] = {}

    def coordinator(self, config: Config, policy: str) -> float:
        """The number of a new coordinator. Raises ScriptError for a policy that is not there."""
        number: float = self.engine.call(self._create_coordinator, _text(config), policy)
        return float(number)

    def chat(self, config: Config) -> float:
        """The number of a new chat."""
        number: float = self.engine.call(self._create_chat, _text(config))
        return float(number)

    def handle(self, machine: float, event: Event, now_us: int) -> list[Action]:
        """One turn of a machine. Raises ScriptError for what it throws."""
        kind = type(event)
        try:
            if kind is Received or kind is TimerFired:
                text = self._handle_kept(machine, float(now_us), self._number_of(event))
            else:
                text = self._handle(machine, float(now_us), _text(event))
        except self.engine.thrown as error:
            raise self.engine.error(error) from None
        if text is None:
            return _NOTHING
        performed: list[Action] = _decode(text)
        return performed

    def _number_of(self, event: Event) -> float:
        """The number under which the engine has `event`, an object that others are given, too."""
        known = self._kept.get(id(event))
        if known is None:
            if len(self._kept) == _KEPT:
                self._kept.clear()
            known = self._kept[id(event)] = (event, float(len(self._kept)))
            self._keep(known[1], _text(event))
        return known[1]


class TypeScriptCoordinator:
    """One coordinator of `core`; see `oneroom.driver.machines.OwnerMachine`. Python's `policy` is
    there for its settings: the one that decides runs in the engine, under the same name.
    """

    def __init__(self, core: TypeScriptCore, config: Config, policy: type[Policy]) -> None:
        self.config = config
        self.policy = policy(config, Election(config.instance_id), Outbox())
        self.last_lease = Lease()
        self._core = core
        self._number = core.coordinator(config, policy.name)

    def __del__(self) -> None:
        self._core.drop(self._number)

    def handle(self, event: Event, now_us: int) -> list[Action]:
        """See the machine."""
        return self._core.handle(self._number, event, now_us)

    def watch_us(self) -> int:
        """See the machine."""
        return int(self._core.watch_us(self._number))

    def epoch(self) -> int:
        """See the machine."""
        return self.beliefs().epoch

    def beliefs(self) -> Beliefs:
        """Its present beliefs."""
        return msgspec.json.decode(self._core.look(self._number), type=Beliefs)


class TypeScriptChat:
    """One chat of `core`; see `oneroom.driver.machines.ChatMachine`."""

    def __init__(self, core: TypeScriptCore, config: Config) -> None:
        self.config = config
        self._core = core
        self._number = core.chat(config)

    def __del__(self) -> None:
        self._core.drop(self._number)

    def handle(self, event: Event, now_us: int) -> list[Action]:
        """See the machine."""
        return self._core.handle(self._number, event, now_us)


def _text(value: Any) -> str:
    return _encode(value).decode()
