"""Random sequences of events into both cores at once: every turn's actions are equal.

    python -m tests.typescript.fuzzer SEQUENCES [EVENTS]

Half of the events answer what the machine has just asked for, so that it gets into every state;
the others are any event at all.
"""

from __future__ import annotations

import sys
import time
from random import Random
from typing import Any

import click
import msgspec

from oneroom.core import actions as a
from oneroom.core import chat_events as c
from oneroom.core import events as e
from oneroom.core.actions import Action
from oneroom.core.chat import Chat
from oneroom.core.config import Config
from oneroom.core.coordinator import Coordinator
from oneroom.core.events import Event
from oneroom.core.messages import CommandVerb, Message, Probe
from oneroom.core.reasons import Reason
from oneroom.core.timings import Timings
from oneroom.javascript.typescript_core import (
    TypeScriptChat,
    TypeScriptCoordinator,
    TypeScriptCore,
)
from oneroom.policies.main_only import MainOnly
from oneroom.policies.web_lock import WebLock
from oneroom.policies.web_lock_lease import WebLockLease
from tests.typescript.bundle import DOOR, bundle
from tests.typescript.random_values import CHANNELS, NAMES, Known, struct

EVENTS = 120
POLICIES = (WebLockLease, WebLockLease, WebLockLease, WebLock, MainOnly)
# Microseconds are whole numbers in Python and floats in TypeScript, exact up to 2^53.
BEGINS_US = (0, 0, 2**31, 2**40, 2**52)
SHORT_US = (0, 1_000, 20_000, 500_000)
LONG_US = (0, 1, 300_000, 500_001, 1_000_000, 3_000_000, 3_000_001, 3_500_001, 10_000_000)
# How many answers wait to be given.
WAITING = 8


class Difference(msgspec.Struct, frozen=True):
    """The turn in which the cores part."""

    seed: int
    turn: int
    event: Event
    python: object
    typescript: object

    def __str__(self) -> str:
        return (
            f"sequence {self.seed}, turn {self.turn}: {self.event}\n"
            f"  Python      {self.python}\n  TypeScript  {self.typescript}"
        )


def coordinator_differs(core: TypeScriptCore, seed: int, events: int = EVENTS) -> Difference | None:
    """Where the two coordinators part in the sequence `seed`, if they do."""
    random = Random(seed)
    config, policy = _config(random), random.choice(POLICIES)
    python = Coordinator(config, policy)
    typescript = TypeScriptCoordinator(core, config, policy)
    now_us = random.choice(BEGINS_US)
    waiting: list[Event] = [e.UserCommand(CommandVerb.CONNECT, "lobby")]
    for turn in range(events):
        now_us += random.choice(LONG_US if random.random() < 0.3 else SHORT_US)
        event = _event(random, python, waiting) if turn else e.Started()
        ours, theirs = python.handle(event, now_us), typescript.handle(event, now_us)
        if ours != theirs:
            return Difference(seed, turn, event, ours, theirs)
        if (ours_us := python.watch_us()) != (theirs_us := typescript.watch_us()):
            return Difference(seed, turn, event, f"watch {ours_us}", f"watch {theirs_us}")
        waiting += [answer for action in ours if (answer := _answer(random, python, action))]
        del waiting[:-WAITING]
    return None


def chat_differs(core: TypeScriptCore, seed: int, events: int = EVENTS) -> Difference | None:
    """Where the two chats part in the sequence `seed`, if they do."""
    random = Random(seed)
    config = _config(random)
    python, typescript = Chat(config), TypeScriptChat(core, config)
    now_us = random.choice(BEGINS_US)
    waiting: list[Event] = []
    for turn in range(events):
        now_us += random.choice(LONG_US if random.random() < 0.3 else SHORT_US)
        event = _chat_event(random, python, waiting) if turn else e.Started()
        ours, theirs = python.handle(event, now_us), typescript.handle(event, now_us)
        if ours != theirs:
            return Difference(seed, turn, event, ours, theirs)
        waiting += [answer for action in ours if (answer := _chat_answer(random, action))]
        del waiting[:-WAITING]
    return None


def _config(random: Random) -> Config:
    timings = Timings() if random.random() < 0.7 else Timings(lease_us=1_500_000, probe_us=200_000)
    return Config(
        instance_id=random.choice(NAMES),
        main=random.random() < 0.4,
        jitter_us=random.choice((0, 70_000)),
        timings=timings,
        hidden=random.random() < 0.2,
    )


# -- the owner machine ---------------------------------------------------------------------------

_ANYTHING: tuple[type[Event], ...] = (
    *(e.Received,) * 4,
    *(e.TimerFired,) * 2,
    *(e.UserCommand, e.UserCommand, e.UserGesture, e.Froze, e.Resumed, e.AttentionChanged),
    *(e.LockGranted, e.LockGranted, e.LockLost, e.LockBusy, e.LockQueried),
    *(e.TermTaken, e.TermSeen, e.LeaseSeen, e.ItemChanged, e.TokenReady, e.TokenFailed),
    *(e.RoomEvent,) * 10,
    *(e.WallClockJumped, e.DevicesChanged, e.Online, e.Offline),
)
_SELDOM: tuple[type[Event], ...] = (e.PageHide, e.Started)


def _known(python: Coordinator) -> Known:
    return Known(
        term=python.election.term,
        epoch=python.epoch(),
        seq=python.out.seq,
        request=python.out.requests,
    )


def _event(random: Random, python: Coordinator, waiting: list[Event]) -> Event:
    if waiting and random.random() < 0.55:
        return waiting.pop(random.randrange(len(waiting)))
    kind = random.choice(_SELDOM if random.random() < 0.04 else _ANYTHING)
    if kind is e.Received:
        return e.Received(struct(random, Message, _known(python)))
    event: Event = struct(random, kind, _known(python))
    return event


def _answer(random: Random, python: Coordinator, action: Action) -> Event | None:
    """The event that the world would answer an action with, if it would."""
    match action:
        case a.RequestLock(name=name):
            return e.LockGranted(name)
        case a.QueryLock(number=number):
            return e.LockQueried(number, random.random() < 0.7, random.choice((-1, 0, 0, 1)))
        case a.TakeTerm(number=number):
            return e.TermTaken(number, python.election.term + 1)
        case a.MintToken(epoch=epoch):
            tokens = (21_600_000_000, 4_000_000, 0)
            ready = e.TokenReady(epoch, "one", random.choice(tokens))
            return random.choice((ready, ready, e.TokenFailed(epoch)))
        case a.OpenRoom(epoch=epoch):
            opened = e.RoomConnected(epoch, "PA_1")
            ended = e.RoomEnded(epoch, random.choice(tuple(Reason)))
            return random.choice((opened, opened, ended))
        case a.CloseRoom(epoch=epoch):
            return e.RoomEnded(epoch, Reason.CLIENT_INITIATED)
        case a.Publish(epoch=epoch, source=source):
            started = e.CaptureStarted(epoch, source)
            failed = e.CaptureFailed(epoch, source, "NotAllowedError")
            return random.choice((started, started, failed))
        case a.Arm(timer=timer):
            return e.TimerFired(timer)
        case a.Post(message=Probe(seq=seq, term=term)):
            return e.Received(Probe("widget", term, 9, seq, False))
    return None


# -- the chat ------------------------------------------------------------------------------------

_CHAT_EVENTS: tuple[type[Event], ...] = (
    *(c.SocketEvent,) * 6,
    *(c.Written, c.ChatTimerFired, c.HistoryLoaded, e.WallClockJumped, e.Started),
)


def _chat_event(random: Random, python: Chat, waiting: list[Event]) -> Event:
    if waiting and random.random() < 0.55:
        return waiting.pop(random.randrange(len(waiting)))
    known = Known(epoch=python.epoch, request=python._requests)
    if random.random() < 0.02:
        return e.PageHide()
    event: Event = struct(random, random.choice(_CHAT_EVENTS), known)
    # history answers for a channel that was asked about
    if isinstance(event, c.HistoryLoaded) and event.channel not in python.channels:
        return c.Written(random.choice(CHANNELS[1:]), "text")
    return event


def _chat_answer(random: Random, action: Action) -> Event | None:
    match action:
        case c.OpenSocket(epoch=epoch):
            latest = tuple(c.Latest(name, random.choice((1, 3, 60))) for name in CHANNELS[1:])
            return random.choice((c.SocketOpened(epoch, latest), c.SocketClosed(epoch)))
        case c.CloseSocket(epoch=epoch):
            return c.SocketClosed(epoch)
        case c.FetchHistory(request=request, channel=channel, after=after, limit=limit):
            told = tuple(
                c.ChatMessage(seq, channel, seq, "bob")
                for seq in range(after + 1, after + random.choice((1, 2, limit)) + 1)
            )
            loaded = c.HistoryLoaded(request, channel, told)
            return random.choice((loaded, loaded, c.HistoryFailed(request, channel)))
        case c.SendMessage(epoch=epoch, channel=channel, number=number, text=text):
            stored = c.ChatMessage(number, channel, random.choice((1, 2, 61)), "ada", "main")
            return c.SocketReceived(
                epoch, msgspec.structs.replace(stored, number=number, text=text)
            )
        case c.ArmChat(timer=timer):
            return c.ChatTimerFired(timer)
    return None


def main(sequences: int, events: int) -> int:
    """Compare, and say where the cores part. Returns the exit code."""
    core = TypeScriptCore(bundle(DOOR))
    begun_s = time.monotonic()
    for seed in range(sequences):
        differs: Any = coordinator_differs if seed % 8 else chat_differs
        if found := differs(core, seed, events):
            click.echo(found)
            return 1
    took_s = time.monotonic() - begun_s
    click.echo(f"{sequences:,} sequences of {events} events in {took_s:,.0f} s: no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else EVENTS))
