"""Every verb: its name, its arguments, and the one thing that it does on the stage."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import get_type_hints

import pytest

from oneroom.scenario import (
    VERBS,
    LiveVerb,
    Range,
    Scenario,
    SimulatorStage,
    Stage,
    Verb,
    Vocabulary,
    parse,
)

SECOND = Range(1_000_000, 1_000_000)

# Verb, its arguments in YAML, and the call that it makes.
PLAYED = {
    "connect": ("window: main, channel: lobby", ("user.act", "main", "connect", "lobby")),
    "disconnect": ("window: main", ("user.act", "main", "disconnect")),
    "toggle_mute": ("window: main", ("user.act", "main", "toggleMute")),
    "toggle_camera": ("window: main", ("user.act", "main", "toggleCamera")),
    "share_screen": ("window: main", ("user.act", "main", "toggleScreenShare")),
    "gesture": ("window: main", ("user.act", "main", "gesture")),
    "do": (
        "window: main, action: raiseHand, arg: {up: true}",
        ("user.do", "main", "raiseHand", {"up": True}),
    ),
    "navigate": ("window: main", ("user.act", "main", "navigate")),
    "open": ("window: later", ("windows.open", "later")),
    "focus": ("window: main", ("windows.focus", "main")),
    "hide": ("window: main", ("windows.hide", "main")),
    "hide_to_tray": ("window: main", ("windows.hide", "main")),
    "show": ("window: hidden", ("windows.show", "hidden")),
    "close": ("window: main, by: script", ("windows.close", "main", "script")),
    "refuse_prompt": ("window: main", ("devices.refuse_prompt", "main")),
    "stop_sharing": ("window: main", ("devices.stop_sharing", "main")),
    "remote_joins": (
        "identity: hopper, channel: lobby, microphone: none",
        ("remote_participants.join", "hopper", "lobby", "none"),
    ),
    "remote_leaves": ("identity: grace", ("remote_participants.leave", "grace")),
    "remote_speaks": ("identity: grace, lasts: 1s", ("remote_participants.speak", "grace", SECOND)),
    "remote_mutes": (
        "identity: grace",
        ("remote_participants.publish", "grace", "microphone", True),
    ),
    "remote_unmutes": (
        "identity: quiet",
        ("remote_participants.publish", "quiet", "microphone", False),
    ),
    "stop_forwarding": ("window: main", ("remote_participants.stop_forwarding", "main")),
    "remote_starts_camera": (
        "identity: grace",
        ("remote_participants.publish", "grace", "camera", False),
    ),
    "remote_stops_camera": (
        "identity: quiet",
        ("remote_participants.unpublish", "quiet", "camera"),
    ),
    "remote_starts_sharing": (
        "identity: grace",
        ("remote_participants.publish", "grace", "screen_share", False),
    ),
    "remote_stops_sharing": (
        "identity: quiet",
        ("remote_participants.unpublish", "quiet", "screen_share"),
    ),
    "speaker": ("window: main", ("server.simulate", "main", "speaker")),
    "unplug": ("device: microphone", ("devices.unplug", "microphone")),
    "plug_in": ("device: camera", ("devices.plug_in", "camera")),
    "plug_in_headset": ("", ("devices.plug_in", "headset")),
    "unplug_headset": ("", ("devices.unplug", "headset")),
    "change_default_microphone": ("to: headset", ("devices.make_default", "headset")),
    "crash_reload": ("window: main, after: 1s", ("tabs.crash_reload", "main", SECOND)),
    "reload": ("window: main", ("tabs.reload", "main")),
    "leave_page": ("window: main", ("tabs.leave_page", "main")),
    "come_back": ("window: left", ("tabs.come_back", "left")),
    "discard": ("window: main", ("tabs.discard", "main")),
    "duplicate": ("window: later, of: main", ("tabs.duplicate", "later", "main")),
    "sleep": ("lasts: 1s, clock: runs", ("machine.sleep", SECOND, "runs")),
    "step_clock": ("by: 1s, direction: back", ("machine.step_clock", SECOND, "back")),
    "crash": ("window: main", ("windows.crash", "main")),
    "freeze": ("window: main", ("windows.freeze", "main")),
    "resume": ("window: frozen", ("windows.resume", "frozen")),
    "stall": ("window: main, lasts: 1s", ("windows.stall", "main", SECOND)),
    "stop": ("window: main, lasts: 1s", ("windows.stop", "main", SECOND)),
    "delay_bus": (
        "window: main, delay: 1ms..1s",
        ("buses.delay", "main", Range(1_000, 1_000_000), ""),
    ),
    "lose_bus": ("window: main, loss: 0.25", ("buses.lose", "main", 0.25, "")),
    "partition": ("window: main", ("buses.partition", "main", "")),
    "deafen": (
        "window: main, bus: broadcast-channel",
        ("buses.deafen", "main", "broadcast-channel"),
    ),
    "drop_network": ("window: main, path: signal", ("network.drop", "main", "signal")),
    "break_signal": ("window: main", ("network.break_signal", "main")),
    "refuse_signal": ("window: main", ("network.refuse_signal", "main")),
    "lose_signal": ("window: main", ("network.lose_signal", "main")),
    "offline": ("", ("network.go_offline",)),
    "online": ("", ("network.go_online",)),
    "change_network": ("", ("network.change_network",)),
    "heal_network": ("window: frozen", ("network.heal", "frozen")),
    "heal": ("", ("heal",)),
    "kick": ("window: main", ("server.kick", "main")),
    "app_kicks": ("window: main", ("server.kick", "main", "app")),
    "moderator_mutes": ("window: main", ("server.mute", "main", "microphone", True)),
    "moderator_unmutes": (
        "window: main, track: camera",
        ("server.mute", "main", "camera", False),
    ),
    "moderator_revokes": ("window: main", ("server.permit", "main", "all", False)),
    "moderator_permits": (
        "window: main, track: screen_share",
        ("server.permit", "main", "screen_share", True),
    ),
    "delete_room": ("", ("server.delete_room",)),
    "restart_server": ("down: 1s", ("server.restart", SECOND)),
    "stop_server": ("", ("server.stop",)),
    "start_server": ("", ("server.start",)),
    "unplug_server": ("lasts: 1s", ("server.unplug", SECOND)),
    "pause_server": ("lasts: 1s", ("server.pause", SECOND)),
    "drain": ("", ("server.drain",)),
    "replace_server": ("grace: 1s, down: 1s", ("server.replace", SECOND, SECOND)),
    "shut_down_server": ("down: 1s", ("server.shut_down", SECOND)),
    "signal_reconnect": ("window: main", ("server.simulate", "main", "signal-reconnect")),
    "full_reconnect": ("window: main", ("server.simulate", "main", "full-reconnect")),
    "resume_reconnect": ("window: main", ("server.simulate", "main", "resume-reconnect")),
    "disconnect_signal_on_resume": (
        "window: main",
        ("server.simulate", "main", "disconnect-signal-on-resume"),
    ),
    "disconnect_signal_on_resume_no_messages": (
        "window: main",
        ("server.simulate", "main", "disconnect-signal-on-resume-no-messages"),
    ),
    "node_failure": ("window: main", ("server.simulate", "main", "node-failure")),
    "migration": ("window: main", ("server.simulate", "main", "migration")),
    "server_leave": ("window: main", ("server.simulate", "main", "server-leave")),
    "fail_tokens": ("", ("tokens.fail",)),
    "slow_tokens": ("takes: 1s", ("tokens.slow", SECOND)),
    "send_chat": ("window: main, channel: dm, text: hello", ("chat.send", "main", "dm", "hello")),
    "chat_arrives": ("channel: dm, text: hello, count: 3", ("chat.arrive", "dm", "hello", 3)),
    "lose_chat": ("loss: 0.25", ("chat.lose", 0.25)),
    "slow_chat": ("takes: 1ms..1s", ("chat.slow", Range(1_000, 1_000_000))),
    "restart_chat": ("down: 1s", ("chat.restart", SECOND)),
}

HEAD = """\
scenario: a
why: b
windows:
  main: {kind: main, opens: 0s}
  frozen: {kind: overlay, opens: 0s}
  later: {kind: overlay, opens: later}
  left: {kind: overlay, opens: 0s}
  hidden: {kind: overlay, opens: 0s, hidden: true}
steps:
  - {at: 1s, unplug: {device: camera}}
  - {at: 1s, remote_joins: {identity: grace, channel: lobby}}
  - {at: 1s, remote_joins: {identity: quiet, channel: lobby}}
  - {at: 1s, remote_mutes: {identity: quiet}}
  - {at: 1s, remote_starts_camera: {identity: quiet}}
  - {at: 1s, remote_starts_sharing: {identity: quiet}}
  - {at: 1s, leave_page: {window: left}}
  - {at: 1s, freeze: {window: frozen}}
  - {at: 1s, drop_network: {window: frozen}}
"""


class Recorder:
    """A stage on which nothing happens: it writes down what it is asked for, and of which part."""

    def __init__(self, calls: list[tuple[object, ...]], path: str = "") -> None:
        self._calls = calls
        self._path = path

    def __getattr__(self, name: str) -> Recorder:
        return Recorder(self._calls, f"{self._path}.{name}" if self._path else name)

    def __call__(self, *arguments: object) -> None:
        self._calls.append((self._path, *arguments))


def played(verb: Verb) -> list[tuple[object, ...]]:
    """What the verb asks of a stage."""
    calls: list[tuple[object, ...]] = []
    verb.play(Recorder(calls))
    return calls


def primitives(stage: type) -> dict[str, Callable[..., None]]:
    """What a stage and its parts can be asked for."""
    found: dict[str, Callable[..., None]] = {"heal": Stage.heal}
    for name, part in inspect.getmembers(stage, lambda member: isinstance(member, property)):
        methods = inspect.getmembers(get_type_hints(part.fget)["return"], inspect.isfunction)
        found |= {f"{name}.{method}": value for method, value in methods if method[0] != "_"}
    return found


def with_step(name: str, vocabulary: Vocabulary) -> Scenario:
    needed = {
        "start_server": "stop_server",
        "online": "offline",
        "unplug_headset": "plug_in_headset",
        "change_default_microphone": "plug_in_headset",
    }.get(name, "")
    before = f"  - {{at: 1s, {needed}: {{}}}}\n" if needed else ""
    return parse(f"{HEAD}{before}  - {{at: 2s, {name}: {{{PLAYED[name][0]}}}}}\n", vocabulary)


@pytest.mark.parametrize("name", PLAYED)
def test_played(name: str, vocabulary: Vocabulary) -> None:
    assert played(with_step(name, vocabulary).steps[-1].verb) == [PLAYED[name][1]]


def test_every_verb_is_in_the_table() -> None:
    assert sorted(PLAYED) == sorted(VERBS)


@pytest.mark.parametrize("name", PLAYED)
def test_what_a_verb_calls_is_on_its_stage(name: str) -> None:
    stage = Stage if issubclass(VERBS[name], LiveVerb) else SimulatorStage
    assert get_type_hints(VERBS[name].play)["stage"] is stage
    method, *arguments = PLAYED[name][1]
    inspect.signature(primitives(stage)[f"{method}"]).bind(None, *arguments)


def test_every_primitive_of_the_simulators_stage_has_a_verb_and_a_contract() -> None:
    assert set(primitives(SimulatorStage)) == {played[1][0] for played in PLAYED.values()}
    assert all(method.__doc__ for method in primitives(SimulatorStage).values())


def test_every_primitive_of_the_stage_has_a_verb_that_plays_live() -> None:
    live = {PLAYED[name][1][0] for name, verb in VERBS.items() if issubclass(verb, LiveVerb)}
    assert set(primitives(Stage)) == live


def test_a_network_is_cut_on_both_paths_by_default(vocabulary: Vocabulary) -> None:
    scenario = parse(f"{HEAD}  - {{at: 2s, drop_network: {{window: main}}}}\n", vocabulary)
    assert played(scenario.steps[-1].verb) == [("network.drop", "main", "both")]


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_reference_text(verb: type) -> None:
    assert verb.__doc__
    assert verb.__doc__.rstrip().endswith(".")
