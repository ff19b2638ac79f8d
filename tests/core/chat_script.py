"""The language of the chat's stories: the one of `script`, with one window and other events.

    chat WINDOW [without=SAFEGUARD,...]      a chat that has not started starts | pagehide | timer
    NAME opened [CHANNEL:SEQ ...] | beat [CHANNEL:SEQ ...] | closed      what the socket says;
    [epoch=N] of an older one hears CHANNEL SEQ [from=WINDOW:NUMBER]                          a
    message is pushed loads CHANNEL SEQ ... [from=...] | fails CHANNEL                what history
    answers; [request=N] of another one writes CHANNEL TEXT show

A message's id is its channel and `seq`; `from` makes it one that a window of the user sent.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.ablation.without import without
from oneroom.core import chat_events as c
from oneroom.core.actions import Action
from oneroom.core.chat import Chat
from oneroom.core.config import Config
from oneroom.core.events import Event, PageHide, Started, WallClockJumped

Words = dict[str, str]


class ChatScript:
    """The chat of one file, and its clock."""

    def __init__(self) -> None:
        self.now_us = 0
        self.chat = Chat(Config(""))

    def run(self, command: str) -> str:
        """The output of one block."""
        out: list[str] = []
        for line in command.splitlines():
            words = [word for word in line.split() if "=" not in word]
            pairs = dict(word.split("=", 1) for word in line.split() if "=" in word)
            if words[0] == "chat":
                lacks = tuple(name for name in pairs.get("without", "").split(",") if name)
                self.now_us = 0
                self.chat = self._window(Config(words[1]), lacks)
                out.append(self._show())
                continue
            if "t" in pairs:
                self.now_us = round(float(pairs.pop("t").removesuffix("s")) * 1_000_000)
            if words[0] == "show":
                out.append(self._show())
            else:
                event = EVENTS[words[0]](words[1:], pairs, self.chat)
                out += [describe(action) for action in self.chat.handle(event, self.now_us)]
        return "\n".join(out) if out else "(nothing)"

    def _window(self, config: Config, lacks: tuple[str, ...]) -> Chat:
        return without(Chat, lacks)(config)

    def _show(self) -> str:
        chat = self.chat
        shown = [f"{cache.name}={cache.cursor}/{cache.latest}" for cache in chat.channels.values()]
        waiting = [f"#{message.number}" for message in chat.unconfirmed]
        return " ".join([chat.state.name.lower(), f"epoch={chat.epoch}", *shown, *waiting])


def _epoch(pairs: Words, chat: Chat) -> int:
    return int(pairs.get("epoch", chat.epoch))


def _request(channel: str, pairs: Words, chat: Chat) -> int:
    return int(pairs.get("request", chat.channels[channel].request))


def _latest(words: list[str]) -> tuple[c.Latest, ...]:
    return tuple(
        c.Latest(channel, int(seq)) for channel, seq in (word.split(":") for word in words)
    )


def _message(channel: str, seq: str, pairs: Words) -> c.ChatMessage:
    sender, _, number = pairs.get("from", ":0").partition(":")
    return c.ChatMessage(
        int(seq), channel, int(seq), "ada" if sender else "bob", sender, int(number)
    )


EVENTS: dict[str, Callable[[list[str], Words, Chat], Event]] = {
    "starts": lambda words, pairs, chat: Started(),
    "pagehide": lambda words, pairs, chat: PageHide(),
    "timer": lambda words, pairs, chat: c.ChatTimerFired(c.ChatTimer[words[0]]),
    "opened": lambda words, pairs, chat: c.SocketOpened(_epoch(pairs, chat), _latest(words)),
    "beat": lambda words, pairs, chat: c.SocketBeat(_epoch(pairs, chat), _latest(words)),
    "wall-clock-jumped": lambda words, pairs, chat: WallClockJumped(
        round(float(pairs["by"].removesuffix("s")) * 1_000_000)
    ),
    "closed": lambda words, pairs, chat: c.SocketClosed(_epoch(pairs, chat)),
    "hears": lambda words, pairs, chat: c.SocketReceived(
        _epoch(pairs, chat), _message(words[0], words[1], pairs)
    ),
    "loads": lambda words, pairs, chat: c.HistoryLoaded(
        _request(words[0], pairs, chat),
        words[0],
        tuple(_message(words[0], seq, pairs) for seq in words[1:]),
    ),
    "fails": lambda words, pairs, chat: c.HistoryFailed(_request(words[0], pairs, chat), words[0]),
    "writes": lambda words, pairs, chat: c.Written(words[0], " ".join(words[1:])),
}


def describe(action: Action) -> str:
    """One line for each action: where it goes, and what it says."""
    match action:
        case c.OpenSocket(epoch=epoch):
            return f"-> socket   open {epoch}"
        case c.CloseSocket(epoch=epoch):
            return f"-> socket   close {epoch}"
        case c.AnswerBeat():
            return "-> socket   answer"
        case c.SendMessage(channel=channel, number=number, text=text):
            return f"-> socket   send #{number} {channel}: {text}"
        case c.FetchHistory(request=request, channel=channel, after=after):
            return f"-> history  {channel} after {after} (request {request})"
        case c.ArmChat(timer=timer, at_us=at_us):
            return f"-> timer    {timer.name} at {at_us / 1_000_000:.3f}s"
        case c.DisarmChat(timer=timer):
            return f"-> timer    {timer.name} off"
        case c.MessageWritten(channel=channel, number=number):
            return f"   user     sees #{number} in {channel}, not sent yet"
        case c.MessageShown(message=message):
            return f"   user     sees {message.channel} {message.seq}"
        case c.MessageConfirmed(number=number):
            return f"   user     sees #{number} as sent"
    raise ValueError(f"no words for {action}")
