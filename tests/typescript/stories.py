"""The languages of the core's stories, spoken to the TypeScript core."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec

from oneroom.core import chat
from oneroom.core.config import Config
from oneroom.javascript.typescript_core import (
    TypeScriptChat,
    TypeScriptCoordinator,
    TypeScriptCore,
)
from oneroom.policies.registry import load
from tests.core.chat_script import ChatScript
from tests.core.script import Script


class StoryWindow(TypeScriptCoordinator):
    """A coordinator with what stories look at, under Python's names."""

    @property
    def election(self) -> Any:
        beliefs = self.beliefs()
        return SimpleNamespace(role=beliefs.role, term=beliefs.term)

    @property
    def ownership(self) -> Any:
        beliefs = self.beliefs()
        session = SimpleNamespace(state=beliefs.session_state, epoch=beliefs.epoch)
        return SimpleNamespace(session=session)

    @property
    def mirror(self) -> Any:
        beliefs = self.beliefs()
        return SimpleNamespace(term=beliefs.mirror_term, number=beliefs.mirror_number)

    @property
    def out(self) -> Any:
        return SimpleNamespace(requests=self.beliefs().requests)


class StoryChat(TypeScriptChat):
    """The same of a chat."""

    def _seen(self) -> Any:
        return msgspec.json.decode(self._core.look_at_chat(self._number))

    @property
    def state(self) -> chat.State:
        return chat.State(self._seen()["state"])

    @property
    def epoch(self) -> int:
        return int(self._seen()["epoch"])

    @property
    def channels(self) -> dict[str, Any]:
        return {one["name"]: SimpleNamespace(**one) for one in self._seen()["channels"]}

    @property
    def unconfirmed(self) -> list[Any]:
        return [SimpleNamespace(number=number) for number in self._seen()["unconfirmed"]]


class TypeScriptStory(Script):
    """The windows of one file, on the TypeScript core."""

    def __init__(self, core: TypeScriptCore) -> None:
        super().__init__()
        self.core = core

    def _window(self, config: Config, policy: str, lacks: tuple[str, ...]) -> Any:
        assert not lacks, "no safeguard can be taken out of the TypeScript core"
        return StoryWindow(self.core, config, load(policy))


class TypeScriptChatStory(ChatScript):
    """The chat of one file, on the TypeScript core."""

    def __init__(self, core: TypeScriptCore) -> None:
        super().__init__()
        self.core = core

    def _window(self, config: Config, lacks: tuple[str, ...]) -> Any:
        assert not lacks, "no safeguard can be taken out of the TypeScript core"
        return StoryChat(self.core, config)
